/** Open water: islands and a lighthouse far off. The water itself belongs to water-plane.ts and the painter. */
import { lighten, mix } from '../../color.ts';
import { groundPlane, patches, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

export const sea: Setting = {
  paint(b) {
    const { palette, unit } = b;
    ridge(b, {
      depth: 0.04,
      rise: 34,
      swing: 46,
      waves: 1.1,
      jagged: b.random.chance(0.5),
      color: b.hazed(mix(palette.foliage, palette.skyMiddle, 0.4), 0.78),
    });
    b.layer(0.1, b.horizon - 240 * unit, b.horizon + 30 * unit, (pen, width) => {
      const x = width * (b.scene.discAt > 0.5 ? 0.24 : 0.76);
      const rock = b.hazed(mix(palette.structure, palette.shade, 0.3), 0.4);
      pen.poly(
        [
          [x - 150 * unit, b.horizon + 16 * unit],
          [x - 90 * unit, b.horizon - 26 * unit],
          [x - 10 * unit, b.horizon - 52 * unit],
          [x + 60 * unit, b.horizon - 34 * unit],
          [x + 140 * unit, b.horizon + 16 * unit],
        ],
        rock,
        { depth: 0.7 },
        true,
      );
      pen.poly(
        [
          [x - 17 * unit, b.horizon - 40 * unit],
          [x - 11 * unit, b.horizon - 150 * unit],
          [x + 11 * unit, b.horizon - 150 * unit],
          [x + 17 * unit, b.horizon - 40 * unit],
        ],
        b.hazed('#f8f1e4', 0.3),
        { line: 0.7 },
      );
      for (const y of [66, 108])
        pen.box(x - 15 * unit, b.horizon - y * unit, 30 * unit, 18 * unit, 1, b.hazed('#e0483c', 0.3), {
          depth: 0.5,
          bare: true,
          inset: true,
        });
      pen.box(x - 9 * unit, b.horizon - 172 * unit, 18 * unit, 22 * unit, 2, '#ffe9a8', { line: 0.6 });
      pen.poly(
        [
          [x - 13 * unit, b.horizon - 171 * unit],
          [x, b.horizon - 190 * unit],
          [x + 13 * unit, b.horizon - 171 * unit],
        ],
        b.hazed('#b93a34', 0.3),
        { line: 0.6 },
      );
      if (b.scene.time === 'night' || b.scene.weather === 'fog' || b.scene.weather === 'storm')
        pen.glow(x, b.horizon - 162 * unit, 120 * unit, '#ffe39a', 0.6);
    });
    groundPlane(b, (pen, width) => patches(pen, b, width, lighten(palette.water, 0.2), 40, 120, 0.3));
  },
};
