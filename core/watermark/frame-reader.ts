/**
 * Frames as the embedder looks at them: their grid, and how much detail finer than the grid each cell holds. Called by embed.ts.
 */
import { gridSize } from './block-dct.ts';
import { weightB, weightG, weightR } from './frame.ts';
import { GridSampler } from './grid.ts';

/** Reads frames of one size. */
export class FrameReader {
  readonly #width: number;
  readonly #height: number;
  readonly #sampler: GridSampler;
  /** The cell of every column. */
  readonly #cellOf: Uint16Array;
  readonly #columnsIn = new Float32Array(gridSize);

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#sampler = new GridSampler(width, height, gridSize);
    this.#cellOf = Uint16Array.from({ length: width }, (_, x) =>
      Math.min(gridSize - 1, Math.floor((x * gridSize) / width)),
    );
    for (const cell of this.#cellOf) this.#columnsIn[cell] = (this.#columnsIn[cell] ?? 0) + 1;
  }

  /**
   * @param grid receives the averages, grey levels
   * @param detail receives the mean absolute difference of neighbouring pixels, grey levels, from one row of each cell
   */
  read(
    frame: Uint8Array | Uint8ClampedArray,
    channels: 1 | 4,
    grid: Float32Array,
    detail: Float32Array,
  ): void {
    const width = this.#width;
    const cellOf = this.#cellOf;
    detail.fill(0);
    let lastCell = -1;
    this.#sampler.sampleRows((line, row) => {
      let at = row * width * channels;
      if (channels === 1) for (let x = 0; x < width; x++) line[x] = frame[at++] ?? 0;
      else
        for (let x = 0; x < width; x++, at += 4)
          line[x] =
            (weightR * (frame[at] ?? 0) + weightG * (frame[at + 1] ?? 0) + weightB * (frame[at + 2] ?? 0)) /
            256;
      const cell = Math.min(gridSize - 1, Math.floor((row * gridSize) / this.#height));
      if (cell === lastCell) return;
      lastCell = cell;
      let last = line[0] ?? 0;
      for (let x = 0; x < width; x++) {
        const value = line[x] ?? 0;
        const to = cell * gridSize + (cellOf[x] ?? 0);
        detail[to] = (detail[to] ?? 0) + Math.abs(value - last);
        last = value;
      }
    }, grid);
    for (let i = 0; i < detail.length; i++)
      detail[i] = (detail[i] ?? 0) / Math.max(1, this.#columnsIn[i % gridSize] ?? 1);
  }
}
