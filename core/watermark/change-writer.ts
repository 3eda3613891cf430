/**
 * Adds a change given on the grid to the pixels of a frame: cubic interpolation, dithered to whole levels, all colours alike.
 * Called by embed.ts.
 */
import { gridSize } from './block-dct.ts';
import { cubicTaps } from './grid.ts';

const ditherSize = 64;
/**
 * A threshold per pixel instead of ½, the same in every frame: faint changes survive the rounding to whole levels, and a codec is not
 * asked to follow a flicker. Interleaved gradient noise. @see Jimenez 2014, "Next generation post processing in Call of Duty"
 */
const dither = Float32Array.from({ length: ditherSize * ditherSize }, (_, i) => {
  const inner = (0.06711056 * (i % ditherSize) + 0.00583715 * Math.floor(i / ditherSize)) % 1;
  return (52.9829189 * inner) % 1;
});
/** Writes into frames of one size. */
export class ChangeWriter {
  readonly #width: number;
  readonly #height: number;
  readonly #columns: ReturnType<typeof cubicTaps>;
  readonly #rows: ReturnType<typeof cubicTaps>;
  readonly #line = new Float32Array(gridSize);

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#columns = cubicTaps(gridSize, width);
    this.#rows = cubicTaps(gridSize, height);
  }

  /**
   * @param frame RGBA or one luma plane, changed in place
   * @param pattern `gridSize`² changes in grey levels
   */
  add(frame: Uint8Array | Uint8ClampedArray, channels: 1 | 4, pattern: Float32Array): void {
    const change = this.#line;
    const [width, height] = [this.#width, this.#height];
    const { index, weight } = this.#columns;
    const pixels = new Uint8ClampedArray(frame.buffer, frame.byteOffset, frame.length);
    for (let y = 0; y < height; y++) {
      const k = 4 * y;
      const r0 = (this.#rows.index[k] ?? 0) * gridSize;
      const r1 = (this.#rows.index[k + 1] ?? 0) * gridSize;
      const r2 = (this.#rows.index[k + 2] ?? 0) * gridSize;
      const r3 = (this.#rows.index[k + 3] ?? 0) * gridSize;
      const w0 = this.#rows.weight[k] ?? 0;
      const w1 = this.#rows.weight[k + 1] ?? 0;
      const w2 = this.#rows.weight[k + 2] ?? 0;
      const w3 = this.#rows.weight[k + 3] ?? 0;
      for (let x = 0; x < gridSize; x++)
        change[x] =
          w0 * (pattern[r0 + x] ?? 0) +
          w1 * (pattern[r1 + x] ?? 0) +
          w2 * (pattern[r2 + x] ?? 0) +
          w3 * (pattern[r3 + x] ?? 0);
      const thresholds = (y & (ditherSize - 1)) * ditherSize;
      let at = y * width * channels;
      for (let x = 0, tap = 0; x < width; x++, tap += 4, at += channels) {
        const d =
          (weight[tap] ?? 0) * (change[index[tap] ?? 0] ?? 0) +
          (weight[tap + 1] ?? 0) * (change[index[tap + 1] ?? 0] ?? 0) +
          (weight[tap + 2] ?? 0) * (change[index[tap + 2] ?? 0] ?? 0) +
          (weight[tap + 3] ?? 0) * (change[index[tap + 3] ?? 0] ?? 0);
        // Truncation towards zero of a positive number is its floor.
        const step = ((d + 256 + (dither[thresholds + (x & (ditherSize - 1))] ?? 0)) | 0) - 256;
        if (step === 0) continue;
        pixels[at] = (pixels[at] ?? 0) + step;
        if (channels === 1) continue;
        pixels[at + 1] = (pixels[at + 1] ?? 0) + step;
        pixels[at + 2] = (pixels[at + 2] ?? 0) + step;
      }
    }
  }
}
