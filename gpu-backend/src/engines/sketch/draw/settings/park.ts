/** A town park: houses far, trees near, a path and a bench. */
import { lighten, mix } from '../../color.ts';
import { house, lamp } from './built.ts';
import { bush, groundPlane, patches, ridge, roundTree, tufts } from './nature.ts';
import type { Setting } from './setting.ts';

export const park: Setting = {
  paint(b) {
    const { palette } = b;
    const dark = b.scene.time === 'night' || b.scene.time === 'sunset';
    ridge(b, {
      depth: 0.12,
      rise: 34,
      swing: 10,
      waves: 2,
      color: b.hazed(palette.foliage, 0.62),
      plants: 9,
      plant: (pen, x, y, i) =>
        i % 3 === 2
          ? roundTree(pen, x, y + 6, 120 * b.unit, b.hazed(palette.foliage, 0.58))
          : house(
              pen,
              x,
              y + 14,
              pen.random.range(80, 130) * b.unit,
              b.hazed(lighten(palette.structure, 0.3), 0.55),
              b.hazed(palette.accents[i % 5] ?? palette.structure, 0.6),
              dark,
            ),
    });
    ridge(b, {
      depth: 0.3,
      rise: 18,
      swing: 8,
      waves: 2,
      color: b.hazed(palette.foliage, 0.34),
      plants: 7,
      plant: (pen, x, y, i) =>
        i % 2
          ? bush(pen, x, y + 12, 58 * b.unit, b.hazed(palette.foliage, 0.3))
          : roundTree(pen, x, y + 8, pen.random.range(170, 240) * b.unit, b.hazed(palette.foliage, 0.26)),
    });
    b.layer(0.62, b.horizon - 330 * b.unit, b.horizon + 60 * b.unit, (pen, width) => {
      for (let x = 120 * b.unit; x < width; x += 560 * b.unit)
        lamp(pen, x, b.horizon + 26 * b.unit, 250 * b.unit, dark);
      for (let x = 380 * b.unit; x < width; x += 900 * b.unit) {
        pen.box(x, b.horizon - 26 * b.unit, 120 * b.unit, 12 * b.unit, 3, '#9a6b43');
        pen.box(x, b.horizon - 4 * b.unit, 120 * b.unit, 10 * b.unit, 3, '#a87850');
        for (const dx of [10, 104])
          pen.box(x + dx * b.unit, b.horizon + 4 * b.unit, 7 * b.unit, 26 * b.unit, 1, '#4a4656');
      }
    });
    groundPlane(b, (pen, width) => {
      patches(pen, b, width, mix(palette.ground, palette.foliage, 0.5), 20, 160, 0.35);
      pen.poly(
        [
          [-20, b.ground + 8 * b.unit],
          [width + 20, b.ground + 8 * b.unit],
          [width + 20, b.ground + 86 * b.unit],
          [-20, b.ground + 86 * b.unit],
        ],
        mix(palette.ground, '#e9d3aa', 0.72),
        { depth: 0.2, bare: true },
      );
    });
    b.layer(
      1.35,
      b.height - 120 * b.unit,
      b.height,
      (pen, width) =>
        tufts(
          pen,
          width,
          b.height + 14 * b.unit,
          84 * b.unit,
          mix(palette.foliage, palette.shade, 0.5),
          130 * b.unit,
        ),
      'front',
    );
  },
};
