/** What floats. Called by registry.ts. */
import { darken, lighten, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { drawCharacter } from './character.ts';
import { halfOf, type Sprite } from './sprite.ts';

function hull(pen: Pen, w: number, h: number, color: `#${string}`, stripe: `#${string}`): void {
  pen.poly(
    [
      [-w * 1.06, -h * 1.1],
      [w * 1.14, -h * 1.3],
      [w * 0.86, h * 0.7],
      [w * 0.6, h],
      [-w * 0.7, h],
      [-w * 0.92, h * 0.5],
    ],
    color,
  );
  pen.line(
    [
      [-w * 1.0, -h * 0.62],
      [w * 1.02, -h * 0.78],
    ],
    stripe,
    h * 0.2,
  );
  pen.line(
    [
      [-w * 0.94, -h * 0.05],
      [w * 0.94, -h * 0.12],
    ],
    darken(color, 0.3),
    h * 0.06,
  );
  pen.line(
    [
      [-w * 0.86, h * 0.42],
      [w * 0.88, h * 0.38],
    ],
    darken(color, 0.3),
    h * 0.06,
  );
}

function passengers(
  pen: Pen,
  detail: string | undefined,
  w: number,
  h: number,
  places: readonly number[],
): void {
  const kinds = (detail ?? '').split(',').filter((k) => k !== '');
  kinds.slice(0, places.length).forEach((kind, i) => {
    pen.ctx.save();
    pen.ctx.translate((places[i] ?? 0) * w, -h * 1.0 - 0.36);
    drawCharacter(
      pen,
      kind,
      undefined,
      '#5b7fe8',
      1.05,
      { air: false, blink: false, cheer: false, phase: 0 },
      false,
    );
    pen.ctx.restore();
  });
}

export const boat: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.3,
    right: halfOf(shape).w * 1.35,
    top: -1.9,
    bottom: halfOf(shape).h * 1.2,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    passengers(pen, look.detail, w, h, [-0.1, 0.5]);
    if (!look.detail) {
      pen.box(-w * 0.55, -h * 1.1 - 0.62, w * 0.8, 0.66, 0.06, '#f6efe0');
      pen.box(-w * 0.62, -h * 1.1 - 0.74, w * 0.94, 0.16, 0.05, look.accent ?? '#f2545b');
      for (const x of [-0.42, -0.08])
        pen.circle(x * w, -h * 1.1 - 0.3, 0.11, '#7cc4e0', { gloss: 0.8, line: 0.7, inset: true });
    }
    hull(pen, w, h, look.color, '#f6efe0');
  },
};

export const sailboat: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.3,
    right: halfOf(shape).w * 1.4,
    top: -3.6,
    bottom: halfOf(shape).h * 1.2,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.line(
      [
        [0, -h],
        [0, -3.3],
      ],
      '#7a5436',
      0.09,
    );
    const sail = look.accent ?? '#f6efe0';
    pen.poly(
      [
        [0.09, -3.15],
        [0.6, -2.2],
        [w * 0.98, -h - 0.42],
        [0.09, -h - 0.38],
      ],
      mix(sail, '#fbf6ea', 0.82),
      { depth: 0.9 },
    );
    pen.poly(
      [
        [0.12, -1.62],
        [0.82, -1.62],
        [w * 0.92, -h - 0.62],
        [0.12, -h - 0.62],
      ].slice(0, 4) as [number, number][],
      sail,
      { depth: 0.6, bare: true, inset: true, opacity: 0.85 },
    );
    pen.poly(
      [
        [-0.08, -2.8],
        [-w * 0.86, -h - 0.4],
        [-0.08, -h - 0.4],
      ],
      mix(sail, '#fbf6ea', 0.6),
      { depth: 0.9 },
    );
    pen.poly(
      [
        [0, -3.3],
        [0.42, -3.42],
        [0, -3.54],
      ],
      look.color,
      { line: 0.6 },
    );
    passengers(pen, look.detail, w, h, [-0.42, 0.42]);
    hull(pen, w, h, look.color, lighten(sail, 0.35));
  },
};

export const paperBoat: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.35,
    right: halfOf(shape).w * 1.35,
    top: -1.35,
    bottom: halfOf(shape).h * 1.2,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.poly(
      [
        [-w * 0.42, -h * 0.1],
        [0, -1.15],
        [w * 0.42, -h * 0.1],
      ],
      lighten(look.color, 0.05),
      { depth: 0.8 },
    );
    pen.poly(
      [
        [0, -1.15],
        [w * 0.42, -h * 0.1],
        [0.02, -h * 0.1],
      ],
      darken(look.color, 0.14),
      { depth: 0.4, line: 0.5, inset: true },
    );
    passengers(pen, look.detail, w * 0.7, h * 0.4, [0]);
    pen.poly(
      [
        [-w * 1.25, -h * 1.1],
        [0, -h * 0.1],
        [w * 1.25, -h * 1.1],
        [w * 0.66, h],
        [-w * 0.66, h],
      ],
      look.color,
    );
    pen.poly(
      [
        [0, -h * 0.1],
        [w * 1.25, -h * 1.1],
        [w * 0.66, h],
        [0.05, h],
      ],
      darken(look.color, 0.1),
      { depth: 0.4, line: 0.5, inset: true },
    );
  },
};

export const duck: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.3,
    right: halfOf(shape).w * 1.5,
    top: -halfOf(shape).w * 1.9,
    bottom: halfOf(shape).h * 1.2,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.poly(
      [
        [w * 1.02, -w * 0.98],
        [w * 1.34, -w * 0.86],
        [w * 1.0, -w * 0.74],
      ],
      '#f58a2c',
      { line: 0.7 },
      false,
    );
    pen.poly(
      [
        [-w * 1.2, -h * 1.5],
        [-w * 0.55, -h * 0.8],
        [w * 0.5, -h * 1.0],
        [w * 1.05, -h * 0.2],
        [w * 0.7, h],
        [-w * 0.7, h],
        [-w * 1.08, 0],
      ],
      look.color,
      { gloss: 0.3 },
      true,
    );
    pen.circle(w * 0.62, -w * 0.95, w * 0.46, look.color, { gloss: 0.5 });
    pen.poly(
      [
        [-w * 0.55, -h * 0.5],
        [w * 0.25, -h * 0.6],
        [w * 0.1, h * 0.4],
        [-w * 0.45, h * 0.35],
      ],
      darken(look.color, 0.12),
      { depth: 0.6, line: 0.6, inset: true },
      true,
    );
    pen.circle(w * 0.78, -w * 1.05, w * 0.08, '#2a2433', { bare: true, depth: 0, inset: true });
  },
};

export const buoy: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 1.2,
    right: halfOf(shape).w * 1.2,
    top: -halfOf(shape).h * 3.4,
    bottom: halfOf(shape).h * 1.3,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.poly(
      [
        [-w * 0.34, -h * 0.6],
        [-w * 0.12, -h * 2.6],
        [w * 0.12, -h * 2.6],
        [w * 0.34, -h * 0.6],
      ],
      look.color,
    );
    pen.poly(
      [
        [-w * 0.27, -h * 1.25],
        [-w * 0.21, -h * 1.8],
        [w * 0.21, -h * 1.8],
        [w * 0.27, -h * 1.25],
      ],
      look.accent ?? '#f7f3ea',
      { depth: 0.6, line: 0.5, inset: true },
    );
    pen.circle(0, -h * 2.8, w * 0.16, '#ffd34d', { line: 0.6 });
    pen.box(-w, -h * 0.7, 2 * w, h * 1.5, h * 0.5, look.color);
  },
};
