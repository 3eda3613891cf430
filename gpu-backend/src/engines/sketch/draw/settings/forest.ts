/** Rows of trunks and firs fading into the air; ferns in front. */
import { darken, mix } from '../../color.ts';
import { bush, groundPlane, patches, pineTree, ridge, roundTree, tufts } from './nature.ts';
import type { Setting } from './setting.ts';

export const forest: Setting = {
  paint(b) {
    const { palette, unit } = b;
    for (const [depth, far, size, count] of [
      [0.08, 0.78, 150, 13],
      [0.18, 0.55, 230, 9],
      [0.34, 0.3, 330, 6],
    ] as const) {
      const color = b.hazed(palette.foliage, far);
      ridge(b, {
        depth,
        rise: 30 + far * 60,
        swing: 14,
        waves: 2,
        color: b.hazed(palette.foliage, far + 0.06),
        plants: count,
        tallest: size * 1.3,
        plant: (pen, x, y, i) =>
          i % 4 === 3
            ? roundTree(pen, x, y + 10, size * 0.8 * unit, color)
            : pineTree(pen, x, y + 12, size * pen.random.range(0.8, 1.2) * unit, color),
      });
    }
    b.layer(0.62, -b.height * 0.15, b.horizon + 80 * unit, (pen, width) => {
      for (let x = pen.random.range(-30, 90) * unit; x < width; x += pen.random.range(300, 470) * unit) {
        const w = pen.random.range(30, 52) * unit;
        const bark = mix(palette.structure, palette.shade, 0.25);
        pen.poly(
          [
            [x - w, b.horizon + 40 * unit],
            [x - w * 0.5, b.horizon - 200 * unit],
            [x - w * 0.42, -b.height * 0.2],
            [x + w * 0.42, -b.height * 0.2],
            [x + w * 0.5, b.horizon - 200 * unit],
            [x + w * 1.1, b.horizon + 40 * unit],
          ],
          bark,
          { depth: 1 },
        );
        for (let i = 0; i < 6; i++)
          pen.line(
            [
              [x + pen.random.range(-0.3, 0.3) * w, b.horizon - i * 110 * unit],
              [x + pen.random.range(-0.3, 0.3) * w, b.horizon - i * 110 * unit - 46 * unit],
            ],
            darken(bark, 0.25),
            3 * unit,
          );
        bush(pen, x + w * 1.6, b.horizon + 44 * unit, 44 * unit, palette.foliage);
      }
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.foliage, 0.6), 30, 140, 0.4);
      patches(pen, b, width, mix(palette.ground, palette.light, 0.4), 12, 90, 0.3);
      for (let i = 0; i < width / (190 * unit); i++) {
        const x = pen.random.next() * width;
        const y = pen.random.range(b.ground + 26 * unit, b.height - 40 * unit);
        const s = pen.random.range(12, 24) * unit;
        pen.box(x - s * 0.22, y - s * 0.9, s * 0.44, s, s * 0.2, '#f3e8d2', { line: 0.6 });
        pen.poly(
          [
            [x - s, y - s * 0.8],
            [x - s * 0.7, y - s * 1.6],
            [x + s * 0.7, y - s * 1.6],
            [x + s, y - s * 0.8],
          ],
          palette.accents[i % 2 ? 0 : 4] ?? '#e5304a',
          { line: 0.6 },
          true,
        );
      }
    });
    b.layer(
      1.35,
      b.height - 150 * unit,
      b.height,
      (pen, width) =>
        tufts(
          pen,
          width,
          b.height + 16 * unit,
          118 * unit,
          mix(palette.foliage, palette.shade, 0.6),
          100 * unit,
        ),
      'front',
    );
  },
};
