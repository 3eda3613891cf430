/** A small world among planets. */
import { darken, lighten, mix } from '../../color.ts';
import { groundPlane, patches, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

export const space: Setting = {
  airless: true,
  paint(b) {
    const { palette, unit } = b;
    b.layer(0.03, 0, b.horizon, (pen, width) => {
      for (const [i, [px, py, r]] of (
        [
          [0.76, 0.24, 92],
          [0.2, 0.4, 44],
          [0.52, 0.12, 24],
        ] as const
      ).entries()) {
        const color = palette.accents[(i + 1) % 5] ?? '#5b7fe8';
        const x = px * width;
        const y = py * b.horizon;
        pen.glow(x, y, r * 2.1 * unit, color, 0.25);
        pen.circle(x, y, r * unit, color, { gloss: 0.2 });
        pen.ctx.save();
        pen.ctx.beginPath();
        pen.ctx.arc(x, y, r * unit, 0, 7);
        pen.ctx.clip();
        for (let k = -2; k < 3; k++)
          pen.line(
            [
              [x - r * unit, y + k * r * 0.36 * unit],
              [x + r * unit, y + (k * 0.36 + 0.14) * r * unit],
            ],
            k % 2 ? darken(color, 0.2) : lighten(color, 0.2),
            r * 0.13 * unit,
          );
        pen.ctx.restore();
        if (i === 0)
          pen.line(
            Array.from(
              { length: 21 },
              (_, k) =>
                [
                  x + Math.cos(0.4 + k * 0.118) * r * 1.75 * unit,
                  y + Math.sin(0.4 + k * 0.118) * r * 0.5 * unit - r * 0.1 * unit,
                ] as const,
            ),
            lighten(color, 0.45),
            r * 0.11 * unit,
            true,
          );
      }
    });
    ridge(b, {
      depth: 0.16,
      rise: 50,
      swing: 70,
      waves: 2,
      jagged: true,
      color: mix(palette.structure, palette.skyMiddle, 0.6),
    });
    ridge(b, {
      depth: 0.34,
      rise: 18,
      swing: 30,
      waves: 1.6,
      jagged: true,
      color: mix(palette.ground, palette.skyMiddle, 0.35),
      plants: 6,
      plant: (pen, x, y, i) => {
        const c = palette.accents[i % 5] ?? '#8f86b8';
        const s = pen.random.range(30, 70) * unit;
        pen.poly(
          [
            [x - s * 0.3, y + 10],
            [x - s * 0.16, y - s],
            [x + s * 0.1, y - s * 1.3],
            [x + s * 0.32, y + 10],
          ],
          c,
          { gloss: 0.6, line: 0.7 },
        );
        pen.glow(x, y - s * 0.6, s * 1.6, c, 0.3);
      },
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, darken(palette.ground, 0.3), 26, 90, 0.5);
      patches(pen, b, width, lighten(palette.ground, 0.2), 14, 60, 0.4);
    });
  },
};
