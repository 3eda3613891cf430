/**
 * Tells a head from a picture of one by what happens when it turns. Every view of a plane is a homography of every other view
 * (Hartley & Zisserman, Multiple View Geometry, 2nd ed., result 13.1), so a print or a screen that is turned keeps to one; a nose
 * does not. As a rival, the points' own depth explains the turned view under an affine camera, which has as many parameters.
 * What a screen shows may well turn in itself: that is left to the other checks. Called by live-person.ts.
 */
import { leastSquares } from './statistics.ts';
import type { Point } from './tracks.ts';

export interface Relief {
  /** What a plane leaves unexplained: RMS in distances between the outer corners of the eyes. */
  readonly plane: number;
  /** The same for the face's own shape. */
  readonly solid: number;
}

/** @param front, turned the same points in two frames. @param unit length to measure in, e.g. the distance between the eyes in `front`. */
export function reliefBetween(
  front: readonly Point[],
  turned: readonly Point[],
  unit: number,
): Relief | undefined {
  if (front.length < 12 || front.length !== turned.length || !(unit > 0)) return undefined;
  const a = centred(front, unit);
  const b = centred(turned, unit);
  const plane = homographyResidual(a, b);
  const solid = affineResidual(a, b);
  return plane === undefined || solid === undefined ? undefined : { plane, solid };
}

/** Around their mean and in units, so that the equations are well conditioned. */
function centred(points: readonly Point[], unit: number): Point[] {
  const n = points.length;
  const [cx, cy, cz] = [0, 1, 2].map((k) => points.reduce((sum, p) => sum + (p[k] ?? 0), 0) / n) as [
    number,
    number,
    number,
  ];
  return points.map(([x, y, z]) => [(x - cx) / unit, (y - cy) / unit, (z - cz) / unit]);
}

/** Direct linear transform with h33 = 1, weighted once more so that the error is measured in the picture. */
function homographyResidual(a: readonly Point[], b: readonly Point[]): number | undefined {
  let h = [1, 0, 0, 0, 1, 0, 0, 0];
  for (let pass = 0; pass < 3; pass++) {
    const rows: number[][] = [];
    const targets: number[] = [];
    a.forEach(([x, y], i) => {
      const [u = 0, v = 0] = b[i] ?? [];
      const w = 1 / ((h[6] ?? 0) * x + (h[7] ?? 0) * y + 1);
      rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y].map((value) => value * w));
      rows.push([0, 0, 0, x, y, 1, -v * x, -v * y].map((value) => value * w));
      targets.push(u * w, v * w);
    });
    const next = leastSquares(rows, targets);
    if (!next) return undefined;
    h = next;
  }
  const [a11 = 0, a12 = 0, a13 = 0, a21 = 0, a22 = 0, a23 = 0, a31 = 0, a32 = 0] = h;
  return rms(a, b, ([x, y]) => {
    const w = a31 * x + a32 * y + 1;
    return [(a11 * x + a12 * y + a13) / w, (a21 * x + a22 * y + a23) / w];
  });
}

function affineResidual(a: readonly Point[], b: readonly Point[]): number | undefined {
  const rows = a.map(([x, y, z]) => [x, y, z, 1]);
  const across = leastSquares(
    rows,
    b.map((point) => point[0]),
  );
  const down = leastSquares(
    rows,
    b.map((point) => point[1]),
  );
  if (!across || !down) return undefined;
  const apply = (k: readonly number[], [x, y, z]: Point): number =>
    (k[0] ?? 0) * x + (k[1] ?? 0) * y + (k[2] ?? 0) * z + (k[3] ?? 0);
  return rms(a, b, (point) => [apply(across, point), apply(down, point)]);
}

function rms(
  a: readonly Point[],
  b: readonly Point[],
  map: (point: Point) => readonly [number, number],
): number {
  let sum = 0;
  a.forEach((point, i) => {
    const [x, y] = map(point);
    const [u = 0, v = 0] = b[i] ?? [];
    sum += (x - u) ** 2 + (y - v) ** 2;
  });
  return Math.sqrt(sum / a.length);
}
