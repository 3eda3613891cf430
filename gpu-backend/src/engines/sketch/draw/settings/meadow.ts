/** Rolling hills with trees, flowers in front. */
import { darken, mix } from '../../color.ts';
import { house } from './built.ts';
import { groundPlane, patches, ridge, roundTree, tufts } from './nature.ts';
import type { Setting } from './setting.ts';

export const meadow: Setting = {
  paint(b) {
    const { palette } = b;
    ridge(b, {
      depth: 0.1,
      rise: 120,
      swing: 52,
      waves: 1.5,
      color: b.hazed(mix(palette.foliage, palette.skyMiddle, 0.35), 0.72),
    });
    ridge(b, {
      depth: 0.2,
      rise: 70,
      swing: 38,
      waves: 1.2,
      color: b.hazed(palette.foliage, 0.52),
      plants: 5,
      plant: (pen, x, y) => roundTree(pen, x, y + 4, 58 * b.unit, b.hazed(palette.foliage, 0.45)),
    });
    ridge(b, {
      depth: 0.4,
      rise: 24,
      swing: 16,
      waves: 1,
      color: b.hazed(palette.groundFar, 0.2),
      plants: 4,
      plant: (pen, x, y, i) => {
        if (i === 1)
          house(
            pen,
            x,
            y + 6,
            96 * b.unit,
            b.hazed('#f3e6cf', 0.15),
            b.hazed(palette.structure, 0.15),
            b.scene.time !== 'noon',
          );
        else roundTree(pen, x, y + 6, pen.random.range(105, 165) * b.unit, b.hazed(palette.foliage, 0.2));
      },
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.foliage, 0.45), 26, 150, 0.35);
      for (let i = 0; i < width / (34 * b.unit); i++) {
        const t = pen.random.next();
        const y = b.ground + (b.height - b.ground) * (0.12 + t * 0.9);
        const x = pen.random.next() * width;
        const color = palette.accents[i % 5] ?? '#ffffff';
        pen.line(
          [
            [x, y],
            [x + 2, y - 13 * b.unit * (0.6 + t)],
          ],
          darken(palette.foliage, 0.1),
          2.4 * b.unit,
        );
        pen.circle(x + 2, y - 15 * b.unit * (0.6 + t), 5 * b.unit * (0.5 + t), color, {
          depth: 0.3,
          line: 0.4,
          inset: true,
        });
      }
    });
    b.layer(
      1.35,
      b.height - 120 * b.unit,
      b.height,
      (pen, width) =>
        tufts(
          pen,
          width,
          b.height + 12 * b.unit,
          92 * b.unit,
          mix(palette.foliage, palette.shade, 0.5),
          110 * b.unit,
        ),
      'front',
    );
  },
};
