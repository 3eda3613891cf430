/** Mesas, dunes, cacti. */
import { darken, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { groundPlane, patches, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

function cactus(pen: Pen, x: number, y: number, size: number, color: `#${string}`): void {
  const w = size * 0.17;
  pen.box(x - w / 2, y - size, w, size, w / 2, color, { line: 0.7 });
  for (const [k, h, l] of [
    [-1, 0.42, 0.3],
    [1, 0.56, 0.26],
  ] as const) {
    pen.line(
      [
        [x, y - size * h],
        [x + k * size * l, y - size * h],
        [x + k * size * l, y - size * (h + 0.28)],
      ],
      color,
      w * 0.72,
      false,
    );
  }
}

export const desert: Setting = {
  paint(b) {
    const { palette, unit } = b;
    b.layer(0.1, b.horizon - 330 * unit, b.horizon + 60 * unit, (pen, width) => {
      for (let x = -60 * unit; x < width; x += pen.random.range(170, 330) * unit) {
        const w = pen.random.range(90, 190) * unit;
        const h = pen.random.range(90, 270) * unit;
        const c = b.hazed(palette.structure, 0.55);
        pen.poly(
          [
            [x - w * 0.2, b.horizon + 50 * unit],
            [x + w * 0.06, b.horizon - h * 0.5],
            [x + w * 0.1, b.horizon - h],
            [x + w * 0.8, b.horizon - h * 0.96],
            [x + w * 0.88, b.horizon - h * 0.45],
            [x + w * 1.2, b.horizon + 50 * unit],
          ],
          c,
          { depth: 0.6 },
        );
        for (const k of [0.35, 0.6, 0.8])
          pen.line(
            [
              [x + w * 0.08, b.horizon - h * k],
              [x + w * 0.85, b.horizon - h * k * 0.97],
            ],
            darken(c, 0.1),
            5 * unit,
          );
      }
    });
    ridge(b, { depth: 0.2, rise: 40, swing: 30, waves: 1.3, color: b.hazed(palette.groundFar, 0.4) });
    ridge(b, {
      depth: 0.42,
      rise: 14,
      swing: 16,
      waves: 1,
      color: b.hazed(mix(palette.ground, palette.groundFar, 0.5), 0.18),
      plants: 4,
      plant: (pen, x, y) =>
        cactus(pen, x, y + 10, pen.random.range(90, 160) * unit, b.hazed(palette.foliage, 0.2)),
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.shade, 0.28), 22, 150, 0.25);
      for (let row = 0; row < 7; row++) {
        const y = b.ground + 22 * unit + row * row * 8 * unit;
        pen.line(
          Array.from(
            { length: 30 },
            (_, i) => [(width * i) / 29, y + Math.sin(i * 0.9 + row * 1.7) * (3 + row) * unit] as const,
          ),
          mix(palette.ground, palette.shade, 0.16),
          (1.6 + row * 0.5) * unit,
          true,
        );
      }
    });
  },
};
