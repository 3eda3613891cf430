/** What swims. Drawn facing right; phase moves tails and arms. Called by registry.ts. */
import { darken, type Hex, lighten, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { drawCharacter } from './character.ts';
import { halfOf, type Pose, type Sprite } from './sprite.ts';

function eye(pen: Pen, x: number, y: number, r: number, blink: boolean): void {
  if (blink) {
    pen.line(
      [
        [x - r, y],
        [x + r, y],
      ],
      '#241f2e',
      r * 0.4,
    );
    return;
  }
  pen.circle(x, y, r, '#fffdf5', { depth: 0.2, line: 0.5, inset: true });
  pen.circle(x + r * 0.22, y, r * 0.56, '#241f2e', { depth: 0, bare: true, opacity: 1, inset: true });
  pen.circle(x + r * 0.4, y - r * 0.25, r * 0.2, '#ffffff', {
    depth: 0,
    bare: true,
    opacity: 1,
    inset: true,
  });
}

const wag = (pose: Pose): number => Math.sin((pose.phase / 8) * 2 * Math.PI);
const creature = (
  grow: number,
  draw: (pen: Pen, w: number, h: number, color: Hex, accent: Hex, pose: Pose, detail: string) => void,
): Sprite => ({
  posed: true,
  extent: (shape) => {
    const { w, h } = halfOf(shape);
    const s = Math.max(w, h) * grow;
    return { left: -w - s, right: w + s, top: -h - s, bottom: h + s };
  },
  draw: (pen, shape, look, pose) =>
    draw(
      pen,
      halfOf(shape).w,
      halfOf(shape).h,
      look.color,
      look.accent ?? '#ffd166',
      pose,
      look.detail ?? '',
    ),
});

export const fish: Sprite = creature(0.5, (pen, w, h, color, accent, pose) => {
  const t = wag(pose) * h * 0.35;
  pen.poly(
    [
      [-w * 0.7, 0],
      [-w * 1.4, -h * 0.8 + t],
      [-w * 1.15, t * 0.6],
      [-w * 1.4, h * 0.8 + t],
    ],
    mix(color, accent, 0.4),
    { line: 0.8 },
    true,
  );
  pen.poly(
    [
      [-w * 0.3, -h * 0.7],
      [0, -h * 1.35],
      [w * 0.45, -h * 0.8],
    ],
    mix(color, accent, 0.4),
    { line: 0.8 },
    true,
  );
  pen.poly(
    [
      [-w * 0.95, 0],
      [-w * 0.3, -h],
      [w * 0.5, -h * 0.95],
      [w * 1.08, -h * 0.1],
      [w * 0.5, h * 0.9],
      [-w * 0.3, h],
    ],
    color,
    { gloss: 0.4 },
    true,
  );
  pen.line(
    [
      [w * 0.12, -h * 0.72],
      [w * 0.02, 0],
      [w * 0.12, h * 0.66],
    ],
    lighten(color, 0.55),
    w * 0.13,
    true,
  );
  pen.poly(
    [
      [-w * 0.15, h * 0.12],
      [-w * 0.5, h * 0.5 + t * 0.4],
      [w * 0.05, h * 0.42],
    ],
    mix(color, accent, 0.5),
    { line: 0.6, inset: true },
    true,
  );
  eye(pen, w * 0.56, -h * 0.18, h * 0.24, pose.blink);
});

export const whale: Sprite = creature(0.4, (pen, w, h, color, _accent, pose) => {
  const t = wag(pose) * h * 0.28;
  pen.poly(
    [
      [-w * 0.78, -h * 0.05],
      [-w * 1.12, -h * 0.2 + t],
      [-w * 1.36, -h * 0.85 + t],
      [-w * 1.12, -h * 0.62 + t],
      [-w * 0.98, -h * 0.95 + t],
      [-w * 0.92, -h * 0.3 + t],
    ],
    color,
    {},
    true,
  );
  pen.poly(
    [
      [-w * 1.02, -h * 0.12 + t * 0.6],
      [-w * 0.45, -h * 0.72],
      [w * 0.3, -h * 1.02],
      [w * 0.98, -h * 0.55],
      [w * 1.08, h * 0.2],
      [w * 0.6, h * 0.86],
      [-w * 0.2, h * 0.8],
      [-w * 0.72, h * 0.3],
    ],
    color,
    { gloss: 0.2 },
    true,
  );
  pen.poly(
    [
      [w * 1.04, h * 0.16],
      [w * 0.62, h * 0.84],
      [-w * 0.18, h * 0.8],
      [-w * 0.5, h * 0.5],
      [w * 0.2, h * 0.34],
    ],
    lighten(color, 0.72),
    { depth: 0.5, line: 0.6, inset: true },
    true,
  );
  for (let i = 0; i < 4; i++)
    pen.line(
      [
        [w * (0.72 - i * 0.22), h * 0.34],
        [w * (0.6 - i * 0.22), h * 0.76],
      ],
      mix(color, '#ffffff', 0.4),
      h * 0.03,
    );
  pen.poly(
    [
      [w * 0.16, h * 0.4],
      [-w * 0.16, h * 1.15 + t * 0.8],
      [-w * 0.22, h * 0.58],
    ],
    darken(color, 0.14),
    { line: 0.8 },
    true,
  );
  eye(pen, w * 0.66, -h * 0.02, h * 0.12, pose.blink);
  pen.line(
    [
      [w * 1.02, h * 0.16],
      [w * 0.78, h * 0.24],
      [w * 0.56, h * 0.2],
    ],
    darken(color, 0.45),
    h * 0.045,
    true,
  );
});

export const shark: Sprite = creature(0.5, (pen, w, h, color, _accent, pose) => {
  const t = wag(pose) * h * 0.5;
  pen.poly(
    [
      [-w * 0.8, 0],
      [-w * 1.3, -h * 1.25 + t],
      [-w * 1.05, t * 0.5],
      [-w * 1.22, h * 0.8 + t],
    ],
    color,
  );
  pen.poly(
    [
      [-w * 0.12, -h * 0.7],
      [-w * 0.02, -h * 1.8],
      [w * 0.36, -h * 0.8],
    ],
    color,
  );
  pen.poly(
    [
      [-w * 1.0, 0],
      [-w * 0.3, -h * 0.85],
      [w * 0.5, -h * 0.95],
      [w * 1.15, -h * 0.05],
      [w * 0.6, h * 0.75],
      [-w * 0.3, h * 0.7],
    ],
    color,
    { gloss: 0.3 },
    true,
  );
  pen.poly(
    [
      [w * 1.1, 0],
      [w * 0.6, h * 0.74],
      [-w * 0.3, h * 0.68],
      [w * 0.2, h * 0.3],
    ],
    lighten(color, 0.75),
    { depth: 0.4, line: 0.5, inset: true },
    true,
  );
  pen.poly(
    [
      [w * 0.2, h * 0.4],
      [-w * 0.05, h * 1.4],
      [-w * 0.1, h * 0.55],
    ],
    darken(color, 0.12),
    { line: 0.7 },
  );
  pen.line(
    [
      [w * 0.92, h * 0.22],
      [w * 0.74, h * 0.36],
      [w * 0.52, h * 0.3],
    ],
    darken(color, 0.5),
    h * 0.06,
    true,
  );
  eye(pen, w * 0.72, -h * 0.2, h * 0.15, pose.blink);
});

export const jellyfish: Sprite = creature(0.9, (pen, w, h, color, _accent, pose) => {
  const t = wag(pose);
  for (let i = 0; i < 6; i++) {
    const x = (-0.65 + i * 0.26) * w;
    pen.line(
      Array.from(
        { length: 6 },
        (_, k) => [x + Math.sin(k * 1.2 + t + i) * w * 0.13, h * 0.1 + k * h * 0.28] as const,
      ),
      lighten(color, 0.3),
      w * 0.07,
      true,
    );
  }
  pen.glow(0, -h * 0.2, w * 1.7, color, 0.3);
  const s = 1 + t * 0.06;
  pen.poly(
    [
      [-w * s, h * 0.2],
      [-w * 0.95 * s, -h * 0.55],
      [-w * 0.3, -h],
      [w * 0.3, -h],
      [w * 0.95 * s, -h * 0.55],
      [w * s, h * 0.2],
      [w * 0.5, h * 0.08],
      [0, h * 0.24],
      [-w * 0.5, h * 0.08],
    ],
    color,
    { gloss: 0.7, opacity: 0.85 * pen.style.fill },
    true,
  );
  eye(pen, -w * 0.18, -h * 0.18, w * 0.12, pose.blink);
  eye(pen, w * 0.3, -h * 0.18, w * 0.12, pose.blink);
});

export const octopus: Sprite = creature(0.6, (pen, w, h, color, _accent, pose) => {
  const t = wag(pose);
  for (let i = 0; i < 6; i++) {
    const k = (i - 2.5) / 2.5;
    pen.line(
      [
        [k * w * 0.5, h * 0.2],
        [k * w * 0.95, h * (0.6 + 0.1 * t)],
        [k * w * 1.2 + t * w * 0.12 * (i % 2 ? 1 : -1), h * 1.1],
        [k * w * 1.5, h * (0.95 - 0.2 * t)],
      ],
      i % 2 ? color : darken(color, 0.12),
      w * 0.2,
      true,
    );
  }
  pen.poly(
    [
      [-w * 0.75, h * 0.4],
      [-w * 0.9, -h * 0.4],
      [-w * 0.45, -h * 1.02],
      [w * 0.45, -h * 1.02],
      [w * 0.9, -h * 0.4],
      [w * 0.75, h * 0.4],
      [0, h * 0.55],
    ],
    color,
    { gloss: 0.4 },
    true,
  );
  eye(pen, -w * 0.16, -h * 0.16, w * 0.2, pose.blink);
  eye(pen, w * 0.36, -h * 0.16, w * 0.2, pose.blink);
  pen.line(
    [
      [-w * 0.02, h * 0.16],
      [w * 0.1, h * 0.22],
      [w * 0.22, h * 0.16],
    ],
    darken(color, 0.5),
    w * 0.05,
    true,
  );
});

export const turtle: Sprite = creature(0.45, (pen, w, h, color, _accent, pose) => {
  const t = wag(pose) * h * 0.45;
  pen.poly(
    [
      [-w * 0.55, h * 0.2],
      [-w * 1.05, h * 0.5 + t * 0.6],
      [-w * 1.0, h * 0.75 + t * 0.6],
      [-w * 0.4, h * 0.5],
    ],
    darken(color, 0.1),
    { line: 0.8 },
    true,
  );
  pen.ellipse(w * 0.98, -h * 0.1, w * 0.3, h * 0.42, lighten(color, 0.12), { gloss: 0.2 });
  pen.poly(
    [
      [-w * 0.95, h * 0.3],
      [-w * 0.7, -h * 0.6],
      [0, -h * 1.05],
      [w * 0.62, -h * 0.6],
      [w * 0.86, h * 0.28],
      [0, h * 0.55],
    ],
    darken(mix(color, '#8a6a3a', 0.5), 0.06),
    { gloss: 0.3 },
    true,
  );
  for (const [x, y] of [
    [-0.4, -0.15],
    [0.02, -0.42],
    [0.42, -0.12],
    [0, 0.12],
  ] as const)
    pen.poly(
      Array.from(
        { length: 6 },
        (_, i) => [x * w + Math.cos(i * 1.047) * w * 0.19, y * h + Math.sin(i * 1.047) * h * 0.26] as const,
      ),
      mix(color, '#e0b868', 0.5),
      { depth: 0.4, line: 0.5, inset: true },
    );
  pen.poly(
    [
      [w * 0.35, h * 0.25],
      [w * 0.1, h * 0.95 + t],
      [-w * 0.2, h * 1.2 + t],
      [-w * 0.05, h * 0.4],
    ],
    lighten(color, 0.06),
    { line: 0.8 },
    true,
  );
  eye(pen, w * 1.06, -h * 0.2, h * 0.13, pose.blink);
});

export const submarine: Sprite = creature(0.35, (pen, w, h, color, accent, pose, detail) => {
  pen.line(
    [
      [-w * 0.1, -h * 1.2],
      [-w * 0.1, -h * 1.75],
      [w * 0.12, -h * 1.75],
    ],
    darken(color, 0.25),
    h * 0.14,
  );
  pen.box(-w * 0.34, -h * 1.35, w * 0.56, h * 0.6, h * 0.16, color);
  const blade = Math.abs(Math.cos((pose.phase / 8) * Math.PI));
  pen.ellipse(-w * 1.16, 0, w * 0.05, h * (0.25 + 0.55 * blade), '#b8a07a', { line: 0.7 });
  pen.poly(
    [
      [-w * 0.7, -h * 0.5],
      [-w * 1.15, -h * 0.95],
      [-w * 1.0, 0],
      [-w * 1.15, h * 0.95],
      [-w * 0.7, h * 0.5],
    ],
    darken(color, 0.16),
  );
  pen.ellipse(0, 0, w, h, color, { gloss: 0.6 });
  pen.line(
    [
      [-w * 0.9, h * 0.4],
      [w * 0.9, h * 0.4],
    ],
    accent,
    h * 0.13,
  );
  for (const [i, x] of [0.55, 0.05, -0.42].entries()) {
    pen.circle(x * w, -h * 0.1, h * 0.32, '#c9b07a', { line: 0.7, inset: true });
    pen.circle(x * w, -h * 0.1, h * 0.24, '#bfe9f5', { gloss: 0.8, line: 0.6, inset: true });
    if (i !== 0 || detail === '') continue;
    pen.ctx.save();
    pen.ctx.translate(x * w, 0);
    drawCharacter(pen, detail, undefined, accent, h * 0.6, pose, false);
    pen.ctx.restore();
  }
});
