/** Shapes as Rapier colliders, and the sizes derived from them. Called by stage.ts. */
import RAPIER from '@dimforge/rapier2d-deterministic-compat';
import type { Shape } from './performance.ts';

/** One collider per convex part; none for drawn-only shapes. */
export function colliderDescs(shape: Shape): RAPIER.ColliderDesc[] {
  switch (shape.kind) {
    case 'circle':
      return [RAPIER.ColliderDesc.ball(shape.radius)];
    case 'box': {
      const r = shape.round ?? 0;
      if (r <= 0) return [RAPIER.ColliderDesc.cuboid(shape.halfWidth, shape.halfHeight)];
      return [RAPIER.ColliderDesc.roundCuboid(shape.halfWidth - r, shape.halfHeight - r, r)];
    }
    case 'polygon': {
      const desc = RAPIER.ColliderDesc.convexHull(new Float32Array(shape.points.flat()));
      if (!desc) throw new Error('A polygon of the scene has no area.');
      return [desc];
    }
    case 'chain':
      return [RAPIER.ColliderDesc.polyline(new Float32Array(shape.points.flat()))];
    case 'compound':
      return shape.parts.flatMap((part) =>
        colliderDescs(part.shape).map((d) => d.setTranslation(part.x, part.y).setRotation(part.angle)),
      );
    case 'none':
      return [];
  }
}

/** Bounding box of a shape in its own frame: half extents and the height of its middle. */
export function hullOf(shape: Shape): { halfWidth: number; halfHeight: number; offsetY: number } {
  const b = boundsOf(shape);
  return {
    halfWidth: Math.max(-b.left, b.right),
    halfHeight: (b.top - b.bottom) / 2,
    offsetY: (b.top + b.bottom) / 2,
  };
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Extent of a shape in its own frame, metres. */
export function boundsOf(shape: Shape): Bounds {
  switch (shape.kind) {
    case 'circle':
      return { left: -shape.radius, right: shape.radius, bottom: -shape.radius, top: shape.radius };
    case 'box':
      return {
        left: -shape.halfWidth,
        right: shape.halfWidth,
        bottom: -shape.halfHeight,
        top: shape.halfHeight,
      };
    case 'none':
      return {
        left: -shape.width / 2,
        right: shape.width / 2,
        bottom: -shape.height / 2,
        top: shape.height / 2,
      };
    case 'polygon':
    case 'chain': {
      const xs = shape.points.map((p) => p[0]);
      const ys = shape.points.map((p) => p[1]);
      return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
    }
    case 'compound': {
      const all = shape.parts.map((p) => {
        const b = boundsOf(p.shape);
        const c = Math.abs(Math.cos(p.angle));
        const s = Math.abs(Math.sin(p.angle));
        const halfW = Math.max(-b.left, b.right) * c + Math.max(-b.bottom, b.top) * s;
        const halfH = Math.max(-b.left, b.right) * s + Math.max(-b.bottom, b.top) * c;
        return { left: p.x - halfW, right: p.x + halfW, bottom: p.y - halfH, top: p.y + halfH };
      });
      return {
        left: Math.min(...all.map((b) => b.left)),
        right: Math.max(...all.map((b) => b.right)),
        bottom: Math.min(...all.map((b) => b.bottom)),
        top: Math.max(...all.map((b) => b.top)),
      };
    }
  }
}

/** Effective size for the ear: the geometric mean of the extents, metres. */
export function sizeOf(shape: Shape): number {
  const b = boundsOf(shape);
  return Math.max(0.05, Math.sqrt(Math.max(0.01, b.right - b.left) * Math.max(0.01, b.top - b.bottom)));
}
