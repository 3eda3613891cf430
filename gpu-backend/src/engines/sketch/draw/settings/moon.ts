/** Grey dust, craters, the Earth over the rim. */
import { darken, lighten, mix } from '../../color.ts';
import { groundPlane, ridge } from './nature.ts';
import type { Setting } from './setting.ts';

export const moon: Setting = {
  airless: true,
  paint(b) {
    const { palette, unit } = b;
    b.layer(0.02, 60 * unit, b.height * 0.4, (pen, width) => {
      const x = width * (1 - b.scene.discAt) * 0.9 + width * 0.05;
      const y = b.height * 0.26;
      const r = 84 * unit;
      pen.glow(x, y, r * 2.2, '#6fb4ff', 0.34);
      pen.circle(x, y, r, '#2f7fd0', { gloss: 0.3 });
      for (const [dx, dy, s] of [
        [-0.35, -0.2, 0.42],
        [0.3, 0.25, 0.34],
        [0.1, -0.55, 0.22],
      ] as const) {
        pen.poly(
          [
            [x + (dx - s) * r, y + dy * r],
            [x + dx * r, y + (dy - s * 0.6) * r],
            [x + (dx + s * 0.8) * r, y + (dy + 0.1) * r],
            [x + dx * r, y + (dy + s * 0.6) * r],
          ],
          '#6fbf73',
          { depth: 0.4, bare: true, inset: true },
          true,
        );
      }
      pen.line(
        [
          [x - r * 0.7, y - r * 0.1],
          [x, y - r * 0.02],
          [x + r * 0.6, y - r * 0.2],
        ],
        '#f4fbff',
        r * 0.08,
        true,
      );
    });
    ridge(b, {
      depth: 0.12,
      rise: 60,
      swing: 60,
      waves: 1.6,
      jagged: true,
      color: mix(palette.groundFar, palette.skyMiddle, 0.55),
    });
    ridge(b, {
      depth: 0.3,
      rise: 22,
      swing: 18,
      waves: 1.3,
      color: mix(palette.groundFar, palette.skyMiddle, 0.25),
    });
    groundPlane(b, (pen, width) => {
      for (let i = 0; i < width / (80 * unit); i++) {
        const t = pen.random.next();
        const y = b.horizon + 16 * unit + (b.height - b.horizon) * t;
        const s = pen.random.range(20, 64) * unit * (0.35 + t);
        const x = pen.random.next() * width;
        if (Math.abs(y - b.ground) < 22 * unit) continue;
        pen.ellipse(x, y, s, s * 0.26, darken(palette.ground, 0.25), { depth: 0.3, bare: true, inset: true });
        pen.ellipse(x + 3 * unit, y + s * 0.07, s * 0.86, s * 0.19, darken(palette.ground, 0.42), {
          depth: 0.2,
          bare: true,
          inset: true,
        });
        pen.line(
          [
            [x - s * 0.95, y + s * 0.06],
            [x, y + s * 0.26],
            [x + s * 0.95, y + s * 0.06],
          ],
          lighten(palette.ground, 0.3),
          s * 0.05,
          true,
        );
      }
    });
  },
};
