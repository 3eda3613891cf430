/** Towers by the street. */
import { darken, lighten, mix } from '../../color.ts';
import { lamp, skyline } from './built.ts';
import { groundPlane } from './nature.ts';
import type { Setting } from './setting.ts';

export const city: Setting = {
  paint(b) {
    const { palette, unit } = b;
    const dark = b.scene.time !== 'noon';
    const lit = b.scene.time === 'night' ? 0.62 : b.scene.time === 'sunset' ? 0.45 : 0.3;
    skyline(b, {
      depth: 0.08,
      color: b.hazed(palette.structure, 0.78),
      low: 180,
      high: 430,
      widthLow: 44,
      widthHigh: 96,
      lit: lit * 0.5,
    });
    skyline(b, {
      depth: 0.18,
      color: b.hazed(palette.structure, 0.5),
      low: 120,
      high: 330,
      widthLow: 60,
      widthHigh: 120,
      lit,
    });
    skyline(b, {
      depth: 0.36,
      color: b.hazed(darken(palette.structure, 0.12), 0.22),
      low: 60,
      high: 190,
      widthLow: 90,
      widthHigh: 170,
      lit,
    });
    b.layer(0.7, b.horizon - 330 * unit, b.horizon + 60 * unit, (pen, width) => {
      for (let x = 70 * unit; x < width; x += 430 * unit)
        lamp(pen, x, b.horizon + 30 * unit, 270 * unit, dark);
    });
    groundPlane(b, (pen, width) => {
      pen.box(-20, b.horizon + 14 * unit, width + 40, 22 * unit, 0, lighten(palette.ground, 0.18), {
        depth: 0.2,
        line: 0.5,
      });
      for (let x = 0; x < width; x += 64 * unit)
        pen.line(
          [
            [x, b.horizon + 15 * unit],
            [x - 8 * unit, b.horizon + 35 * unit],
          ],
          darken(palette.ground, 0.15),
          2 * unit,
        );
      const y = b.ground + (b.height - b.ground) * 0.5;
      for (let x = 0; x < width; x += 190 * unit) {
        pen.poly(
          [
            [x, y],
            [x + 100 * unit, y],
            [x + 92 * unit, y + 13 * unit],
            [x - 10 * unit, y + 13 * unit],
          ],
          mix('#f4e9c8', palette.ground, 0.35),
          { depth: 0.1, bare: true },
        );
      }
    });
  },
};
