/** What rises: balloons, lanterns, rockets. Called by registry.ts. */
import { darken, lighten, mix } from '../../color.ts';
import { drawCharacter } from './character.ts';
import { halfOf, radiusOf, type Sprite, sprite } from './sprite.ts';

export const balloon: Sprite = {
  extent: (shape) => ({
    left: -radiusOf(shape) * 1.15,
    right: radiusOf(shape) * 1.15,
    top: -radiusOf(shape) * 1.2,
    bottom: radiusOf(shape) * 1.5,
  }),
  draw(pen, shape, look) {
    const r = radiusOf(shape);
    pen.poly(
      [
        [-r * 0.14, r * 1.3],
        [r * 0.14, r * 1.3],
        [0, r * 1.04],
      ],
      darken(look.color, 0.15),
      { line: 0.6 },
    );
    pen.poly(
      [
        [0, -r * 1.08],
        [r * 0.98, -r * 0.95],
        [r * 1.12, -r * 0.05],
        [r * 0.66, r * 0.85],
        [0, r * 1.22],
        [-r * 0.66, r * 0.85],
        [-r * 1.12, -r * 0.05],
        [-r * 0.98, -r * 0.95],
      ],
      look.color,
      { gloss: 0.9 },
      true,
    );
  },
};

export const hotAirBalloon: Sprite = {
  extent: (shape) => ({
    left: -radiusOf(shape) * 1.15,
    right: radiusOf(shape) * 1.15,
    top: -radiusOf(shape) * 1.15,
    bottom: radiusOf(shape) * 2.1,
  }),
  draw(pen, shape, look) {
    const r = radiusOf(shape);
    for (const s of [-1, 1])
      pen.line(
        [
          [s * r * 0.36, r * 0.9],
          [s * r * 0.2, r * 1.55],
        ],
        '#7a5436',
        r * 0.03,
      );
    if (look.detail) {
      pen.ctx.save();
      pen.ctx.translate(0, r * 1.34);
      drawCharacter(
        pen,
        look.detail,
        undefined,
        '#5b7fe8',
        r * 0.62,
        { air: false, blink: false, cheer: false, phase: 0 },
        false,
      );
      pen.ctx.restore();
    }
    pen.box(-r * 0.25, r * 1.52, r * 0.5, r * 0.36, r * 0.06, '#b07a45');
    pen.line(
      [
        [-r * 0.25, r * 1.64],
        [r * 0.25, r * 1.64],
      ],
      '#8a5a30',
      r * 0.04,
    );
    pen.poly(
      [
        [0, -r * 1.04],
        [r * 0.9, -r * 0.98],
        [r * 1.14, 0],
        [r * 0.6, r * 0.86],
        [r * 0.26, r * 1.12],
        [-r * 0.26, r * 1.12],
        [-r * 0.6, r * 0.86],
        [-r * 1.14, 0],
        [-r * 0.9, -r * 0.98],
      ],
      look.color,
      { gloss: 0.4 },
      true,
    );
    const stripe = look.accent ?? '#ffd166';
    pen.poly(
      [
        [0, -r * 1.0],
        [r * 0.34, -r * 0.5],
        [r * 0.3, r * 0.5],
        [r * 0.12, r * 1.02],
        [-r * 0.12, r * 1.02],
        [-r * 0.3, r * 0.5],
        [-r * 0.34, -r * 0.5],
      ],
      stripe,
      { depth: 0.5, line: 0.5, inset: true },
      true,
    );
    for (const s of [-1, 1])
      pen.poly(
        [
          [s * r * 0.62, -r * 0.8],
          [s * r * 0.92, -r * 0.35],
          [s * r * 0.86, r * 0.25],
          [s * r * 0.5, r * 0.86],
          [s * r * 0.6, r * 0.1],
        ],
        mix(stripe, '#ffffff', 0.5),
        { depth: 0.5, line: 0.4, bare: true, inset: true, opacity: 0.8 * pen.style.fill },
        true,
      );
  },
};

export const lantern: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).h * 3,
    right: halfOf(shape).h * 3,
    top: -halfOf(shape).h * 3,
    bottom: halfOf(shape).h * 3,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    pen.glow(0, h * 0.3, h * 2.9, look.color, 0.5);
    pen.poly(
      [
        [-w * 0.82, h * 0.96],
        [-w * 1.06, -h * 0.3],
        [-w * 0.8, -h],
        [w * 0.8, -h],
        [w * 1.06, -h * 0.3],
        [w * 0.82, h * 0.96],
      ],
      look.color,
      { depth: 0.25, line: 0.8 },
    );
    pen.poly(
      [
        [-w * 0.7, h * 0.9],
        [-w * 0.6, 0],
        [0, -h * 0.6],
        [w * 0.6, 0],
        [w * 0.7, h * 0.9],
      ],
      lighten(look.color, 0.62),
      { depth: 0, bare: true, inset: true, opacity: 0.75 },
      true,
    );
    pen.ellipse(0, h * 0.72, w * 0.3, h * 0.22, '#fffbe0', {
      depth: 0,
      bare: true,
      inset: true,
      opacity: 0.95,
    });
    pen.box(-w * 0.84, h * 0.88, w * 1.68, h * 0.14, h * 0.05, darken(look.color, 0.4), { line: 0.5 });
    for (const x of [-0.4, 0.4])
      pen.line(
        [
          [x * w * 1.5, -h * 0.95],
          [x * w * 1.6, h * 0.86],
        ],
        darken(look.color, 0.14),
        w * 0.04,
      );
  },
};

