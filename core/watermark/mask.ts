/**
 * How many grey levels of change an eye lets pass at each cell of the grid, before any budget: brightness adaptation, masking by
 * texture, protection of edges and of flat areas beside texture, and more where the picture moves. Called by embed.ts.
 */
import { gridSize } from './block-dct.ts';
import { boxMean } from './grid.ts';

const count = gridSize * gridSize;
/** Half the side of the windows whose calmest decides, cells. */
const reach = 4;

/** Dark and very bright areas hide more. A tempered form of Chou and Li 1995, eq. 8: screens today are darker than theirs. */
const brightness = Float32Array.from({ length: 256 }, (_, level) =>
  level < 127 ? 1 + 0.7 * (1 - Math.sqrt(level / 127)) : 1 + 0.4 * ((level - 127) / 128),
);

/** The least of five means of squares; running sums leave roundings below zero where a white area ends in black. */
function calmest(a: number, b: number, c: number, d: number, e: number): number {
  return Math.max(0, Math.min(a, b, c, d, e));
}

export interface MaskInput {
  /** Averages of the picture, grey levels. */
  readonly grid: Float32Array;
  /** Detail finer than the grid: mean absolute difference of neighbouring pixels in each cell, grey levels. */
  readonly detail: Float32Array;
  /** The frame before, or null. */
  readonly previous: Float32Array | null;
}

const scratch = {
  mean: new Float32Array(count),
  spread: new Float32Array(count),
  texture: new Float32Array(count),
  calm: new Float32Array(count),
  motion: new Float32Array(count),
};

/** Writes the mask into `out` (grey levels of root mean square change) and returns it. */
export function visibilityMask({ grid, detail, previous }: MaskInput, out: Float32Array): Float32Array {
  const { mean, spread, texture, calm, motion } = scratch;
  boxMean(grid, gridSize, 2, mean);
  for (let i = 0; i < count; i++) {
    const d = (grid[i] ?? 0) - (mean[i] ?? 0);
    spread[i] = d * d + (detail[i] ?? 0) * (detail[i] ?? 0);
  }
  boxMean(spread, gridSize, 2, texture);
  // The calmest of five neighbouring windows: a lone edge, and the flat side of a border, count as flat (no halo).
  for (let y = 0; y < gridSize; y++) {
    const up = Math.max(0, y - reach) * gridSize;
    const down = Math.min(gridSize - 1, y + reach) * gridSize;
    const at = y * gridSize;
    for (let x = 0; x < gridSize; x++) {
      const left = at + Math.max(0, x - reach);
      const right = at + Math.min(gridSize - 1, x + reach);
      calm[at + x] = Math.sqrt(
        calmest(
          texture[at + x] ?? 0,
          texture[left] ?? 0,
          texture[right] ?? 0,
          texture[up + x] ?? 0,
          texture[down + x] ?? 0,
        ),
      );
    }
  }
  boxMean(calm, gridSize, 2, texture);
  if (previous) {
    for (let i = 0; i < count; i++) motion[i] = Math.abs((grid[i] ?? 0) - (previous[i] ?? 0));
    boxMean(motion, gridSize, 3, spread);
  } else spread.fill(0);
  for (let i = 0; i < count; i++) {
    const level = Math.max(0, Math.min(255, Math.round(mean[i] ?? 0)));
    const moving = Math.min(1, (spread[i] ?? 0) / 12);
    out[i] = (brightness[level] ?? 1) * (1 + 0.09 * (texture[i] ?? 0)) * (1 + 0.6 * moving);
  }
  return out;
}
