/** Cars, trucks, motorcycles and their wheels. Called by registry.ts. */
import { darken, lighten } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { drawCharacter } from './character.ts';
import { halfOf, radiusOf, type Sprite, sprite } from './sprite.ts';

const still = { air: false, blink: false, cheer: false, phase: 0 };

function rider(pen: Pen, kind: string | undefined, x: number, y: number, size: number): void {
  if (!kind) return;
  pen.ctx.save();
  pen.ctx.translate(x, y);
  drawCharacter(pen, kind, undefined, '#5b7fe8', size, still, false);
  pen.ctx.restore();
}

export const car: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.2,
    right: halfOf(shape).w * 1.2,
    top: -1.35,
    bottom: halfOf(shape).h * 1.7,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    rider(pen, look.detail, 0, -h - 0.28, 0.95);
    pen.poly(
      [
        [-w * 0.62, -h * 0.9],
        [-w * 0.46, -h * 2.55],
        [w * 0.2, -h * 2.6],
        [w * 0.58, -h * 0.9],
      ],
      darken(look.color, 0.06),
      {},
    );
    pen.poly(
      [
        [-w * 0.5, -h * 1.05],
        [-w * 0.39, -h * 2.25],
        [-w * 0.08, -h * 2.28],
        [-w * 0.08, -h * 1.05],
      ],
      '#bfe6f2',
      { gloss: 0.5, line: 0.6, inset: true },
    );
    pen.poly(
      [
        [w * 0.03, -h * 1.05],
        [w * 0.03, -h * 2.28],
        [w * 0.17, -h * 2.26],
        [w * 0.45, -h * 1.05],
      ],
      '#bfe6f2',
      { gloss: 0.5, line: 0.6, inset: true },
    );
    pen.poly(
      [
        [-w * 1.02, h * 0.6],
        [-w * 1.04, -h * 0.6],
        [-w * 0.8, -h * 1.1],
        [w * 0.55, -h * 1.1],
        [w * 1.0, -h * 0.5],
        [w * 1.08, h * 0.6],
        [w * 0.98, h * 1.05],
        [-w * 0.98, h * 1.05],
      ],
      look.color,
      { gloss: 0.35 },
    );
    pen.line(
      [
        [-w * 0.98, h * 0.05],
        [w * 1.02, h * 0.05],
      ],
      lighten(look.color, 0.45),
      h * 0.13,
    );
    pen.ellipse(w * 0.98, -h * 0.12, w * 0.06, h * 0.24, '#fff2b8', { line: 0.6, inset: true });
    pen.ellipse(-w * 1.0, -h * 0.12, w * 0.05, h * 0.22, '#ff6b5c', { line: 0.6, inset: true });
    pen.box(-w * 1.08, h * 0.62, w * 0.3, h * 0.32, h * 0.12, '#c9ced8', { line: 0.6, inset: true });
    pen.box(w * 0.8, h * 0.62, w * 0.32, h * 0.32, h * 0.12, '#c9ced8', { line: 0.6, inset: true });
  },
};

export const truck: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.15,
    right: halfOf(shape).w * 1.15,
    top: -1.6,
    bottom: halfOf(shape).h * 1.6,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.poly(
      [
        [w * 0.22, -h * 0.4],
        [w * 0.22, -h * 2.3],
        [w * 0.72, -h * 2.3],
        [w * 1.0, -h * 0.7],
        [w * 1.04, h],
        [w * 0.22, h],
      ],
      look.color,
      { gloss: 0.3 },
    );
    pen.poly(
      [
        [w * 0.36, -h * 0.8],
        [w * 0.36, -h * 2.0],
        [w * 0.66, -h * 2.0],
        [w * 0.86, -h * 0.8],
      ],
      '#bfe6f2',
      { gloss: 0.5, line: 0.6, inset: true },
    );
    rider(pen, look.detail, -w * 0.45, -h * 1.25 - 0.3, 1);
    pen.box(-w * 1.04, -h * 1.25, w * 1.22, h * 2.2, 0.05, lighten(look.accent ?? look.color, 0.1));
    for (const k of [0.22, 0.5, 0.78])
      pen.line(
        [
          [-w * 1.04 + w * 1.22 * k, -h * 1.2],
          [-w * 1.04 + w * 1.22 * k, h * 0.9],
        ],
        darken(look.accent ?? look.color, 0.2),
        0.03,
      );
    pen.box(-w * 1.04, h * 0.7, w * 2.08, h * 0.3, 0.04, '#555a68');
    pen.ellipse(w * 1.0, h * 0.2, w * 0.04, h * 0.2, '#fff2b8', { line: 0.6, inset: true });
  },
};

export const motorcycle: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.5,
    right: halfOf(shape).w * 1.6,
    top: -1.7,
    bottom: halfOf(shape).h * 1.9,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    rider(pen, look.detail || 'person', -w * 0.15, -h - 0.42, 1.2);
    pen.line(
      [
        [w * 0.9, h * 1.4],
        [w * 0.55, -h * 1.5],
        [w * 0.3, -h * 1.9],
      ],
      '#9aa1b0',
      0.08,
    );
    pen.line(
      [
        [-w * 0.85, h * 1.4],
        [-w * 0.1, h * 0.6],
        [w * 0.5, h * 0.5],
      ],
      '#6d7282',
      0.1,
    );
    pen.poly(
      [
        [-w * 1.0, -h * 0.7],
        [-w * 0.3, -h * 0.5],
        [w * 0.1, -h * 1.2],
        [w * 0.62, -h * 1.1],
        [w * 0.6, h * 0.3],
        [-w * 0.4, h * 0.6],
      ],
      look.color,
      { gloss: 0.5 },
      true,
    );
    pen.box(-w * 0.2, h * 0.1, w * 0.6, h * 1.1, 0.06, '#565b69', { line: 0.7 });
  },
};

export const wheel: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, look.color);
  pen.circle(0, 0, r * 0.6, look.accent ?? '#d9dce4', { line: 0.6, inset: true });
  for (let i = 0; i < 5; i++) {
    const a = i * 1.2566;
    pen.line(
      [
        [0, 0],
        [Math.cos(a) * r * 0.52, Math.sin(a) * r * 0.52],
      ],
      '#7c8190',
      r * 0.12,
    );
  }
  pen.circle(0, 0, r * 0.16, '#565b69', { line: 0.4, inset: true });
});

export const barrel: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.poly(
    [
      [-w * 0.86, -h],
      [w * 0.86, -h],
      [w * 1.04, 0],
      [w * 0.86, h],
      [-w * 0.86, h],
      [-w * 1.04, 0],
    ],
    look.color,
    {},
    false,
  );
  for (const y of [-0.55, 0.55])
    pen.box(-w * 0.98, y * h - h * 0.1, w * 1.96, h * 0.2, h * 0.05, '#6d7282', { line: 0.5, inset: true });
}, 0.1);
