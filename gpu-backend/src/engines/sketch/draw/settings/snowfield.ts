/** Snow, firs under snow, a cabin with light in the window. */
import { lighten, mix } from '../../color.ts';
import { house } from './built.ts';
import { groundPlane, patches, pineTree, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

export const snowfield: Setting = {
  paint(b) {
    const { palette, unit } = b;
    ridge(b, {
      depth: 0.06,
      rise: 200,
      swing: 110,
      waves: 1.3,
      jagged: true,
      snow: true,
      color: b.hazed(mix(palette.structure, '#7d93b8', 0.7), 0.66),
    });
    ridge(b, {
      depth: 0.2,
      rise: 60,
      swing: 30,
      waves: 1.4,
      color: b.hazed(palette.groundFar, 0.4),
      plants: 11,
      plant: (pen, x, y) =>
        pineTree(pen, x, y + 8, pen.random.range(80, 140) * unit, b.hazed(palette.foliage, 0.46)),
    });
    ridge(b, {
      depth: 0.42,
      rise: 18,
      swing: 16,
      waves: 1.1,
      color: b.hazed(lighten(palette.ground, 0.1), 0.14),
      plants: 5,
      plant: (pen, x, y, i) => {
        if (i === 2) {
          const s = 150 * unit;
          house(pen, x, y + 10, s, b.hazed('#8f6248', 0.1), b.hazed('#f6f9fd', 0.05), true);
          pen.glow(x, y - s * 0.3, s * 0.8, '#ffcf7a', 0.32);
          return;
        }
        const s = pen.random.range(150, 240) * unit;
        pineTree(pen, x, y + 12, s, b.hazed(palette.foliage, 0.16));
        for (const [dy, w] of [
          [-0.42, 0.15],
          [-0.66, 0.11],
          [-0.88, 0.06],
        ] as const) {
          pen.poly(
            [
              [x - w * s, y + 12 + dy * s],
              [x, y + 12 + (dy - 0.1) * s],
              [x + w * s, y + 12 + dy * s],
              [x, y + 12 + (dy - 0.02) * s],
            ],
            '#f8fbff',
            { depth: 0.3, line: 0.4, inset: true },
            true,
          );
        }
      },
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.shade, 0.22), 22, 170, 0.3);
      patches(pen, b, width, '#ffffff', 18, 120, 0.5);
    });
  },
};
