/** Round things. Called by registry.ts. */
import { Path2D } from '@napi-rs/canvas';
import { darken, lighten, mix, shift } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { radiusOf, type Sprite, sprite } from './sprite.ts';

/** Runs a drawing clipped to the ball's disc. */
function within(pen: Pen, r: number, draw: () => void): void {
  const disc = new Path2D();
  disc.arc(0, 0, r, 0, Math.PI * 2);
  pen.ctx.save();
  pen.ctx.clip(disc);
  draw();
  pen.ctx.restore();
}

const arcPoints = (cx: number, cy: number, r: number, from: number, to: number): [number, number][] =>
  Array.from({ length: 13 }, (_, i) => {
    const a = from + ((to - from) * i) / 12;
    return [cx + r * Math.cos(a), cy + r * Math.sin(a)];
  });

export const ball: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 0.6 });
  within(pen, r, () =>
    pen.line(arcPoints(-r * 1.1, 0, r * 1.45, -0.6, 0.6), lighten(look.color, 0.45), r * 0.16),
  );
});

export const basketball: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 0.25 });
  const seam = darken(look.color, 0.72);
  within(pen, r, () => {
    const w = r * 0.075;
    pen.line(
      [
        [-r, 0],
        [r, 0],
      ],
      seam,
      w,
    );
    pen.line(
      [
        [0, -r],
        [0, r],
      ],
      seam,
      w,
    );
    pen.line(arcPoints(-r * 1.35, 0, r * 1.05, -0.9, 0.9), seam, w);
    pen.line(arcPoints(r * 1.35, 0, r * 1.05, Math.PI - 0.9, Math.PI + 0.9), seam, w);
  });
});

export const football: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 0.3 });
  within(pen, r, () => {
    const patch = (cx: number, cy: number, s: number, turn: number): void => {
      pen.poly(
        Array.from(
          { length: 5 },
          (_, i) => [cx + s * Math.cos(turn + i * 1.2566), cy + s * Math.sin(turn + i * 1.2566)] as const,
        ),
        '#2b2836',
        { depth: 0.4, bare: true, inset: true },
      );
    };
    patch(0, 0, r * 0.36, -Math.PI / 2);
    for (let i = 0; i < 5; i++) {
      const a = -Math.PI / 2 + i * 1.2566;
      patch(Math.cos(a) * r * 0.98, Math.sin(a) * r * 0.98, r * 0.33, a + Math.PI);
      pen.line(
        [
          [Math.cos(a) * r * 0.36, Math.sin(a) * r * 0.36],
          [Math.cos(a) * r * 0.68, Math.sin(a) * r * 0.68],
        ],
        '#2b2836',
        r * 0.05,
      );
    }
  });
});

export const beachBall: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, '#fbf6ea', { gloss: 0.5 });
  const colors = [look.color, '#fbf6ea', shift(look.color, 150), '#fbf6ea', '#ffc53d', '#fbf6ea'] as const;
  within(pen, r, () => {
    colors.forEach((color, i) => {
      if (i % 2) return;
      const a = (i * Math.PI) / 3;
      pen.poly(
        [
          [0, 0],
          [Math.cos(a) * r * 1.3, Math.sin(a) * r * 1.3],
          [Math.cos(a + 1.047) * r * 1.3, Math.sin(a + 1.047) * r * 1.3],
        ],
        color,
        { depth: 0.55, bare: true, inset: true },
      );
    });
    pen.circle(0, 0, r * 0.16, '#fbf6ea', { depth: 0.3, inset: true, line: 0.5 });
  });
}, 0.12);

export const tennisBall: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color);
  within(pen, r, () => {
    pen.line(arcPoints(-r * 1.25, 0, r * 0.95, -1, 1), '#fdfbe8', r * 0.11);
    pen.line(arcPoints(r * 1.25, 0, r * 0.95, Math.PI - 1, Math.PI + 1), '#fdfbe8', r * 0.11);
  });
});

export const marble: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 1 });
  within(pen, r, () => {
    pen.poly(
      [
        [-r * 0.75, -r * 0.1],
        [0, -r * 0.55],
        [r * 0.75, r * 0.12],
        [0, r * 0.05],
      ],
      lighten(look.color, 0.55),
      { bare: true, opacity: 0.75, inset: true },
      true,
    );
    pen.poly(
      [
        [-r * 0.6, r * 0.3],
        [0, r * 0.12],
        [r * 0.6, r * 0.45],
        [0, r * 0.6],
      ],
      shift(look.color, 60),
      { bare: true, opacity: 0.6, inset: true },
      true,
    );
  });
  pen.ctx.save();
  pen.ctx.restore();
});

export const bowlingBall: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 1 });
  for (const [x, y] of [
    [-0.12, -0.42],
    [0.18, -0.46],
    [0.06, -0.16],
  ] as const) {
    pen.circle(x * r, y * r, r * 0.1, darken(look.color, 0.75), { depth: 0, bare: true, inset: true });
  }
});

export const snowball: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { depth: 0.9 });
  for (let i = 0; i < 6; i++) {
    const a = pen.random.range(0, 6.28);
    const d = r * pen.random.range(0.2, 0.75);
    pen.ellipse(
      Math.cos(a) * d,
      Math.sin(a) * d,
      r * 0.09,
      r * 0.05,
      mix(look.color, '#9db8d8', 0.45),
      { bare: true, depth: 0, opacity: 0.5, inset: true },
      a,
    );
  }
});

export const boulder: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  const points = Array.from({ length: 11 }, (_, i) => {
    const a = (i / 11) * Math.PI * 2;
    const d = r * pen.random.range(0.97, 1.1);
    return [Math.cos(a) * d, Math.sin(a) * d] as const;
  });
  pen.poly(points, look.color, {}, true);
  for (let i = 0; i < 4; i++) {
    const a = pen.random.range(0, 6.28);
    const d = r * pen.random.range(0.1, 0.6);
    pen.ellipse(
      Math.cos(a) * d,
      Math.sin(a) * d,
      r * 0.16,
      r * 0.1,
      darken(look.color, 0.25),
      { bare: true, depth: 0.3, opacity: 0.7, inset: true },
      a,
    );
  }
  pen.line(
    [
      [-r * 0.5, -r * 0.3],
      [-r * 0.1, -r * 0.05],
      [-r * 0.2, r * 0.35],
    ],
    darken(look.color, 0.4),
    r * 0.05,
  );
});

export const wreckingBall: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.box(-r * 0.16, -r * 1.22, r * 0.32, r * 0.4, r * 0.1, lighten(look.color, 0.15));
  pen.circle(0, 0, r, look.color, { gloss: 0.7 });
  pen.ellipse(0, 0, r * 0.98, r * 0.22, darken(look.color, 0.25), { depth: 0.5, bare: true, inset: true });
}, 0.2);
