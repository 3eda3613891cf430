/**
 * PDQ, the 256-bit perceptual hash of a picture that Meta published: luma, two passes of box filters (a tent), 64 × 64 samples, the 16 × 16
 * low frequencies of their DCT, one bit each: above the median or not. Pure and deterministic. Called by `views.ts`, by tests and benchmarks.
 * @see https://github.com/facebook/ThreatExchange/tree/main/pdq (hashing.pdf; cpp/hashing/pdqhashing.cpp for every constant here)
 */
import { type Hash, hashWords } from './hash.ts';

/** Side of the picture that is transformed, and of the block that is kept. */
export const pdqSide = 64;
const block = 16;

export interface PdqHash {
  readonly hash: Hash;
  /** 0..100: how much there is to hash. Meta advises to drop what has less than 50. */
  readonly quality: number;
}

/** Below this a hash says nothing. @see hashing.pdf, "image-domain quality metric" */
export const minQuality = 50;

/**
 * PDQ of a luma picture as Meta computes it.
 * @param luma 0..255, row by row
 * @throws RangeError if it is smaller than 5 × 5 or has fewer samples than it says
 */
export function pdq(luma: ArrayLike<number>, width: number, height: number): PdqHash {
  if (!(width >= 5 && height >= 5 && luma.length >= width * height)) {
    throw new RangeError(`${luma.length} samples are no picture of ${width}×${height}`);
  }
  const filtered = new Float32Array(width * height);
  for (let i = 0; i < filtered.length; i++) filtered[i] = luma[i] ?? 0;
  const windowX = filterWindow(width);
  const windowY = filterWindow(height);
  // A window of one sample changes nothing.
  const scratch = new Float32Array(windowX > 1 || windowY > 1 ? filtered.length : 0);
  for (let pass = 0; pass < 2; pass++) {
    if (windowX > 1) {
      boxFilter(filtered, scratch, width, height, 1, width, windowX);
      filtered.set(scratch);
    }
    if (windowY > 1) {
      boxFilter(filtered, scratch, height, width, width, 1, windowY);
      filtered.set(scratch);
    }
  }
  const samples = new Float32Array(pdqSide * pdqSide);
  for (let i = 0; i < pdqSide; i++) {
    const y = Math.floor(((2 * i + 1) * height) / (2 * pdqSide));
    for (let j = 0; j < pdqSide; j++) {
      const x = Math.floor(((2 * j + 1) * width) / (2 * pdqSide));
      samples[i * pdqSide + j] = filtered[y * width + x] ?? 0;
    }
  }
  return pdqOfSamples(samples);
}

/** PDQ of a picture that was brought to 64 × 64 already, as vPDQ does with frames. @param samples 0..255, row by row */
export function pdqOfSamples(samples: Float32Array): PdqHash {
  const coefficients = lowFrequencies(samples);
  const median = upperMedian(coefficients);
  const hash = new Uint32Array(hashWords);
  for (let i = 0; i < coefficients.length; i++) {
    if ((coefficients[i] ?? 0) > median) hash[i >>> 5] = ((hash[i >>> 5] ?? 0) | (1 << (i & 31))) >>> 0;
  }
  return { hash, quality: quality(samples) };
}

/** Half a sample of the target, rounded up: two passes make one sample. */
function filterWindow(size: number): number {
  return Math.ceil(size / (2 * pdqSide));
}

/**
 * Moving average along one axis, windows cut at the edges. With an even window it reaches one further ahead than behind, as Meta's does.
 * @param step distance of neighbours along the axis, in samples; `lineStep` of lines
 */
function boxFilter(
  from: Float32Array,
  to: Float32Array,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  window: number,
): void {
  const ahead = (window + 2) >> 1;
  const behind = window - ahead;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < Math.min(ahead - 1, length); i++, count++) sum += from[start + i * step] ?? 0;
    for (let i = 0; i < length; i++) {
      const enters = i + ahead - 1;
      const leaves = i - behind - 1;
      if (enters < length) {
        sum += from[start + enters * step] ?? 0;
        count++;
      }
      if (leaves >= 0) {
        sum -= from[start + leaves * step] ?? 0;
        count--;
      }
      to[start + i * step] = sum / count;
    }
  }
}

/** Rows 1 to 16 of the orthonormal DCT-II of 64 samples. */
const basis = Float32Array.from({ length: block * pdqSide }, (_, at) => {
  const frequency = Math.floor(at / pdqSide) + 1;
  const sample = at % pdqSide;
  return Math.sqrt(2 / pdqSide) * Math.cos((Math.PI / (2 * pdqSide)) * frequency * (2 * sample + 1));
});

const half = pdqSide / 2;
const rows = new Float32Array(block * pdqSide);
const folded = new Float32Array(pdqSide);

/** Cosines of even frequency are symmetric about the middle and those of odd frequency antisymmetric: half of the products suffice. */
function lowFrequencies(samples: Float32Array): Float32Array {
  rows.fill(0);
  for (let y = 0; y < half; y++) {
    const upper = y * pdqSide;
    const lower = (pdqSide - 1 - y) * pdqSide;
    for (let u = 0; u < block; u++) {
      const weight = basis[u * pdqSide + y] ?? 0;
      // Row u is frequency u + 1.
      const sign = (u & 1) === 1 ? 1 : -1;
      const row = u * pdqSide;
      for (let x = 0; x < pdqSide; x++) {
        rows[row + x] =
          (rows[row + x] ?? 0) + weight * ((samples[upper + x] ?? 0) + sign * (samples[lower + x] ?? 0));
      }
    }
  }
  const coefficients = new Float32Array(block * block);
  for (let u = 0; u < block; u++) {
    for (let x = 0; x < half; x++) {
      const left = rows[u * pdqSide + x] ?? 0;
      const right = rows[u * pdqSide + pdqSide - 1 - x] ?? 0;
      folded[x] = left + right;
      folded[half + x] = left - right;
    }
    for (let v = 0; v < block; v++) {
      const from = (v & 1) === 1 ? 0 : half;
      let sum = 0;
      for (let x = 0; x < half; x++) sum += (basis[v * pdqSide + x] ?? 0) * (folded[from + x] ?? 0);
      coefficients[u * block + v] = sum;
    }
  }
  return coefficients;
}

/** The 128th smallest of 256, as Torben's method gives it for even counts. */
function upperMedian(coefficients: Float32Array): number {
  return Float32Array.from(coefficients).sort()[coefficients.length / 2 - 1] ?? 0;
}

/** Sum of steps between neighbours that are worth counting, scaled. @see pdqImageDomainQualityMetric in pdqhashing.cpp */
function quality(samples: Float32Array): number {
  let gradient = 0;
  for (let i = 0; i < pdqSide; i++) {
    for (let j = 0; j < pdqSide; j++) {
      const here = samples[i * pdqSide + j] ?? 0;
      if (i + 1 < pdqSide)
        gradient += Math.abs(Math.trunc(((here - (samples[(i + 1) * pdqSide + j] ?? 0)) * 100) / 255));
      if (j + 1 < pdqSide)
        gradient += Math.abs(Math.trunc(((here - (samples[i * pdqSide + j + 1] ?? 0)) * 100) / 255));
    }
  }
  return Math.min(100, Math.floor(gradient / 90));
}
