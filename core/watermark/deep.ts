/**
 * The slow look: keeps frames of a clip at moderate size, searches them together for the template, then reads the bits through each
 * placement found. Scenes count once, however long they stand: what a still picture says by chance does not average away.
 * Called by detect.ts.
 */
import { gridSize } from './block-dct.ts';
import type { Carriers } from './carriers.ts';
import { type Reading, read } from './decode.ts';
import { levelSpectrum } from './fourier.ts';
import type { LumaFrame } from './frame.ts';
import { GridSampler, type Window } from './grid.ts';
import { mirror, type Transform, warp, windowTransform } from './pose.ts';
import { search, Template } from './search.ts';
import { whiten } from './whiten.ts';

/** Side of the kept frames. */
const side = 256;
const mostKept = 64;
/** Cosine of two whitened frames above which they show the same scene. */
const sameScene = 0.5;

interface Kept {
  readonly grid: Float32Array;
  readonly samples: Float32Array;
}

export interface PlacedReading {
  readonly reading: Reading;
  readonly pose: { readonly transform: Transform; readonly mirrored: boolean };
  /** Placements the template was looked for in so far. */
  readonly poses: number;
  /** Words decoded so far. */
  readonly reads: number;
}

export class DeepSearch {
  readonly #carriers: Carriers;
  readonly #sampler: GridSampler;
  readonly #aspect: number;
  /** The window inside bars → the whole received picture. */
  readonly #outer: Transform;
  #kept: Kept[] = [];
  #stride = 1;
  #count = 0;

  constructor(carriers: Carriers, size: { width: number; height: number }, window: Window | null) {
    const { width, height } = size;
    const w = window ?? { x: 0, y: 0, width, height };
    this.#carriers = carriers;
    this.#sampler = new GridSampler(width, height, side, w);
    this.#aspect = w.width / w.height;
    this.#outer = windowTransform(w, width, height);
  }

  add(frame: LumaFrame): void {
    if (this.#count++ % this.#stride !== 0) return;
    const grid = this.#sampler.sample(frame);
    // Narrower radii than the embedder's: the search tells better what is left, and they fit a cropped picture as well.
    this.#kept.push({ grid, samples: whiten(grid, side, 0.67).samples });
    if (this.#kept.length < mostKept) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** Readings through the placements found, likeliest first. */
  *readings(): Generator<PlacedReading> {
    const weights = this.#weights();
    const sum = new Float32Array(side * side);
    this.#kept.forEach(({ samples }, k) => {
      const weight = weights[k] ?? 0;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (samples[i] ?? 0);
    });
    const source = levelSpectrum(sum, side, 56);
    const template = new Template(this.#carriers);
    let reads = 0;
    for (const { transform, mirrored, tried } of search(
      template,
      source,
      mirror(source, side),
      side,
      this.#aspect,
    )) {
      reads += 1;
      const reading = read(this.#through(transform, mirrored, weights), this.#carriers);
      yield {
        reading,
        pose: { transform: compose(this.#outer, transform), mirrored },
        poses: tried,
        reads,
      };
    }
  }

  /** One over the number of frames in the same scene. */
  #weights(): number[] {
    const scenes: number[] = [];
    let first: Float32Array | null = null;
    let scene = -1;
    for (const { samples } of this.#kept) {
      if (!first || cosine(first, samples) < sameScene) {
        first = samples;
        scene += 1;
      }
      scenes.push(scene);
    }
    const sizes = new Map<number, number>();
    for (const s of scenes) sizes.set(s, (sizes.get(s) ?? 0) + 1);
    return scenes.map((s) => 1 / (sizes.get(s) ?? 1));
  }

  /** All kept frames as they lay when they were marked, whitened there and summed; what is not seen is zero. */
  #through(transform: Transform, mirrored: boolean, weights: readonly number[]): Float32Array {
    const cells = gridSize * gridSize;
    const view = new Float32Array(cells);
    const inside = new Uint8Array(cells);
    const sum = new Float32Array(cells);
    this.#kept.forEach(({ grid }, k) => {
      warp(mirrored ? mirror(grid, side) : grid, side, transform, gridSize, view, inside);
      const { samples } = whiten(view);
      const weight = weights[k] ?? 0;
      for (let i = 0; i < cells; i++) if (inside[i]) sum[i] = (sum[i] ?? 0) + weight * (samples[i] ?? 0);
    });
    return sum;
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb + 1e-12);
}

/** `outer` after `inner`, row-major 3×3. */
function compose(outer: Transform, inner: Transform): Transform {
  return Array.from({ length: 9 }, (_, i) => {
    const row = 3 * Math.floor(i / 3);
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += (outer[row + k] ?? 0) * (inner[3 * k + (i % 3)] ?? 0);
    return sum;
  });
}
