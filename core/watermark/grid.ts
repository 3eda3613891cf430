/**
 * From a picture of any size to the grid and back: area averages on the way in (linear interpolation where the picture is the
 * smaller one), cubic interpolation on the way out. Called by embed.ts, decode.ts and search.ts.
 */
import type { LumaFrame } from './frame.ts';

/** Which samples make which cell, and how much of each: `weights[i]` belongs to `first[cell] + i - start[cell]`. */
interface Taps {
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float32Array;
}

/** Cell `i` of `cells` covers the samples from `from + i · length / cells`. */
function makeTaps(from: number, length: number, limit: number, cells: number): Taps {
  const step = length / cells;
  const first = new Int32Array(cells);
  const start = new Int32Array(cells + 1);
  const weights: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const lo = from + cell * step;
    const hi = lo + step;
    // A box of one cell; where a sample is wider than half a cell, a triangle of one sample, which is linear interpolation.
    const center = (lo + hi) / 2;
    const box = step >= 1.5;
    const begin = Math.max(0, Math.floor(box ? lo : center - 0.5 - Math.max(1, step)));
    const end = Math.min(limit, Math.ceil(box ? hi : center + 0.5 + Math.max(1, step)));
    first[cell] = begin;
    start[cell] = weights.length;
    let sum = 0;
    for (let s = begin; s < end; s++) {
      const weight = box
        ? Math.max(0, Math.min(hi, s + 1) - Math.max(lo, s))
        : Math.max(0, 1 - Math.abs(s + 0.5 - center) / Math.max(1, step));
      weights.push(weight);
      sum += weight;
    }
    for (let i = start[cell] ?? 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / (sum || 1);
    start[cell + 1] = weights.length;
  }
  return { first, start, weights: Float32Array.from(weights) };
}

export interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Samples pictures of one size (or one window of them) onto `size`×`size` cells. Holds its tables, so make one per size. */
export class GridSampler {
  readonly #width: number;
  readonly #size: number;
  readonly #rowTaps: Taps;
  readonly #columnTaps: Taps;
  readonly #line: Float32Array;
  readonly #lines: Float32Array;

  constructor(width: number, height: number, size: number, window?: Window) {
    const w = window ?? { x: 0, y: 0, width, height };
    this.#width = width;
    this.#size = size;
    this.#rowTaps = makeTaps(w.y, w.height, height, size);
    this.#columnTaps = makeTaps(w.x, w.width, width, size);
    this.#line = new Float32Array(width);
    this.#lines = new Float32Array(width * size);
  }

  /** @returns `size`² averages, 0 … 255. */
  sample(frame: LumaFrame, out = new Float32Array(this.#size * this.#size)): Float32Array {
    const { data } = frame;
    return this.#run((line, row) => {
      const at = row * this.#width;
      for (let x = 0; x < this.#width; x++) line[x] = data[at + x] ?? 0;
    }, out);
  }

  /** As `sample`, calling `load` once per needed row to fill a line of luma; rows may repeat at cell borders. */
  sampleRows(load: (line: Float32Array, row: number) => void, out: Float32Array): Float32Array {
    return this.#run(load, out);
  }

  #run(load: (line: Float32Array, row: number) => void, out: Float32Array): Float32Array {
    const width = this.#width;
    const line = this.#line;
    const lines = this.#lines.fill(0);
    let loaded = -1;
    for (let cell = 0; cell < this.#size; cell++) {
      const begin = this.#rowTaps.start[cell] ?? 0;
      const end = this.#rowTaps.start[cell + 1] ?? 0;
      const first = this.#rowTaps.first[cell] ?? 0;
      const at = cell * width;
      for (let i = begin; i < end; i++) {
        const weight = this.#rowTaps.weights[i] ?? 0;
        if (weight === 0) continue;
        const row = first + i - begin;
        if (row !== loaded) {
          load(line, row);
          loaded = row;
        }
        for (let x = 0; x < width; x++) lines[at + x] = (lines[at + x] ?? 0) + weight * (line[x] ?? 0);
      }
    }
    for (let row = 0; row < this.#size; row++) {
      const at = row * width;
      for (let cell = 0; cell < this.#size; cell++) {
        const begin = this.#columnTaps.start[cell] ?? 0;
        const end = this.#columnTaps.start[cell + 1] ?? 0;
        const base = at + (this.#columnTaps.first[cell] ?? 0) - begin;
        let sum = 0;
        for (let i = begin; i < end; i++) sum += (this.#columnTaps.weights[i] ?? 0) * (lines[base + i] ?? 0);
        out[row * this.#size + cell] = sum;
      }
    }
    return out;
  }
}

/** Catmull-Rom taps that carry `cells` samples to `length`. @returns four indices and four weights per sample. */
export function cubicTaps(cells: number, length: number): { index: Int32Array; weight: Float32Array } {
  const index = new Int32Array(4 * length);
  const weight = new Float32Array(4 * length);
  for (let i = 0; i < length; i++) {
    const position = ((i + 0.5) * cells) / length - 0.5;
    const base = Math.floor(position);
    const t = position - base;
    const values = [
      ((-t + 2) * t - 1) * t * 0.5,
      ((3 * t - 5) * t * t + 2) * 0.5,
      ((-3 * t + 4) * t + 1) * t * 0.5,
      (t - 1) * t * t * 0.5,
    ];
    for (let k = 0; k < 4; k++) {
      index[4 * i + k] = Math.min(cells - 1, Math.max(0, base - 1 + k));
      weight[4 * i + k] = values[k] ?? 0;
    }
  }
  return { index, weight };
}

/** Mean over a square of side 2·`radius` + 1, squares being cut at the border. Running sums: a mean of nothing negative may be negative by a rounding. */
export function boxMean(source: Float32Array, size: number, radius: number, out: Float32Array): Float32Array {
  const rows = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    let sum = 0;
    let count = 0;
    const at = y * size;
    for (let x = 0; x < Math.min(size, radius); x++, count++) sum += source[at + x] ?? 0;
    for (let x = 0; x < size; x++) {
      if (x + radius < size) {
        sum += source[at + x + radius] ?? 0;
        count += 1;
      }
      if (x - radius > 0) {
        sum -= source[at + x - radius - 1] ?? 0;
        count -= 1;
      }
      rows[at + x] = sum / count;
    }
  }
  const sums = new Float64Array(size);
  let count = 0;
  for (let y = 0; y < Math.min(size, radius); y++, count++) {
    for (let x = 0; x < size; x++) sums[x] = (sums[x] ?? 0) + (rows[y * size + x] ?? 0);
  }
  for (let y = 0; y < size; y++) {
    const enter = y + radius < size;
    const leave = y - radius > 0;
    count += (enter ? 1 : 0) - (leave ? 1 : 0);
    for (let x = 0; x < size; x++) {
      let sum = sums[x] ?? 0;
      if (enter) sum += rows[(y + radius) * size + x] ?? 0;
      if (leave) sum -= rows[(y - radius - 1) * size + x] ?? 0;
      sums[x] = sum;
      out[y * size + x] = sum / count;
    }
  }
  return out;
}
