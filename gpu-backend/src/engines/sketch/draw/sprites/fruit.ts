/** Things to eat, and other small things that rain from the sky. Called by registry.ts. */
import { darken, lighten, shift } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { halfOf, radiusOf, type Sprite, sprite } from './sprite.ts';

function stalk(pen: Pen, r: number, leaf: boolean): void {
  pen.line(
    [
      [0, -r * 0.78],
      [r * 0.08, -r * 1.15],
    ],
    '#6b4a2c',
    r * 0.12,
  );
  if (leaf)
    pen.poly(
      [
        [r * 0.06, -r * 1.02],
        [r * 0.35, -r * 1.3],
        [r * 0.7, -r * 1.08],
        [r * 0.35, -r * 0.92],
      ],
      '#5fae48',
      { line: 0.6 },
      true,
    );
}

export const apple: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  stalk(pen, r, true);
  pen.poly(
    [
      [0, -r * 0.9],
      [r * 0.75, -r * 1.05],
      [r * 1.15, -r * 0.1],
      [r * 0.75, r * 0.95],
      [0, r * 1.02],
      [-r * 0.75, r * 0.95],
      [-r * 1.15, -r * 0.1],
      [-r * 0.75, -r * 1.05],
    ],
    look.color,
    { gloss: 0.8 },
    true,
  );
}, 0.3);

export const orange: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 0.5 });
  for (let i = 0; i < 9; i++) {
    const a = pen.random.range(0, 6.28);
    const d = r * pen.random.range(0.15, 0.85);
    pen.circle(Math.cos(a) * d, Math.sin(a) * d, r * 0.035, darken(look.color, 0.25), {
      bare: true,
      depth: 0,
      inset: true,
      opacity: 0.5,
    });
  }
  pen.poly(
    [
      [0, -r * 0.9],
      [r * 0.3, -r * 1.12],
      [r * 0.6, -r * 0.95],
      [r * 0.3, -r * 0.82],
    ],
    '#5fae48',
    { line: 0.6 },
    true,
  );
}, 0.25);

export const lemon: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.poly(
    [
      [-r * 1.2, 0],
      [-r * 0.85, -r * 0.75],
      [0, -r * 0.98],
      [r * 0.85, -r * 0.75],
      [r * 1.25, 0],
      [r * 0.85, r * 0.75],
      [0, r * 0.98],
      [-r * 0.85, r * 0.75],
    ],
    look.color,
    { gloss: 0.6 },
    true,
  );
}, 0.25);

export const watermelon: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color, { gloss: 0.5 });
  const dark = darken(look.color, 0.42);
  for (const x of [-0.62, -0.22, 0.22, 0.62]) {
    const h = r * Math.sqrt(1 - x * x) * 0.94;
    pen.line(
      [
        [x * r * 0.75, -h],
        [x * r * 1.06, -h * 0.3],
        [x * r * 0.98, h * 0.3],
        [x * r * 0.75, h],
      ],
      dark,
      r * 0.13,
      true,
    );
  }
});

export const strawberry: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.poly(
    [
      [-r * 1.05, -r * 0.55],
      [0, -r * 1.05],
      [r * 1.05, -r * 0.55],
      [r * 0.75, r * 0.5],
      [0, r * 1.25],
      [-r * 0.75, r * 0.5],
    ],
    look.color,
    { gloss: 0.6 },
    true,
  );
  for (const [x, y] of [
    [-0.45, -0.2],
    [0.05, -0.3],
    [0.5, -0.15],
    [-0.25, 0.2],
    [0.3, 0.22],
    [0, 0.6],
  ] as const) {
    pen.ellipse(x * r, y * r, r * 0.05, r * 0.08, '#ffe08a', { bare: true, depth: 0, inset: true });
  }
  for (const s of [-1, 0, 1])
    pen.poly(
      [
        [s * r * 0.2, -r * 0.75],
        [s * r * 0.55 - r * 0.16, -r * 1.12],
        [s * r * 0.62 + r * 0.16, -r * 0.85],
      ],
      '#58a648',
      { line: 0.5 },
      true,
    );
}, 0.25);

export const pumpkin: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.box(-r * 0.12, -r * 1.2, r * 0.24, r * 0.4, r * 0.08, '#5c7a3a');
  for (const [x, w] of [
    [-0.62, 0.46],
    [0.62, 0.46],
    [-0.28, 0.5],
    [0.28, 0.5],
    [0, 0.42],
  ] as const) {
    pen.ellipse(x * r, 0, w * r, r * 0.92, x === 0 ? lighten(look.color, 0.08) : look.color, {
      depth: 0.8,
      line: 0.7,
    });
  }
}, 0.25);

export const donut: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, '#d9a066');
  pen.poly(
    Array.from({ length: 12 }, (_, i) => {
      const a = (i / 12) * Math.PI * 2;
      const d = r * (i % 2 ? 0.8 : 0.95);
      return [Math.cos(a) * d, Math.sin(a) * d] as const;
    }),
    look.color,
    { gloss: 0.6, line: 0.6, inset: true },
    true,
  );
  for (let i = 0; i < 10; i++) {
    const a = (i / 10) * 6.28 + pen.random.range(-0.2, 0.2);
    const d = r * pen.random.range(0.48, 0.72);
    pen.line(
      [
        [Math.cos(a) * d, Math.sin(a) * d],
        [Math.cos(a + 0.12) * d, Math.sin(a + 0.12) * d],
      ],
      shift('#ffcf4d', i * 70),
      r * 0.09,
    );
  }
  pen.circle(0, 0, r * 0.3, darken('#d9a066', 0.35), { inset: true, line: 0.6 });
});

export const leaf: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.poly(
    [
      [-w, 0],
      [-w * 0.3, -h],
      [w * 0.6, -h * 0.8],
      [w, 0],
      [w * 0.6, h * 0.8],
      [-w * 0.3, h],
    ],
    look.color,
    { depth: 0.7 },
    true,
  );
  pen.line(
    [
      [-w * 1.2, 0],
      [w * 0.8, 0],
    ],
    darken(look.color, 0.35),
    w * 0.08,
  );
}, 0.2);

export const star: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.poly(
    Array.from({ length: 10 }, (_, i) => {
      const a = -Math.PI / 2 + (i * Math.PI) / 5;
      const d = i % 2 ? r * 0.55 : r * 1.15;
      return [Math.cos(a) * d, Math.sin(a) * d] as const;
    }),
    look.color,
    { gloss: 0.7 },
  );
}, 0.25);
