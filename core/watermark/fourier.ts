/**
 * Two pictures at once through a two-dimensional Fourier transform: real ones travel as the real and imaginary parts of one complex
 * picture, and a correlation with a real template keeps them apart. Called by search.ts.
 */
import FFT from 'fft.js';

export const canvasSize = 128;
const size = canvasSize;
const count = size * size;

/** Transforms square complex pictures of one size, interleaved and in place: rows, then columns. */
export class Fourier {
  readonly #size: number;
  readonly #line: FFT;
  readonly #input: Float64Array;
  readonly #output: Float64Array;

  /** @param size a power of two */
  constructor(size: number) {
    this.#size = size;
    this.#line = new FFT(size);
    this.#input = new Float64Array(2 * size);
    this.#output = new Float64Array(2 * size);
  }

  transform(data: Float64Array, inverse: boolean): void {
    const n = this.#size;
    const input = this.#input;
    const output = this.#output;
    for (let pass = 0; pass < 2; pass++) {
      const stride = pass === 0 ? 2 : 2 * n;
      for (let i = 0; i < n; i++) {
        const at = pass === 0 ? 2 * n * i : 2 * i;
        for (let k = 0; k < n; k++) {
          input[2 * k] = data[at + k * stride] ?? 0;
          input[2 * k + 1] = data[at + k * stride + 1] ?? 0;
        }
        if (inverse) this.#line.inverseTransform(output, input);
        else this.#line.transform(output, input);
        for (let k = 0; k < n; k++) {
          data[at + k * stride] = output[2 * k] ?? 0;
          data[at + k * stride + 1] = output[2 * k + 1] ?? 0;
        }
      }
    }
  }
}

const canvas = new Fourier(canvasSize);
function transform(data: Float64Array, inverse: boolean): void {
  canvas.transform(data, inverse);
}

/**
 * Brings all frequencies of a picture nearly to one level, so that edges and stripes of the host weigh little more than anything else,
 * and drops what lies above the band.
 * @param source `n`² samples, n a power of two
 * @param highest cycles across the picture that are kept
 * @see Kuglin and Hines 1975, the phase correlation image alignment method
 */
export function levelSpectrum(source: Float32Array, n: number, highest: number): Float32Array {
  const fourier = new Fourier(n);
  const data = new Float64Array(2 * n * n);
  for (let i = 0; i < n * n; i++) data[2 * i] = source[i] ?? 0;
  fourier.transform(data, false);
  let mean = 0;
  for (let i = 0; i < 2 * n * n; i += 2) mean += Math.hypot(data[i] ?? 0, data[i + 1] ?? 0);
  mean /= n * n;
  for (let y = 0, i = 0; y < n; y++) {
    for (let x = 0; x < n; x++, i += 2) {
      const frequency = Math.hypot(Math.min(x, n - x), Math.min(y, n - y));
      const level = (Math.hypot(data[i] ?? 0, data[i + 1] ?? 0) + 0.1 * mean) ** 0.3;
      const keep = frequency > highest || frequency < 2 || level === 0 ? 0 : 1 / level;
      data[i] = (data[i] ?? 0) * keep;
      data[i + 1] = (data[i + 1] ?? 0) * keep;
    }
  }
  fourier.transform(data, true);
  return Float32Array.from({ length: n * n }, (_, i) => data[2 * i] ?? 0);
}

/** The conjugate spectrum of a real template, to correlate with. */
export function conjugateSpectrum(template: Float32Array): Float64Array {
  const data = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) data[2 * i] = template[i] ?? 0;
  transform(data, false);
  for (let i = 0; i < count; i++) data[2 * i + 1] = -(data[2 * i + 1] ?? 0);
  return data;
}

/** Cyclic correlation of both parts of `pair` with the template, in place: entry (x, y) is the template moved by (x, y). */
export function correlate(pair: Float64Array, spectrum: Float64Array): void {
  transform(pair, false);
  for (let i = 0; i < 2 * count; i += 2) {
    const [a, b] = [pair[i] ?? 0, pair[i + 1] ?? 0];
    const [c, d] = [spectrum[i] ?? 0, spectrum[i + 1] ?? 0];
    pair[i] = a * c - b * d;
    pair[i + 1] = a * d + b * c;
  }
  transform(pair, true);
}

export interface Peak {
  readonly x: number;
  readonly y: number;
  /** Height in root mean squares of the surface. */
  readonly z: number;
}

/**
 * The highest point of one part of a correlated pair.
 * @param rows how far up or down it may lie; fewer places to be wrong in where the height is known
 */
export function peakOf(pair: Float64Array, part: 0 | 1, rows: number): Peak {
  let best = -Infinity;
  let where = 0;
  let squares = 0;
  for (let y = 0, i = part as number; y < size; y++) {
    const allowed = y <= rows || y >= size - rows;
    for (let x = 0; x < size; x++, i += 2) {
      const value = pair[i] ?? 0;
      squares += value * value;
      if (allowed && value > best) {
        best = value;
        where = i >> 1;
      }
    }
  }
  const x = where % size;
  const y = Math.floor(where / size);
  const wrap = (n: number): number => (n >= size / 2 ? n - size : n);
  return { x: wrap(x), y: wrap(y), z: squares > 0 ? best / Math.sqrt(squares / count) : 0 };
}
