/**
 * From the 468 points of the face mesh to angles, openings and the points that keep their shape. Indices are MediaPipe's
 * canonical face mesh; right and left are the person's own. Called by look.ts.
 * @see https://github.com/google-ai-edge/mediapipe/blob/master/mediapipe/modules/face_geometry/data/canonical_face_model.obj
 */
import type { Point } from './tracks.ts';

const top = 10;
const chin = 152;
const rightSide = 234;
const leftSide = 454;
const upperLip = 13;
const lowerLip = 14;
const eyes = [
  {
    outer: 33,
    inner: 133,
    lids: [
      [159, 145],
      [158, 153],
      [160, 144],
    ],
  },
  {
    outer: 263,
    inner: 362,
    lids: [
      [386, 374],
      [385, 380],
      [387, 373],
    ],
  },
] as const;

/**
 * Nose, brow line, eye corners, cheekbones: what turns with the skull. Lids, lips and jaw move by themselves, and the outline
 * slides over the head as it turns, so none of them is here.
 */
export const rigidPoints = [
  1, 2, 4, 5, 6, 8, 9, 19, 45, 48, 64, 98, 94, 115, 122, 168, 174, 188, 193, 195, 196, 197, 217, 220, 275,
  278, 294, 327, 344, 351, 399, 412, 417, 419, 437, 440, 33, 133, 263, 362, 50, 101, 118, 36, 205, 117, 280,
  330, 347, 266, 425, 346, 151, 108, 337, 69, 299, 107, 336, 55, 285,
] as const;

type Vector = readonly [number, number, number];
const minus = (a: Point, b: Point): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const norm = (v: Vector): number => Math.hypot(v[0], v[1], v[2]);
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly mouth: number;
  readonly eyes: number;
  readonly rigid: readonly Point[];
}

/** @returns undefined for a mesh that is not one of 468 points or more. */
export function poseOf(mesh: readonly Point[]): Pose | undefined {
  const at = (index: number): Point => mesh[index] ?? [0, 0, 0];
  if (mesh.length < 468) return undefined;
  const height = norm(minus(at(chin), at(top)));
  if (!(height > 0)) return undefined;
  // Out of the face, towards the camera when it looks there: (0, 0, −1).
  const out = cross(minus(at(chin), at(top)), minus(at(leftSide), at(rightSide)));
  const open = eyes.map(({ outer, inner, lids }) => {
    const width = norm(minus(at(outer), at(inner)));
    const lift = lids.map(([upper, lower]) => norm(minus(at(upper), at(lower))));
    return width > 0 ? lift.reduce((sum, value) => sum + value, 0) / lift.length / width : 0;
  });
  return {
    yaw: Math.atan2(out[0], -out[2]),
    pitch: Math.atan2(-out[1], Math.hypot(out[0], out[2])),
    mouth: norm(minus(at(lowerLip), at(upperLip))) / height,
    eyes: open.reduce((sum, value) => sum + value, 0) / open.length,
    rigid: rigidPoints.map(at),
  };
}
