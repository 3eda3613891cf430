/**
 * The water's surface as a pure function of place and time, and the forces it puts on a floating body. Called by stage.ts
 * for physics and by draw/ for the picture: both see the same wave.
 */
import type { WaterSurface } from './performance.ts';

/** Height of the surface in metres at x and time: level + Σ a·sin(2π(x − c·t)/λ + φ). */
export function waterHeight(water: WaterSurface, x: number, time: number): number {
  let y = water.level;
  for (const w of water.waves)
    y += w.amplitude * Math.sin((2 * Math.PI * (x - w.speed * time)) / w.length + w.phase);
  return y;
}

/** Vertical speed of the surface at x, m/s. */
export function waterRise(water: WaterSurface, x: number, time: number): number {
  let v = 0;
  for (const w of water.waves) {
    const k = (2 * Math.PI) / w.length;
    v -= w.amplitude * k * w.speed * Math.cos(k * (x - w.speed * time) + w.phase);
  }
  return v;
}

/**
 * Builds a sea of a given mean wave height. Phase speed follows deep-water gravity waves, c = √(gλ/2π).
 * @param height crest to trough of the main swell, metres
 */
export function createWater(
  level: number,
  height: number,
  length: number,
  gravity: number,
  phase: number,
): WaterSurface {
  const speedOf = (l: number): number => Math.sqrt((gravity * l) / (2 * Math.PI)) * 0.8;
  return {
    level,
    waves: [
      { amplitude: height * 0.5, length, speed: speedOf(length), phase },
      {
        amplitude: height * 0.2,
        length: length * 0.47,
        speed: speedOf(length * 0.47),
        phase: phase * 2.3 + 1,
      },
      {
        amplitude: height * 0.1,
        length: length * 0.21,
        speed: -speedOf(length * 0.21) * 0.7,
        phase: phase * 3.1 + 2,
      },
    ],
  };
}

export interface Afloat {
  /** Submerged share 0..1. */
  readonly share: number;
  readonly forceX: number;
  readonly forceY: number;
  readonly torque: number;
}

/**
 * Buoyancy and drag by sampling the body's box in cells (Archimedes: ρ·g per submerged area; drag linear in relative speed).
 * Torque is about the body's centre, counter-clockwise positive.
 */
export function floatForces(
  water: WaterSurface,
  time: number,
  body: { x: number; y: number; angle: number; vx: number; vy: number; spin: number },
  hull: { halfWidth: number; halfHeight: number; offsetY: number },
  density: number,
  gravity: number,
  drag: number,
): Afloat {
  const columns = 9;
  const rows = 3;
  const cos = Math.cos(body.angle);
  const sin = Math.sin(body.angle);
  const cell = ((2 * hull.halfWidth) / columns) * ((2 * hull.halfHeight) / rows);
  let forceX = 0;
  let forceY = 0;
  let torque = 0;
  let wet = 0;
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < rows; j++) {
      const lx = -hull.halfWidth + ((i + 0.5) * 2 * hull.halfWidth) / columns;
      const ly = hull.offsetY - hull.halfHeight + ((j + 0.5) * 2 * hull.halfHeight) / rows;
      const rx = lx * cos - ly * sin;
      const ry = lx * sin + ly * cos;
      const depth = waterHeight(water, body.x + rx, time) - (body.y + ry);
      if (depth <= 0) continue;
      const share = Math.min(1, depth / 0.15);
      const vx = body.vx - body.spin * ry;
      const vy = body.vy + body.spin * rx - waterRise(water, body.x + rx, time) * 0.6;
      const fx = -drag * 0.25 * cell * vx * share;
      const fy = (density * gravity * cell - drag * cell * vy) * share;
      forceX += fx;
      forceY += fy;
      torque += rx * fy - ry * fx;
      wet += share;
    }
  }
  return { share: wet / (columns * rows), forceX, forceY, torque };
}
