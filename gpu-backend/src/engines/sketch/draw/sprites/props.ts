/** Stands, pins, bells, cushions and other furniture of the actions. Called by registry.ts. */
import { darken, lighten } from '../../color.ts';
import { halfOf, radiusOf, type Sprite, sprite } from './sprite.ts';

export const steelBall: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 1 });
  pen.ellipse(0, r * 0.42, r * 0.62, r * 0.3, lighten(look.color, 0.35), {
    depth: 0,
    bare: true,
    opacity: 0.35 * pen.style.fill,
    inset: true,
  });
});

export const post: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, w * 0.6, look.color);
  pen.box(-w * 3.4, h - 0.14, w * 6.8, 0.16, 0.05, darken(look.color, 0.12));
}, 0.16);

export const plankUpright: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, w, look.color);
}, 0.1);

export const bell: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape) * 1.5;
  pen.circle(0, r * 0.75, r * 0.2, darken(look.color, 0.35), { line: 0.5 });
  pen.poly(
    [
      [-r * 0.95, r * 0.72],
      [-r * 0.7, r * 0.2],
      [-r * 0.55, -r * 0.55],
      [0, -r * 0.95],
      [r * 0.55, -r * 0.55],
      [r * 0.7, r * 0.2],
      [r * 0.95, r * 0.72],
    ],
    look.color,
    { gloss: 0.8 },
    true,
  );
}, 0.6);

export const hand: Sprite = sprite((pen, shape, look) => {
  const { w } = halfOf(shape);
  pen.poly(
    [
      [-w * 0.85, -w * 0.25],
      [0, w * 0.1],
      [w * 0.85, -w * 0.25],
      [w * 0.6, w * 0.55],
      [0, w * 0.75],
      [-w * 0.6, w * 0.55],
    ],
    look.color,
    {},
    true,
  );
}, 0.15);

export const fulcrum: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.poly(
    [
      [-w, h * 2 - 0.04],
      [w, h * 2 - 0.04],
      [w * 0.16, 0],
      [-w * 0.16, 0],
    ],
    look.color,
  );
  pen.circle(0, 0.04, 0.11, lighten(look.color, 0.4), { line: 0.7 });
}, 0.2);

export const cushion: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.poly(
    [
      [-w * 1.05, -h * 0.9],
      [0, -h * 1.05],
      [w * 1.05, -h * 0.9],
      [w * 0.98, 0],
      [w * 1.05, h * 0.9],
      [0, h * 1.05],
      [-w * 1.05, h * 0.9],
      [-w * 0.98, 0],
    ],
    look.color,
    {},
    true,
  );
  pen.circle(0, 0, h * 0.16, darken(look.color, 0.25), { line: 0.4, depth: 0.3, inset: true });
}, 0.1);

export const pin: Sprite = sprite((pen, _shape, look) => {
  pen.poly(
    [
      [0, -0.52],
      [0.12, -0.48],
      [0.125, -0.32],
      [0.07, -0.16],
      [0.12, 0.02],
      [0.19, 0.22],
      [0.14, 0.5],
      [-0.14, 0.5],
      [-0.19, 0.22],
      [-0.12, 0.02],
      [-0.07, -0.16],
      [-0.125, -0.32],
      [-0.12, -0.48],
    ],
    look.color,
    { gloss: 0.5 },
    true,
  );
  pen.line(
    [
      [-0.085, -0.2],
      [0.085, -0.2],
    ],
    look.accent ?? '#e0362f',
    0.045,
  );
  pen.line(
    [
      [-0.085, -0.12],
      [0.085, -0.12],
    ],
    look.accent ?? '#e0362f',
    0.045,
  );
}, 0.12);