export const rocket: Sprite = {
  extent: (shape) => ({
    left: -halfOf(shape).w * 2.1,
    right: halfOf(shape).w * 2.1,
    top: -halfOf(shape).h * 1.18,
    bottom: halfOf(shape).h * 1.16,
  }),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    const red = look.accent ?? '#e0483c';
    for (const s of [-1, 1])
      pen.poly(
        [
          [s * w * 0.8, h * 0.25],
          [s * w * 1.75, h * 0.75],
          [s * w * 1.8, h * 1.06],
          [s * w * 0.7, h * 0.86],
        ],
        red,
      );
    pen.poly(
      [
        [-w * 0.4, h * 0.92],
        [w * 0.4, h * 0.92],
        [w * 0.55, h * 1.1],
        [-w * 0.55, h * 1.1],
      ],
      '#6d7282',
    );
    pen.poly(
      [
        [0, -h * 1.14],
        [w * 0.7, -h * 0.7],
        [w * 1.04, -h * 0.05],
        [w * 0.95, h * 0.62],
        [w * 0.6, h * 0.95],
        [-w * 0.6, h * 0.95],
        [-w * 0.95, h * 0.62],
        [-w * 1.04, -h * 0.05],
        [-w * 0.7, -h * 0.7],
      ],
      look.color,
      { gloss: 0.4 },
      true,
    );
    pen.poly(
      [
        [0, -h * 1.12],
        [w * 0.5, -h * 0.86],
        [w * 0.72, -h * 0.58],
        [-w * 0.72, -h * 0.58],
        [-w * 0.5, -h * 0.86],
      ],
      red,
      { depth: 0.8, line: 0.7, inset: true },
      true,
    );
    pen.circle(0, -h * 0.2, w * 0.52, '#c9ced8', { line: 0.7, inset: true });
    pen.circle(0, -h * 0.2, w * 0.4, '#3a6ea8', { gloss: 0.8, line: 0.6, inset: true });
    if (look.detail) {
      pen.ctx.save();
      pen.ctx.beginPath();
      pen.ctx.arc(0, -h * 0.2, w * 0.4, 0, 7);
      pen.ctx.clip();
      pen.ctx.translate(-w * 0.02, -h * 0.2 + w * 0.2);
      drawCharacter(
        pen,
        look.detail,
        undefined,
        '#5b7fe8',
        w * 1.15,
        { air: false, blink: false, cheer: false, phase: 0 },
        false,
      );
      pen.ctx.restore();
    }
    pen.box(-w * 0.95, h * 0.3, w * 1.9, h * 0.11, 0.02, red, { depth: 0.6, line: 0.5, inset: true });
    pen.poly(
      [
        [-w * 0.1, h * 0.4],
        [w * 0.1, h * 0.4],
        [w * 0.12, h * 1.05],
        [-w * 0.12, h * 1.05],
      ],
      darken(red, 0.12),
      { line: 0.7, inset: true },
    );
  },
};

export const gantry: Sprite = {
  extent: (shape) => ({ left: -0.7, right: 1.2, top: -halfOf(shape).h - 0.3, bottom: halfOf(shape).h + 0.1 }),
  draw(pen, shape, look) {
    const { h } = halfOf(shape);
    for (const x of [-0.4, 0.3])
      pen.line(
        [
          [x, -h],
          [x, h],
        ],
        look.color,
        0.09,
      );
    for (let y = -h; y < h - 0.3; y += 0.62) {
      pen.line(
        [
          [-0.4, y],
          [0.3, y + 0.62],
        ],
        darken(look.color, 0.15),
        0.05,
      );
      pen.line(
        [
          [0.3, y],
          [-0.4, y + 0.62],
        ],
        darken(look.color, 0.15),
        0.05,
      );
      pen.line(
        [
          [-0.4, y],
          [0.3, y],
        ],
        look.color,
        0.06,
      );
    }
    pen.box(0.25, -h * 0.46, 0.78, 0.12, 0.03, look.color);
    pen.circle(-0.05, -h - 0.08, 0.1, '#ff5c4d', { gloss: 0.7, line: 0.6 });
  },
};

export const shell: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.glow(0, 0, r * 3.6, '#ffe2a8', 0.8);
  pen.circle(0, 0, r * 0.7, lighten(look.color, 0.6), { bare: true, depth: 0 });
}, 1.6);
