/**
 * Where the marked picture lies in the received one: a plane projective map between unit squares, and pictures looked at through it.
 * Called by search.ts, candidates.ts and detect.ts.
 */

import type { Window } from './grid.ts';

/** Row-major 3×3; maps points (x, y, 1) of the marked picture's unit square to the received one's. */
export type Transform = readonly number[];

/** The whole marked picture lies in this window of the received one. */
export function windowTransform(window: Window, width: number, height: number): Transform {
  return [window.width / width, 0, window.x / width, 0, window.height / height, window.y / height, 0, 0, 1];
}

/**
 * A map given about the point `center` of the marked picture, which lands at `at` in the received one:
 * r = at + L·u / (1 + g·u) with u = o − center. Small changes of its eight numbers then move the picture independently.
 */
export interface LocalMap {
  readonly center: readonly [number, number];
  /** at.x, at.y, L00, L01, L10, L11, g.x, g.y */
  readonly numbers: readonly number[];
}

/** @returns the same map as one matrix. */
export function toTransform({ center: [cx, cy], numbers }: LocalMap): Transform {
  const [ax = 0, ay = 0, a = 1, b = 0, c = 0, d = 1, gx = 0, gy = 0] = numbers;
  const w = 1 - gx * cx - gy * cy;
  return [
    a + ax * gx,
    b + ax * gy,
    ax * w - a * cx - b * cy,
    c + ay * gx,
    d + ay * gy,
    ay * w - c * cx - d * cy,
    gx,
    gy,
    w,
  ];
}

/**
 * Reads `source` (`size`² samples) through the map onto `cells`² samples, bilinearly. What lies outside is 0; or, where `inside` is given,
 * the nearest sample of the edge, `inside` telling the difference.
 */
export function warp(
  source: Float32Array,
  size: number,
  transform: Transform,
  cells: number,
  out: Float32Array,
  inside?: Uint8Array,
): Float32Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 1] = transform;
  const last = size - 1;
  const edge = last + 0.5;
  const step = 1 / cells;
  for (let y = 0, to = 0; y < cells; y++) {
    const v = (y + 0.5) * step;
    // Along a row all three homogeneous coordinates grow evenly.
    let hx = (a * 0.5 * step + b * v + c) * size;
    let hy = (d * 0.5 * step + e * v + f) * size;
    let w = g * 0.5 * step + h * v + i;
    for (let x = 0; x < cells; x++, to++, hx += a * step * size, hy += d * step * size, w += g * step) {
      const scale = 1 / w;
      let px = hx * scale - 0.5;
      let py = hy * scale - 0.5;
      // Half a sample beyond the middle of the last one the picture ends.
      if (!(px >= -0.5 && py >= -0.5 && px <= edge && py <= edge && w > 0)) {
        if (!inside) {
          out[to] = 0;
          continue;
        }
        inside[to] = 0;
      } else if (inside) inside[to] = 1;
      px = px > 0 ? Math.min(px, last) : 0;
      py = py > 0 ? Math.min(py, last) : 0;
      const x0 = px | 0;
      const y0 = py | 0;
      const fx = px - x0;
      const fy = py - y0;
      const at = y0 * size + x0;
      const right = x0 < last ? 1 : 0;
      const down = y0 < last ? size : 0;
      const p = source[at] ?? 0;
      const q = source[at + down] ?? 0;
      const top = p + ((source[at + right] ?? 0) - p) * fx;
      const bottom = q + ((source[at + down + right] ?? 0) - q) * fx;
      out[to] = top + (bottom - top) * fy;
    }
  }
  return out;
}

/** A picture of `size`² samples mirrored left to right. */
export function mirror(source: Float32Array, size: number): Float32Array {
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) out[y * size + x] = source[y * size + size - 1 - x] ?? 0;
  }
  return out;
}
