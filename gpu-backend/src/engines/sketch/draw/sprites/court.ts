/** The basketball hoop: board, pole, net with its rim. Called by registry.ts. */
import { darken, lighten } from '../../color.ts';
import { halfOf, type Sprite } from './sprite.ts';

export const backboard: Sprite = {
  extent: (shape) => ({
    left: -0.3,
    right: 0.35,
    top: -halfOf(shape).h - 0.15,
    bottom: halfOf(shape).h + 0.15,
  }),
  draw(pen, shape, look) {
    const { h } = halfOf(shape);
    // Seen a little from the front: a narrow trapezoid with the target square on it.
    pen.poly(
      [
        [-0.09, -h],
        [0.2, -h - 0.09],
        [0.2, h - 0.09],
        [-0.09, h],
      ],
      look.color,
      { depth: 0.8, gloss: 0.2 },
    );
    const red = look.accent ?? '#e8502a';
    pen.line(
      [
        [-0.03, h * 0.62],
        [-0.03, -h * 0.1],
        [0.12, -h * 0.16],
        [0.12, h * 0.55],
      ],
      red,
      0.045,
    );
    pen.box(-0.1, -h, 0.06, 2 * h, 0.02, darken(look.color, 0.2), { inset: true, line: 0.6 });
  },
};

export const hoopPole: Sprite = {
  extent: (shape) => ({ left: -0.7, right: 0.6, top: -halfOf(shape).h - 0.9, bottom: halfOf(shape).h + 0.3 }),
  draw(pen, shape, look) {
    const { h } = halfOf(shape);
    const color = lighten(look.color, 0.1);
    pen.poly(
      [
        [0.1, -h + 0.35],
        [0.32, -h + 0.35],
        [0.32, h - 0.28],
        [0.1, h - 0.28],
      ],
      color,
    );
    pen.line(
      [
        [0.2, -h + 0.5],
        [-0.3, -h - 0.25],
      ],
      darken(color, 0.15),
      0.12,
    );
    pen.line(
      [
        [0.2, -h + 0.95],
        [-0.3, -h + 0.05],
      ],
      darken(color, 0.25),
      0.09,
    );
    pen.box(-0.22, h - 0.34, 0.86, 0.32, 0.08, darken(color, 0.25));
  },
};

export const net: Sprite = {
  posed: true,
  extent: (shape) => ({
    left: -halfOf(shape).w - 0.15,
    right: halfOf(shape).w + 0.35,
    top: -halfOf(shape).h - 0.2,
    bottom: halfOf(shape).h + 0.25,
  }),
  draw(pen, shape, look, pose) {
    const { w, h } = halfOf(shape);
    const bulge = pose.cheer ? 0.16 : 0;
    const xAt = (u: number, v: number): number => u * w * (1 - 0.42 * v + bulge * Math.sin(v * Math.PI));
    const yAt = (v: number): number => -h + v * 2 * h * (1 + (pose.cheer ? 0.12 : 0));
    const n = 5;
    for (let i = -n; i <= n; i++) {
      for (const d of [-1, 1]) {
        const points = Array.from({ length: 6 }, (_, k) => {
          const v = k / 5;
          const u = (i + d * v * 3) / n;
          return u > 1.001 || u < -1.001 ? undefined : ([xAt(u, v), yAt(v)] as const);
        }).filter((p) => p !== undefined);
        if (points.length > 1) pen.line(points, look.color, 0.022);
      }
    }
    const red = look.accent ?? '#e8502a';
    pen.line(
      [
        [-w, -h],
        [w + 0.2, -h],
      ],
      darken(red, 0.25),
      0.085,
    );
    pen.line(
      [
        [-w, -h - 0.018],
        [w + 0.2, -h - 0.018],
      ],
      red,
      0.055,
    );
  },
};