export const crane: Sprite = {
  extent: (shape) => ({ left: -2.2, right: 2.1, top: -halfOf(shape).h - 0.5, bottom: halfOf(shape).h + 0.2 }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    const dark = darken(look.color, 0.35);
    pen.line(
      [
        [-w * 0.55, h - 1.1],
        [w * 0.92, -h + 0.14],
      ],
      look.color,
      0.2,
    );
    pen.line(
      [
        [-w * 0.32, h - 1.1],
        [w * 0.98, -h + 0.2],
      ],
      darken(look.color, 0.16),
      0.1,
    );
    for (let i = 1; i < 12; i++) {
      const t = i / 12;
      const x = -w * 0.55 + t * w * 1.47;
      const y = h - 1.1 - t * (2 * h - 1.24);
      pen.line(
        [
          [x, y],
          [x + 0.24, y + 0.02],
        ],
        dark,
        0.04,
      );
    }
    pen.box(-w * 0.98, h - 1.55, w * 0.95, 0.95, 0.12, look.color);
    pen.box(-w * 0.45, h - 1.42, w * 0.36, 0.42, 0.06, '#bfe6f2', { gloss: 0.6, line: 0.7, inset: true });
    pen.box(-w * 1.1, h - 0.62, w * 1.3, 0.5, 0.25, '#3f4350');
    for (let i = 0; i < 5; i++)
      pen.circle(-w * 0.95 + i * w * 0.25, h - 0.37, 0.15, '#8a8f9c', { line: 0.6, inset: true });
    pen.circle(w * 0.95, -h + 0.12, 0.16, '#3f4350', { line: 0.7 });
  },
};

export const snowHead: Sprite = {
  posed: true,
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.1,
    right: halfOf(shape).w * 1.9,
    top: -halfOf(shape).w * 1.15,
    bottom: halfOf(shape).w * 1.15,
  }),
  draw(pen, shape, look, pose) {
    const r = halfOf(shape).w;
    pen.circle(0, 0, r, look.color);
    for (const x of [-0.14, 0.46]) {
      if (pose.blink)
        pen.line(
          [
            [(x - 0.1) * r, -r * 0.2],
            [(x + 0.1) * r, -r * 0.2],
          ],
          '#2a2433',
          r * 0.06,
        );
      else
        pen.circle(x * r, -r * 0.2, r * 0.11, '#2a2433', { depth: 0.3, bare: true, opacity: 1, inset: true });
    }
    pen.poly(
      [
        [r * 0.12, -r * 0.04],
        [r * 1.25, r * 0.1],
        [r * 0.14, r * 0.2],
      ],
      '#f28a2e',
      { line: 0.7 },
    );
    for (let i = 0; i < 5; i++)
      pen.circle(
        (-0.16 + i * 0.16) * r,
        r * (0.42 + Math.sin((i / 4) * Math.PI) * 0.13),
        r * 0.055,
        '#2a2433',
        { depth: 0.2, bare: true, opacity: 1, inset: true },
      );
  },
};

export const snowBody: Sprite = sprite((pen, shape, look) => {
  const r = halfOf(shape).w;
  for (const s of [-1, 1]) {
    pen.line(
      [
        [s * r * 0.7, -r * 0.25],
        [s * r * 1.75, -r * 0.95],
      ],
      '#6b4a2c',
      r * 0.09,
    );
    pen.line(
      [
        [s * r * 1.35, -r * 0.68],
        [s * r * 1.5, -r * 1.15],
      ],
      '#6b4a2c',
      r * 0.06,
    );
  }
  pen.circle(0, 0, r, look.color);
  pen.line(
    [
      [-r * 0.72, -r * 0.66],
      [0, -r * 0.5],
      [r * 0.72, -r * 0.66],
    ],
    look.accent ?? '#e0362f',
    r * 0.24,
    true,
  );
  pen.line(
    [
      [r * 0.42, -r * 0.56],
      [r * 0.5, r * 0.1],
    ],
    look.accent ?? '#e0362f',
    r * 0.2,
  );
  for (const y of [-0.12, 0.2, 0.52])
    pen.circle(0, y * r, r * 0.08, '#2a2433', { depth: 0.3, bare: true, opacity: 1, inset: true });
}, 0.55);

export const topHat: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w * 0.66, -h * 1.5, w * 1.32, h * 2.3, h * 0.2, look.color);
  pen.box(-w * 0.66, h * 0.1, w * 1.32, h * 0.5, 0, look.accent ?? '#e0362f', {
    depth: 0.6,
    line: 0.5,
    inset: true,
  });
  pen.box(-w * 1.1, h * 0.58, w * 2.2, h * 0.42, h * 0.2, look.color);
}, 0.3);
