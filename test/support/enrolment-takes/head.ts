/**
 * A portrait that turns its head, opens its mouth and blinks: the picture is laid over a fine grid, the grid gets the depth
 * of the face mesh that the real models find in it, and every frame is that grid moved in space. It is a drawn take of a real
 * photograph: good enough for the models to follow, and said to be no more than that wherever it is used.
 */
import type { Point } from '../../../gpu-backend/src/inspection/core/tracks.ts';
import { drawGrid, type Image } from './raster.ts';

export interface Gesture {
  /** Radians; positive to the person's own left. */
  readonly yaw: number;
  /** Radians; positive is up. */
  readonly pitch: number;
  /** 0 closed as in the picture … 1 wide open. */
  readonly mouth: number;
  /** 0 open … 1 shut. */
  readonly blink: number;
  /** Sway of the whole head, picture units. */
  readonly dx: number;
  readonly dy: number;
}

export const atRest: Gesture = { yaw: 0, pitch: 0, mouth: 0, blink: 0, dx: 0, dy: 0 };

const step = 4;
const upperInner = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];
const lowerInner = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308];
const outlineIndices = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
const eyes = [
  {
    upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    brow: 52,
  },
  {
    upper: [362, 398, 384, 385, 386, 387, 388, 466, 263],
    lower: [362, 382, 381, 380, 374, 373, 390, 249, 263],
    brow: 282,
  },
];

