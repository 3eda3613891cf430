/**
 * The transform the mark lives in: a normalised grid of 192×192 samples cut into 4×4 blocks of 48×48, orthonormal DCT-II in each,
 * of which only the middle band is computed. Aspect and scale of the picture vanish in the grid. Called by embed.ts and decode.ts.
 */
export const gridSize = 192;
export const blockSize = 48;
export const blocksAcross = gridSize / blockSize;
export const blockCount = blocksAcross * blocksAcross;
/** DCT index u is u/2 cycles per block, so 2u cycles across the picture: the band is 8 … 52 cycles. */
const lowest = 4;
const highest = 26;
const span = highest + 1;

export interface BandPosition {
  readonly u: number;
  readonly v: number;
  /** √(u² + v²), index units. */
  readonly radius: number;
}

/** Coefficients of one block, lowest frequency first. Pure rows and columns are left out: edges and captions live there. */
export const band: readonly BandPosition[] = Array.from({ length: span * span }, (_, i) => ({
  u: i % span,
  v: Math.floor(i / span),
  radius: Math.hypot(i % span, Math.floor(i / span)),
}))
  .filter(({ u, v, radius }) => u > 0 && v > 0 && radius >= lowest && radius <= highest)
  .sort((a, b) => a.radius - b.radius || a.u - b.u);

/** All coefficients: block by block, each in the order of `band`. */
export const coefficientCount = blockCount * band.length;

const basis = new Float32Array(span * blockSize);
for (let u = 0; u < span; u++) {
  const scale = Math.sqrt((u === 0 ? 1 : 2) / blockSize);
  for (let n = 0; n < blockSize; n++)
    basis[u * blockSize + n] = scale * Math.cos((Math.PI * (2 * n + 1) * u) / (2 * blockSize));
}
const bandU = Uint8Array.from(band, ({ u }) => u);
const bandV = Uint8Array.from(band, ({ v }) => v);

const rows = new Float32Array(span * blockSize);
const folded = new Float32Array(blockSize);
const half = blockSize / 2;

/** Even half then odd half: the basis is symmetric for even u, antisymmetric for odd u. */
function fold(source: Float32Array, at: number, stride: number): void {
  for (let n = 0; n < half; n++) {
    const a = source[at + n * stride] ?? 0;
    const b = source[at + (blockSize - 1 - n) * stride] ?? 0;
    folded[n] = a + b;
    folded[half + n] = a - b;
  }
}

function project(u: number): number {
  const from = u & 1 ? half : 0;
  const at = u * blockSize;
  let sum = 0;
  for (let n = 0; n < half; n++) sum += (folded[from + n] ?? 0) * (basis[at + n] ?? 0);
  return sum;
}

/** @param grid 192×192 samples. @param out `coefficientCount` values. */
export function forwardBand(grid: Float32Array, out: Float32Array): void {
  const columns = new Float32Array(span * span);
  for (let block = 0; block < blockCount; block++) {
    const x0 = (block % blocksAcross) * blockSize;
    const y0 = Math.floor(block / blocksAcross) * blockSize;
    for (let y = 0; y < blockSize; y++) {
      fold(grid, (y0 + y) * gridSize + x0, 1);
      for (let u = 1; u < span; u++) rows[u * blockSize + y] = project(u);
    }
    for (let u = 1; u < span; u++) {
      fold(rows, u * blockSize, 1);
      const top = Math.floor(Math.sqrt(highest * highest - u * u));
      for (let v = 1; v <= top; v++) columns[u * span + v] = project(v);
    }
    const at = block * band.length;
    for (let i = 0; i < band.length; i++)
      out[at + i] = columns[(bandU[i] ?? 0) * span + (bandV[i] ?? 0)] ?? 0;
  }
}

/** The inverse: writes a grid whose band holds the coefficients and nothing else. */
export function inverseBand(coefficients: Float32Array, grid: Float32Array): void {
  const columns = new Float32Array(span * span);
  for (let block = 0; block < blockCount; block++) {
    const x0 = (block % blocksAcross) * blockSize;
    const y0 = Math.floor(block / blocksAcross) * blockSize;
    const at = block * band.length;
    columns.fill(0);
    for (let i = 0; i < band.length; i++)
      columns[(bandU[i] ?? 0) * span + (bandV[i] ?? 0)] = coefficients[at + i] ?? 0;
    for (let u = 1; u < span; u++) {
      const top = Math.floor(Math.sqrt(highest * highest - u * u));
      unproject(columns, u * span, 1, top);
      for (let y = 0; y < blockSize; y++) rows[u * blockSize + y] = folded[y] ?? 0;
    }
    for (let y = 0; y < blockSize; y++) {
      unproject(rows, y, blockSize, highest);
      grid.set(folded, (y0 + y) * gridSize + x0);
    }
  }
}

/** Σ over u of `source[at + u · stride]` times basis row u, into `folded` as 48 samples. */
function unproject(source: Float32Array, at: number, stride: number, top: number): void {
  for (let n = 0; n < half; n++) {
    let even = 0;
    let odd = 0;
    for (let u = 1; u <= top; u += 2) odd += (source[at + u * stride] ?? 0) * (basis[u * blockSize + n] ?? 0);
    for (let u = 2; u <= top; u += 2)
      even += (source[at + u * stride] ?? 0) * (basis[u * blockSize + n] ?? 0);
    folded[n] = even + odd;
    folded[blockSize - 1 - n] = even - odd;
  }
}
