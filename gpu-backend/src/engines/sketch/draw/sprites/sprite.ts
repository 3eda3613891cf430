/** What a sprite is: a drawing of one body in metres, y down, centred on the body's origin. Baked and cached by sprite-cache.ts. */
import type { Look, Shape } from '../../physics/performance.ts';
import { boundsOf } from '../../physics/shapes.ts';
import type { Pen } from '../pen.ts';

export interface Pose {
  /** Off the ground. */
  readonly air: boolean;
  readonly blink: boolean;
  /** Arms up, mouth open. */
  readonly cheer: boolean;
  /** How far the mouth is open while speaking, 0 … 3. */
  readonly talk?: number;
  /** Animation phase 0..7 for things that move by themselves (flames, fins). */
  readonly phase: number;
}

/** Extent of the drawing in metres, y down. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Sprite {
  extent(shape: Shape, look: Look): Extent;
  draw(pen: Pen, shape: Shape, look: Look, pose: Pose): void;
  /** Whether the pose changes the drawing; others are baked once. */
  readonly posed?: boolean;
}

/** The body's own box grown by a share of its size. */
export function around(shape: Shape, grow = 0.12, up = 0): Extent {
  const b = boundsOf(shape);
  const g = Math.max(b.right - b.left, b.top - b.bottom) * grow;
  return { left: b.left - g, right: b.right + g, top: -b.top - g - up, bottom: -b.bottom + g };
}

/** Half width and half height of a shape's box. */
export function halfOf(shape: Shape): { w: number; h: number } {
  const b = boundsOf(shape);
  return { w: (b.right - b.left) / 2, h: (b.top - b.bottom) / 2 };
}

export function radiusOf(shape: Shape): number {
  return shape.kind === 'circle' ? shape.radius : Math.min(halfOf(shape).w, halfOf(shape).h);
}

/** A sprite from a drawing function alone. */
export function sprite(draw: Sprite['draw'], grow?: number, up?: number): Sprite {
  return { extent: (shape) => around(shape, grow, up), draw };
}
