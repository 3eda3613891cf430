/** Ropes, strings and chains between bodies. Called by bodies.ts. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { alpha, darken } from '../color.ts';
import type { Rope } from '../physics/performance.ts';
import type { Style } from './style.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** @param perMetre pixels per metre; ends are pixels of the frame */
export function drawRope(
  ctx: SKRSContext2D,
  style: Style,
  a: Point,
  b: Point,
  rope: Rope,
  perMetre: number,
): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const hang = rope.slack === undefined ? 0 : Math.max(0, rope.slack * perMetre - length) * 0.5;
  const color =
    style.shading === 'none' ? style.outlineColor(style.color(rope.color)) : style.color(rope.color);
  const width = Math.max(1.2, rope.width * perMetre);
  ctx.save();
  ctx.lineCap = 'round';
  for (const [w, c] of style.glow > 0
    ? ([
        [width + 9, alpha(color, 0.2)],
        [width, color],
      ] as const)
    : ([
        [width + 2, alpha(darken(color, 0.5), 0.55)],
        [width, color],
      ] as const)) {
    ctx.strokeStyle = c;
    ctx.lineWidth = w;
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    if (hang > 1) ctx.quadraticCurveTo((a.x + b.x) / 2, (a.y + b.y) / 2 + hang, b.x, b.y);
    else ctx.lineTo(b.x, b.y);
    ctx.stroke();
  }
  ctx.restore();
}
