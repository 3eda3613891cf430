/** A sports hall: windows high up, boards on the wall, a shining floor. */
import { darken, lighten, mix } from '../../color.ts';
import { groundPlane } from './nature.ts';
import type { Setting } from './setting.ts';

export const gym: Setting = {
  indoors: true,
  paint(b) {
    const { palette, unit } = b;
    b.layer(0.28, Math.min(0, b.horizon - b.height), b.horizon + 30 * unit, (pen, width) => {
      const wall = palette.structure;
      pen.box(-20, -b.height, width + 40, b.horizon + b.height + 30 * unit, 0, lighten(wall, 0.06), {
        depth: 0.5,
        bare: true,
      });
      const windowY = Math.max(40 * unit, b.horizon - b.height * 0.58);
      for (let x = 50 * unit; x < width; x += 250 * unit) {
        pen.box(
          x - 8 * unit,
          windowY - 8 * unit,
          186 * unit,
          b.height * 0.17 + 16 * unit,
          6 * unit,
          darken(wall, 0.3),
          { depth: 0.3, line: 0.7 },
        );
        pen.box(
          x,
          windowY,
          170 * unit,
          b.height * 0.17,
          3 * unit,
          mix(palette.skyMiddle, palette.skyLow, 0.4),
          { depth: 0.4, line: 0.6, inset: true },
        );
        pen.glow(x + 85 * unit, windowY + b.height * 0.08, 180 * unit, palette.light, 0.26 * b.style.bloom);
        for (const k of [1, 2])
          pen.line(
            [
              [x + (k * 170 * unit) / 3, windowY],
              [x + (k * 170 * unit) / 3, windowY + b.height * 0.17],
            ],
            darken(wall, 0.3),
            5 * unit,
          );
      }
      for (let i = 0; i < 4; i++) {
        const y = b.horizon - (26 + i * 30) * unit;
        pen.box(-20, y, width + 40, 18 * unit, 2, mix(palette.accents[3], wall, 0.25 + i * 0.13), {
          depth: 0.3,
          line: 0.5,
        });
      }
      for (let x = 0; x < width; x += 130 * unit) {
        const c = palette.accents[Math.floor(x / (130 * unit)) % 5] ?? '#f2545b';
        pen.poly(
          [
            [x, windowY + b.height * 0.21],
            [x + 60 * unit, windowY + b.height * 0.21],
            [x + 30 * unit, windowY + b.height * 0.21 + 62 * unit],
          ],
          c,
          { depth: 0.5, line: 0.6 },
        );
      }
      pen.line(
        [
          [0, windowY + b.height * 0.21],
          [width, windowY + b.height * 0.21],
        ],
        darken(wall, 0.4),
        4 * unit,
      );
    });
    groundPlane(b, (pen, width) => {
      for (let i = -30; i < 60; i++) {
        const x = (i / 26) * width;
        pen.line(
          [
            [width / 2 + (x - width / 2) * 0.8, b.horizon + 4],
            [width / 2 + (x - width / 2) * 1.7, b.height + 40 * unit],
          ],
          darken(palette.ground, 0.14),
          2 * unit,
        );
      }
      pen.line(
        [
          [0, b.ground + 30 * unit],
          [width, b.ground + 30 * unit],
        ],
        '#fdf6e6',
        7 * unit,
      );
      pen.ellipse(width / 2, b.ground + 96 * unit, 250 * unit, 52 * unit, palette.accents[3], {
        depth: 0,
        bare: true,
        opacity: 0.32 * pen.style.fill,
        inset: true,
      });
      for (let i = 0; i < 5; i++)
        pen.glow(
          (width * (i + 0.5)) / 5,
          b.ground + 60 * unit,
          150 * unit,
          palette.light,
          0.1 * b.style.bloom,
        );
    });
  },
};
