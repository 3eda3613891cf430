/**
 * Takes the picture out of the grid as far as that can be done without knowing it: local mean removed, local contrast divided out,
 * then every frequency brought to the same level and outliers cut. Embedder and detector must do exactly the same.
 * Called by embed.ts, decode.ts and search.ts.
 */
import { band, blockCount, coefficientCount, gridSize } from './block-dct.ts';
import { boxMean } from './grid.ts';

const meanRadius = 4;
const contrastRadius = 3;
/** Grey levels: below this much contrast there is no picture to take out, only coding noise. */
const contrastFloor = 2;
/** Lines and lettering are cut to this many contrasts before their surroundings are measured again, so that they spoil less of them. */
const tame = 2;
const clipSample = 1.5;
const clipCoefficient = 2;

export interface Whitened {
  readonly samples: Float32Array;
  /** Local contrast with its floor, grey levels: what the samples were divided by. */
  readonly contrast: Float32Array;
}

/**
 * @param grid `size`² averages in grey levels
 * @param zoom how many times finer than the 192 grid its cells are, for the radii
 */
export function whiten(grid: Float32Array, size = gridSize, zoom = 1): Whitened {
  const count = size * size;
  const samples = new Float32Array(count);
  const contrast = new Float32Array(count);
  const wide = Math.round(meanRadius * zoom);
  const near = Math.round(contrastRadius * zoom);
  const measure = (): void => {
    for (let i = 0; i < count; i++) contrast[i] = Math.abs(samples[i] ?? 0);
    boxMean(contrast, size, near, contrast);
    for (let i = 0; i < count; i++) {
      const c = contrast[i] ?? 0;
      contrast[i] = Math.sqrt(c * c + contrastFloor * contrastFloor);
    }
  };
  boxMean(grid, size, wide, samples);
  for (let i = 0; i < count; i++) samples[i] = (grid[i] ?? 0) - (samples[i] ?? 0);
  measure();
  const tamed = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const limit = tame * (contrast[i] ?? 0);
    const high = samples[i] ?? 0;
    tamed[i] = (grid[i] ?? 0) - high + Math.max(-limit, Math.min(limit, high));
  }
  boxMean(tamed, size, wide, samples);
  for (let i = 0; i < count; i++) samples[i] = (tamed[i] ?? 0) - (samples[i] ?? 0);
  measure();
  for (let i = 0; i < count; i++)
    samples[i] = Math.max(-clipSample, Math.min(clipSample, (samples[i] ?? 0) / (contrast[i] ?? 1)));
  return { samples, contrast };
}

/** Rings of two index units; within one the level of all blocks is estimated together. */
const ringOf = Uint8Array.from(band, ({ radius }) => Math.floor(radius / 2));
const ringCount = Math.max(...ringOf) + 1;

/**
 * Divides each coefficient by the level of its frequency ring and cuts at ±2: a host with heavy tails costs less than a Gaussian one.
 * @param coefficients changed in place
 * @returns the divisor of every ring position in `band` order
 */
export function flattenBand(coefficients: Float32Array): Float32Array {
  const energy = new Float64Array(ringCount);
  const counts = new Float64Array(ringCount);
  let total = 0;
  for (let at = 0, i = 0; at < coefficientCount; at++) {
    const square = (coefficients[at] ?? 0) ** 2;
    const ring = ringOf[i] ?? 0;
    energy[ring] = (energy[ring] ?? 0) + square;
    counts[ring] = (counts[ring] ?? 0) + 1;
    total += square;
    i = i + 1 === band.length ? 0 : i + 1;
  }
  // Where nearly nothing is left of a frequency, raising it would only raise rounding noise.
  const floor = 0.25 * Math.sqrt(total / coefficientCount) + 1e-9;
  const divisor = Float32Array.from(ringOf, (ring) =>
    Math.max(floor, Math.sqrt((energy[ring] ?? 0) / Math.max(1, counts[ring] ?? 0))),
  );
  for (let block = 0; block < blockCount; block++) {
    const base = block * band.length;
    for (let i = 0; i < band.length; i++) {
      const value = (coefficients[base + i] ?? 0) / (divisor[i] ?? 1);
      coefficients[base + i] = Math.max(-clipCoefficient, Math.min(clipCoefficient, value));
    }
  }
  return divisor;
}

/** Whether `flattenBand` cut this value, so that a small push would change nothing. */
export function isCut(flattened: number): boolean {
  return Math.abs(flattened) >= clipCoefficient;
}

/** How much of a wave with DCT indices (u, v) the local mean leaves standing, by index in `band`. */
export const highPassResponse: Float32Array = Float32Array.from(
  band,
  ({ u, v }) => 1 - dirichlet(u) * dirichlet(v),
);

function dirichlet(index: number): number {
  const taps = 2 * meanRadius + 1;
  const angle = (Math.PI * index) / 96;
  return index === 0 ? 1 : Math.sin(angle * taps) / (taps * Math.sin(angle));
}