const smooth = (from: number, to: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** y of a curve through points sorted by x. */
function heightAt(curve: readonly Point[], x: number): number {
  const after = curve.findIndex((point) => point[0] >= x);
  const b = curve[after < 0 ? curve.length - 1 : after];
  const a = curve[Math.max(0, (after < 0 ? curve.length : after) - 1)];
  if (!a || !b) return 0;
  return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * Math.min(1, Math.max(0, (x - a[0]) / (b[0] - a[0])));
}

export class Head {
  readonly #picture: Image;
  readonly #mesh: readonly Point[];
  readonly #columns: number;
  readonly #rows: number;
  readonly #source: Float32Array;
  readonly #rest: Float32Array;
  /** How much of the head's movement each vertex takes part in: 1 on the head, 0 on the background. */
  readonly #share: Float32Array;
  readonly #pivot: Point;
  readonly #faceHeight: number;

  /** @param mesh 468 points in the picture's own pixels, z in the same scale. */
  constructor(picture: Image, mesh: readonly Point[]) {
    this.#picture = picture;
    this.#mesh = mesh;
    const at = (index: number): Point => mesh[index] ?? [0, 0, 0];
    const face = mesh.slice(0, 468);
    const outline = outlineIndices.map(at);
    const [top, chin, right, left] = [at(10), at(152), at(234), at(454)];
    this.#faceHeight = chin[1] - top[1];
    const width = left[0] - right[0];
    const centre: Point = [(left[0] + right[0]) / 2, (top[1] + chin[1]) / 2, 0];
    const back = (left[2] + right[2]) / 2;
    this.#pivot = [centre[0], chin[1] - 0.1 * this.#faceHeight, back];
    this.#columns = Math.floor(picture.width / step) + 1;
    this.#rows = Math.floor(picture.height / step) + 1;
    const count = this.#columns * this.#rows;
    this.#source = new Float32Array(2 * count);
    this.#rest = new Float32Array(3 * count);
    this.#share = new Float32Array(count);
    const inside = new Uint8Array(count);
    const reach = (x: number, y: number): number =>
      Math.hypot((x - centre[0]) / (0.5 * width), (y - centre[1]) / (0.5 * this.#faceHeight));
    for (let i = 0; i < count; i++) {
      const x = Math.min(picture.width - 1, (i % this.#columns) * step);
      const y = Math.min(picture.height - 1, Math.floor(i / this.#columns) * step);
      let [sum, weight] = [0, 0];
      for (const point of face) {
        const w = 1 / ((x - point[0]) ** 2 + (y - point[1]) ** 2 + 4) ** 1.5;
        sum += w * point[2];
        weight += w;
      }
      let nearest = Number.POSITIVE_INFINITY;
      for (const point of outline) nearest = Math.min(nearest, Math.hypot(x - point[0], y - point[1]));
      const far = reach(x, y);
      const depth = sum / weight + (far > 1 ? 0.5 * Math.min(nearest, 0.5 * width) : 0);
      this.#source.set([x, y], 2 * i);
      this.#rest.set([x, y, depth], 3 * i);
      this.#share[i] = 1 - smooth(1.55, y > centre[1] ? 2.3 : 2.6, far);
      if (far < 1) inside[i] = 1;
    }
    this.#smoothDepth(inside);
  }

  /** Takes the steps out of the depth around the face, where it is a guess. */
  #smoothDepth(inside: Uint8Array): void {
    for (let pass = 0; pass < 8; pass++) {
      const before = this.#rest.slice();
      const depth = (i: number): number => before[3 * i + 2] ?? 0;
      for (let i = this.#columns; i < inside.length - this.#columns; i++) {
        const column = i % this.#columns;
        if (inside[i] || column === 0 || column === this.#columns - 1) continue;
        this.#rest[3 * i + 2] =
          (depth(i - 1) + depth(i + 1) + depth(i - this.#columns) + depth(i + this.#columns) + 2 * depth(i)) /
          6;
      }
    }
  }

  /** One frame, as large as the picture. */
  draw(gesture: Gesture): Image {
    const target = { ...this.#picture, data: this.#picture.data.slice() };
    const place = new Float32Array(this.#rest.length);
    for (let i = 0; i < this.#share.length; i++) {
      const point: Point = [this.#rest[3 * i] ?? 0, this.#rest[3 * i + 1] ?? 0, this.#rest[3 * i + 2] ?? 0];
      if (!this.#share[i]) {
        place.set([point[0], point[1], point[2] + this.#faceHeight], 3 * i);
        continue;
      }
      place.set(this.#move(this.#express(point, gesture), this.#share[i] ?? 0, gesture), 3 * i);
    }
    drawGrid(this.#picture, target, new Float32Array(target.width * target.height), {
      columns: this.#columns,
      rows: this.#rows,
      source: this.#source,
      place,
    });
    this.#drawMouth(target, gesture);
    return target;
  }

  readonly #curves = new Map<readonly number[], Point[]>();

  #curve(indices: readonly number[]): Point[] {
    const known = this.#curves.get(indices) ?? indices.map((index): Point => this.#mesh[index] ?? [0, 0, 0]);
    this.#curves.set(indices, known);
    return known;
  }

  /** Jaw, lips and lids, before the head is turned. */
  #express(point: Point, { mouth, blink }: Gesture): Point {
    const [x, y, z] = point;
    if (mouth === 0 && blink === 0) return point;
    let dy = 0;
    const upper = this.#curve(upperInner);
    const lower = this.#curve(lowerInner);
    const [cornerRight, cornerLeft] = [upper[0] ?? point, upper.at(-1) ?? point];
    const half = (cornerLeft[0] - cornerRight[0]) / 2;
    const drop = 0.17 * this.#faceHeight * mouth;
    const across = Math.abs(x - (cornerLeft[0] + cornerRight[0]) / 2) / half;
    const from = heightAt(upper, x);
    const to = heightAt(lower, x);
    const chin = (this.#mesh[152] ?? point)[1];
    if (mouth > 0 && y > from) {
      const inLips = across < 1 ? Math.sqrt(1 - across * across) : 0;
      const inJaw = 1 - smooth(0.8, 2, across);
      const below = y < to ? 0 : (y - to) / (chin - to);
      const share =
        y < to
          ? inLips * Math.min(1, (y - from) / Math.max(1, to - from))
          : inLips * (1 - smooth(0, 0.7, below)) +
            inJaw * smooth(0, 0.7, below) * 0.7 * (1 - smooth(1, 1.6, below));
      dy += drop * share;
    }
    for (const eye of eyes) {
      const lid = this.#curve(eye.upper);
      const under = this.#curve(eye.lower);
      const [start, end] = [lid[0] ?? point, lid.at(-1) ?? point];
      if (blink === 0 || x <= start[0] || x >= end[0]) continue;
      const [lidY, underY] = [heightAt(lid, x), heightAt(under, x)];
      const brow = (this.#mesh[eye.brow] ?? point)[1];
      if (y <= brow || y >= underY) continue;
      dy += blink * (y < lidY ? ((underY - lidY) * (y - brow)) / Math.max(1, lidY - brow) : underY - y);
    }
    return [x, y + dy, z];
  }

  #move([x, y, z]: Point, share: number, { yaw, pitch, dx, dy }: Gesture): Point {
    const [px, py, pz] = this.#pivot;
    // Towards the person's own left is towards larger x; z grows away from the camera.
    const [rx, rz] = [
      (x - px) * Math.cos(yaw) - (z - pz) * Math.sin(yaw),
      (x - px) * Math.sin(yaw) + (z - pz) * Math.cos(yaw),
    ];
    const [ry, rz2] = [
      (y - py) * Math.cos(pitch) + rz * Math.sin(pitch),
      -(y - py) * Math.sin(pitch) + rz * Math.cos(pitch),
    ];
    // A lens half a metre away: what comes nearer grows a little.
    const distance = 4.5 * this.#faceHeight;
    const scale = distance / (distance + rz2);
    const still = distance / (distance + z - pz);
    return [
      x + share * (px + rx * (scale / still) + dx - x),
      y + share * (py + ry * (scale / still) + dy - y),
      pz + rz2 + (1 - share) * this.#faceHeight,
    ];
  }

  /** The dark between the lips, and the edge of the upper teeth. */
  #drawMouth(target: Image, gesture: Gesture): void {
    if (gesture.mouth < 0.08) return;
    const place = (p: Point): Point =>
      this.#move(this.#express([p[0], p[1] + 0.01, p[2]], gesture), 1, gesture);
    const upper = this.#curve(upperInner).map(place);
    const lower = this.#curve(lowerInner).map(place);
    const [first, last] = [upper[0], upper.at(-1)];
    if (!first || !last) return;
    for (let x = Math.ceil(first[0]); x <= last[0]; x++) {
      const [from, to] = [heightAt(upper, x), heightAt(lower, x)];
      // The teeth in the picture stay where they are; below them the mouth is dark.
      const teeth = from + Math.min(0.045 * this.#faceHeight, 0.6 * (to - from));
      for (let y = Math.ceil(teeth); y < to - 1; y++) {
        const at = (y * target.width + x) * 4;
        const dark = smooth(teeth, teeth + 3, y) * smooth(to, to - 3, y);
        for (const [c, ink] of [70, 22, 24].entries())
          target.data[at + c] = (target.data[at + c] ?? 0) * (1 - dark) + ink * dark;
      }
    }
  }
}
