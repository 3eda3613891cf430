/** A narrow street with shop fronts and signs; at night its lamps own the picture. */
import { darken, lighten, mix } from '../../color.ts';
import { lamp, skyline } from './built.ts';
import { groundPlane } from './nature.ts';
import type { Setting } from './setting.ts';

export const street: Setting = {
  paint(b) {
    const { palette, unit } = b;
    const dark = b.scene.time === 'night' || b.scene.time === 'sunset';
    skyline(b, {
      depth: 0.12,
      color: b.hazed(palette.structure, 0.66),
      low: 170,
      high: 380,
      widthLow: 60,
      widthHigh: 120,
      lit: dark ? 0.5 : 0.3,
    });
    b.layer(0.42, b.horizon - 430 * unit, b.horizon + 60 * unit, (pen, width) => {
      let i = 0;
      for (let x = -30 * unit; x < width; i++) {
        const w = pen.random.range(170, 260) * unit;
        const h = pen.random.range(230, 400) * unit;
        const wall = b.hazed(mix(palette.structure, palette.accents[i % 5] ?? palette.structure, 0.3), 0.18);
        pen.box(x, b.horizon - h, w - 6 * unit, h + 90 * unit, 3, wall, { depth: 0.5 });
        for (let r = 0; r < 3; r++) {
          for (let c = 0; c < 3; c++) {
            const wy = b.horizon - h + (24 + r * 66) * unit;
            if (wy > b.horizon - 150 * unit) continue;
            const lit = pen.random.chance(dark ? 0.6 : 0.15);
            pen.box(
              x + w * (0.1 + c * 0.29),
              wy,
              w * 0.19,
              42 * unit,
              3,
              lit ? '#ffd990' : mix(wall, '#26304a', 0.55),
              { depth: 0.2, line: 0.6, inset: true },
            );
          }
        }
        const sign = palette.accents[(i + 2) % 5] ?? '#f2545b';
        pen.box(x + w * 0.1, b.horizon - 118 * unit, w * 0.74, 30 * unit, 6, sign, { depth: 0.4, line: 0.7 });
        if (dark) pen.glow(x + w * 0.47, b.horizon - 104 * unit, 130 * unit, sign, 0.36);
        pen.box(x + w * 0.1, b.horizon - 78 * unit, w * 0.44, 84 * unit, 4, dark ? '#ffe2a4' : '#bfe0e8', {
          depth: 0.3,
          line: 0.7,
          inset: true,
        });
        pen.box(x + w * 0.62, b.horizon - 70 * unit, w * 0.22, 92 * unit, 4, darken(wall, 0.35), {
          depth: 0.3,
          line: 0.7,
          inset: true,
        });
        x += w;
      }
    });
    b.layer(0.74, b.horizon - 340 * unit, b.horizon + 60 * unit, (pen, width) => {
      for (let x = 150 * unit; x < width; x += 520 * unit)
        lamp(pen, x, b.horizon + 26 * unit, 290 * unit, dark);
    });
    groundPlane(b, (pen, width) => {
      pen.box(-20, b.horizon + 16 * unit, width + 40, 20 * unit, 0, lighten(palette.ground, 0.2), {
        depth: 0.2,
        line: 0.6,
      });
      for (let row = 0; row < 6; row++) {
        const y = b.ground + 20 * unit + row * row * 9 * unit;
        const step = (46 + row * 16) * unit;
        for (let x = (row % 2) * step * 0.5; x < width; x += step) {
          pen.ellipse(
            x,
            y,
            step * 0.4,
            (4 + row * 2.2) * unit,
            mix(palette.ground, row % 2 ? palette.shade : palette.light, 0.16),
            { depth: 0, bare: true, opacity: 0.5 * pen.style.fill, inset: true },
          );
        }
      }
    });
  },
};
