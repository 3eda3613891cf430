/**
 * A textured triangle rasteriser with a depth buffer: the fixtures need hidden cheeks hidden, and nothing more. Called by head.ts.
 */

export interface Image {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows without padding. */
  readonly data: Uint8ClampedArray;
}

export function newImage(width: number, height: number): Image {
  return { width, height, data: new Uint8ClampedArray(width * height * 4).fill(255) };
}

/** Bilinear sample, clamped to the edge; writes RGB at `to`. */
export function sample(image: Image, x: number, y: number, out: Uint8ClampedArray, to: number): void {
  const cx = Math.min(image.width - 1.001, Math.max(0, x));
  const cy = Math.min(image.height - 1.001, Math.max(0, y));
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - x0, cy - y0];
  const at = (y0 * image.width + x0) * 4;
  const row = image.width * 4;
  const { data } = image;
  for (let c = 0; c < 3; c++) {
    const upper = (data[at + c] ?? 0) * (1 - fx) + (data[at + 4 + c] ?? 0) * fx;
    const lower = (data[at + row + c] ?? 0) * (1 - fx) + (data[at + row + 4 + c] ?? 0) * fx;
    out[to + c] = upper * (1 - fy) + lower * fy;
  }
}

/**
 * Draws a grid of `columns` × `rows` vertices: `source` holds texture x and y, `place` x, y and depth (smaller is nearer).
 */
export function drawGrid(
  texture: Image,
  target: Image,
  depth: Float32Array,
  grid: { columns: number; rows: number; source: Float32Array; place: Float32Array },
): void {
  const { columns, rows, source, place } = grid;
  depth.fill(Number.POSITIVE_INFINITY);
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const a = r * columns + c;
      triangle(texture, target, depth, source, place, a, a + 1, a + columns);
      triangle(texture, target, depth, source, place, a + 1, a + columns + 1, a + columns);
    }
  }
}

function triangle(
  texture: Image,
  target: Image,
  depth: Float32Array,
  source: Float32Array,
  place: Float32Array,
  a: number,
  b: number,
  c: number,
): void {
  const x = (i: number): number => place[3 * i] ?? 0;
  const y = (i: number): number => place[3 * i + 1] ?? 0;
  const z = (i: number): number => place[3 * i + 2] ?? 0;
  const u = (i: number): number => source[2 * i] ?? 0;
  const v = (i: number): number => source[2 * i + 1] ?? 0;
  const area = (x(b) - x(a)) * (y(c) - y(a)) - (x(c) - x(a)) * (y(b) - y(a));
  // Seen from behind: the far side of a fold.
  if (area <= 1e-6) return;
  const left = Math.max(0, Math.ceil(Math.min(x(a), x(b), x(c))));
  const right = Math.min(target.width - 1, Math.floor(Math.max(x(a), x(b), x(c))));
  const upper = Math.max(0, Math.ceil(Math.min(y(a), y(b), y(c))));
  const lower = Math.min(target.height - 1, Math.floor(Math.max(y(a), y(b), y(c))));
  for (let py = upper; py <= lower; py++) {
    for (let px = left; px <= right; px++) {
      const wa = ((x(b) - px) * (y(c) - py) - (x(c) - px) * (y(b) - py)) / area;
      const wb = ((x(c) - px) * (y(a) - py) - (x(a) - px) * (y(c) - py)) / area;
      const wc = 1 - wa - wb;
      if (wa < -1e-6 || wb < -1e-6 || wc < -1e-6) continue;
      const near = wa * z(a) + wb * z(b) + wc * z(c);
      const at = py * target.width + px;
      if (near >= (depth[at] ?? 0)) continue;
      depth[at] = near;
      sample(
        texture,
        wa * u(a) + wb * u(b) + wc * u(c),
        wa * v(a) + wb * v(b) + wc * v(c),
        target.data,
        at * 4,
      );
    }
  }
}
