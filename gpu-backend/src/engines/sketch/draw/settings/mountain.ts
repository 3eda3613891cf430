/** Snow-capped ranges behind pines. */
import { lighten, mix } from '../../color.ts';
import { groundPlane, patches, pineTree, ridge, tufts } from './nature.ts';
import type { Setting } from './setting.ts';

export const mountain: Setting = {
  paint(b) {
    const { palette, unit } = b;
    ridge(b, {
      depth: 0.05,
      rise: 250,
      swing: 130,
      waves: 1.4,
      jagged: true,
      snow: true,
      color: b.hazed(palette.structure, 0.72),
    });
    ridge(b, {
      depth: 0.12,
      rise: 130,
      swing: 90,
      waves: 1.7,
      jagged: true,
      snow: true,
      color: b.hazed(mix(palette.structure, palette.foliage, 0.25), 0.46),
    });
    ridge(b, {
      depth: 0.26,
      rise: 40,
      swing: 26,
      waves: 1.4,
      color: b.hazed(palette.foliage, 0.36),
      plants: 16,
      plant: (pen, x, y) =>
        pineTree(pen, x, y + 8, pen.random.range(70, 120) * unit, b.hazed(palette.foliage, 0.32)),
    });
    ridge(b, {
      depth: 0.48,
      rise: 12,
      swing: 10,
      waves: 1.2,
      color: b.hazed(mix(palette.ground, palette.foliage, 0.4), 0.16),
      plants: 6,
      plant: (pen, x, y) =>
        pineTree(pen, x, y + 12, pen.random.range(170, 260) * unit, b.hazed(palette.foliage, 0.14)),
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.foliage, 0.5), 24, 150, 0.4);
      for (let i = 0; i < width / (120 * unit); i++) {
        const s = pen.random.range(10, 30) * unit;
        const x = pen.random.next() * width;
        const y = pen.random.range(b.ground + 24 * unit, b.height);
        pen.poly(
          [
            [x - s, y],
            [x - s * 0.6, y - s * 0.7],
            [x + s * 0.3, y - s * 0.8],
            [x + s, y],
          ],
          lighten(palette.structure, 0.1),
          { line: 0.6 },
          true,
        );
      }
    });
    b.layer(
      1.35,
      b.height - 110 * unit,
      b.height,
      (pen, width) =>
        tufts(
          pen,
          width,
          b.height + 14 * unit,
          84 * unit,
          mix(palette.foliage, palette.shade, 0.55),
          140 * unit,
        ),
      'front',
    );
  },
};
