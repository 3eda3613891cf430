/**
 * Pictures on their way to a hash: reduced once, then summed so that the mean of any rectangle is four look-ups. Invariant: what is cut out of a
 * picture is an area average, so that no view aliases, whatever its size. Called by `views.ts` and `fingerprint-frames.ts`.
 */
import { pdqSide } from './pdq.ts';

/** A picture as the caller decodes it: luma, 0..255, rows without padding. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** Longest side that is kept: enough for 64 samples across a third of it. */
const maxSide = 256;

/** Brings a picture to at most 256 a side, averaging; a smaller one is kept as it is. @throws RangeError if samples are missing */
export function reduce({ width, height, luma }: LumaPicture): LumaPicture {
  if (!(width >= 8 && height >= 8 && luma.length >= width * height)) {
    throw new RangeError(`${luma.length} samples are no picture of ${width}×${height}`);
  }
  const scale = Math.min(1, maxSide / Math.max(width, height));
  if (scale === 1) return { width, height, luma: luma.slice(0, width * height) };
  const w = Math.max(8, Math.round(width * scale));
  const h = Math.max(8, Math.round(height * scale));
  const columns = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * w) / width));
  const sums = new Uint32Array(w * h);
  const counts = new Uint32Array(w * h);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * h) / height) * w;
    for (let x = 0; x < width; x++) {
      const at = row + (columns[x] ?? 0);
      sums[at] = (sums[at] ?? 0) + (luma[y * width + x] ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const out = new Uint8Array(w * h);
  for (let i = 0; i < out.length; i++) out[i] = Math.round((sums[i] ?? 0) / Math.max(1, counts[i] ?? 1));
  return { width: w, height: h, luma: out };
}

/** A rectangle of a picture in shares of it, turned about its middle. */
export interface Region {
  /** Middle, 0..1 of width and height. */
  readonly x: number;
  readonly y: number;
  /** Size, 0..1 of width and height. */
  readonly w: number;
  readonly h: number;
  /** Degrees, clockwise on the screen. */
  readonly angle?: number;
}

/** Sums of everything above and to the left. */
export class SummedPicture {
  readonly width: number;
  readonly height: number;
  readonly #sums: Float64Array;

  constructor({ width, height, luma }: LumaPicture) {
    this.width = width;
    this.height = height;
    const stride = width + 1;
    this.#sums = new Float64Array(stride * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      for (let x = 0; x < width; x++) {
        row += luma[y * width + x] ?? 0;
        this.#sums[(y + 1) * stride + x + 1] = (this.#sums[y * stride + x + 1] ?? 0) + row;
      }
    }
  }

  /** The region, brought to 64 × 64 by averaging; what lies outside of the picture counts as black. */
  sample(region: Region): Float32Array {
    return region.angle === undefined || region.angle === 0 ? this.#straight(region) : this.#turned(region);
  }

  #straight({ x, y, w, h }: Region): Float32Array {
    const cellW = (w * this.width) / pdqSide;
    const cellH = (h * this.height) / pdqSide;
    const left = x * this.width - (cellW * pdqSide) / 2;
    const top = y * this.height - (cellH * pdqSide) / 2;
    const side = pdqSide + 1;
    const corners = new Float64Array(side * side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) corners[i * side + j] = this.#sumTo(left + j * cellW, top + i * cellH);
    }
    const out = new Float32Array(pdqSide * pdqSide);
    const area = cellW * cellH;
    for (let i = 0; i < pdqSide; i++) {
      for (let j = 0; j < pdqSide; j++) {
        const at = i * side + j;
        out[i * pdqSide + j] =
          ((corners[at] ?? 0) -
            (corners[at + 1] ?? 0) -
            (corners[at + side] ?? 0) +
            (corners[at + side + 1] ?? 0)) /
          area;
      }
    }
    return out;
  }

  /** Every sample is the mean of an upright square about its turned middle: for a few degrees that is the same. */
  #turned({ x, y, w, h, angle = 0 }: Region): Float32Array {
    const cellW = (w * this.width) / pdqSide;
    const cellH = (h * this.height) / pdqSide;
    const cos = Math.cos((angle * Math.PI) / 180);
    const sin = Math.sin((angle * Math.PI) / 180);
    const out = new Float32Array(pdqSide * pdqSide);
    for (let i = 0; i < pdqSide; i++) {
      const dy = (i + 0.5 - pdqSide / 2) * cellH;
      for (let j = 0; j < pdqSide; j++) {
        const dx = (j + 0.5 - pdqSide / 2) * cellW;
        const left = x * this.width + cos * dx - sin * dy - cellW / 2;
        const top = y * this.height + sin * dx + cos * dy - cellH / 2;
        const sum =
          this.#sumTo(left, top) -
          this.#sumTo(left + cellW, top) -
          this.#sumTo(left, top + cellH) +
          this.#sumTo(left + cellW, top + cellH);
        out[i * pdqSide + j] = sum / (cellW * cellH);
      }
    }
    return out;
  }

  /** Sum of everything above and left of a point between the samples. */
  #sumTo(x: number, y: number): number {
    const cx = Math.min(Math.max(x, 0), this.width);
    const cy = Math.min(Math.max(y, 0), this.height);
    const x0 = Math.min(Math.floor(cx), this.width - 1);
    const y0 = Math.min(Math.floor(cy), this.height - 1);
    const fx = cx - x0;
    const fy = cy - y0;
    const stride = this.width + 1;
    const at = y0 * stride + x0;
    const sums = this.#sums;
    const upper = (sums[at] ?? 0) * (1 - fx) + (sums[at + 1] ?? 0) * fx;
    const lower = (sums[at + stride] ?? 0) * (1 - fx) + (sums[at + stride + 1] ?? 0) * fx;
    return upper * (1 - fy) + lower * fy;
  }
}
