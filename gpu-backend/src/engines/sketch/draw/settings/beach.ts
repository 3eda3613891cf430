/** Sand, palms, the sea behind. */
import { lighten, mix } from '../../color.ts';
import { groundPlane, palmTree, patches, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

export const beach: Setting = {
  paint(b) {
    const { palette, unit } = b;
    ridge(b, {
      depth: 0.08,
      rise: 22,
      swing: 34,
      waves: 1.1,
      color: b.hazed(mix(palette.foliage, palette.skyMiddle, 0.4), 0.7),
    });
    b.layer(0.25, b.horizon - 12 * unit, b.horizon + 120 * unit, (pen, width) => {
      pen.box(-20, b.horizon - 8 * unit, width + 40, 140 * unit, 0, palette.water, {
        depth: 0.25,
        bare: true,
      });
      const disc = (width - b.width) / 2 + b.scene.discAt * b.width;
      for (let i = 0; i < 46; i++) {
        const t = pen.random.next();
        const x = i % 2 ? disc + pen.random.range(-60, 60) * unit : pen.random.next() * width;
        pen.line(
          [
            [x, b.horizon - 4 * unit + t * 40 * unit],
            [x + (16 + 40 * t) * unit, b.horizon - 4 * unit + t * 40 * unit],
          ],
          i % 2 ? palette.disc : lighten(palette.water, 0.4),
          2.4 * unit,
        );
      }
      pen.line(
        Array.from(
          { length: 25 },
          (_, i) => [(width * i) / 24, b.horizon + (38 + Math.sin(i * 1.3) * 5) * unit] as const,
        ),
        '#fdfaf2',
        7 * unit,
        true,
      );
    });
    groundPlane(b, (pen, width) => {
      const { ctx } = pen;
      ctx.clearRect(0, 0, width, b.horizon + 30 * unit);
      pen.line(
        Array.from(
          { length: 25 },
          (_, i) => [(width * i) / 24, b.horizon + (34 + Math.sin(i * 1.1 + 1) * 6) * unit] as const,
        ),
        '#fbf7ec',
        9 * unit,
        true,
      );
      patches(pen, b, width, mix(palette.ground, palette.shade, 0.3), 24, 120, 0.25);
      for (let i = 0; i < width / (160 * unit); i++) {
        const x = pen.random.next() * width;
        const y = pen.random.range(b.ground + 30 * unit, b.height - 30 * unit);
        pen.poly(
          Array.from({ length: 10 }, (_, k) => {
            const a = (k * Math.PI) / 5 + i;
            const d = (k % 2 ? 7 : 16) * unit;
            return [x + Math.cos(a) * d, y + Math.sin(a) * d * 0.55] as const;
          }),
          palette.accents[i % 5] ?? '#f2545b',
          { depth: 0.4, line: 0.5 },
        );
      }
    });
    b.layer(0.66, b.horizon - 460 * unit, b.horizon + 70 * unit, (pen, width) => {
      for (let x = 40 * unit; x < width; x += pen.random.range(420, 680) * unit) {
        palmTree(
          pen,
          x,
          b.horizon + 48 * unit,
          pen.random.range(290, 390) * unit,
          palette.foliage,
          pen.random.range(-0.25, 0.25),
        );
        pen.poly(
          [
            [x - 60 * unit, b.horizon + 56 * unit],
            [x - 20 * unit, b.horizon + 36 * unit],
            [x + 34 * unit, b.horizon + 38 * unit],
            [x + 70 * unit, b.horizon + 56 * unit],
          ],
          mix(palette.ground, palette.shade, 0.12),
          { depth: 0.4, bare: true },
          true,
        );
      }
    });
  },
};
