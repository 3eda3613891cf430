/** The frame of a recording that its owner will be drawn from: facing the camera, eyes open, mouth at rest. Called by inspect.ts. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { frontOf } from './core/head-turns.ts';
import type { FaceTrack, FaceView } from './core/tracks.ts';
import type { Picture } from './face-models.ts';

const side = 512;
/** Of the square around the face: leaves room for hair and chin. */
const room = 1.25;

/** Where the face is seen best. */
export function bestFrame(track: FaceTrack): { at: number; face: FaceView } | undefined {
  const front = frontOf(track);
  const effort = (face: FaceView): number =>
    Math.hypot(face.yaw - front.yaw, face.pitch - front.pitch) + 2 * face.mouth - face.eyes;
  return track.frames
    .flatMap(({ at, faces }) => faces.slice(0, 1).map((face) => ({ at, face })))
    .toSorted((a, b) => effort(a.face) - effort(b.face))[0];
}

/** JPEG, 512 × 512, the face in the middle; what lies outside the picture is left away by moving the square in. */
export function cutPortrait(picture: Picture, face: Pick<FaceView, 'x' | 'y' | 'size'>): Buffer {
  const square = Math.min(face.size * room, picture.width, picture.height);
  const within = (centre: number, length: number): number =>
    Math.min(length - square, Math.max(0, centre - square / 2));
  const source = createCanvas(picture.width, picture.height);
  source
    .getContext('2d')
    .putImageData(new ImageData(new Uint8ClampedArray(picture.data), picture.width, picture.height), 0, 0);
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  // The square of the models sits on the face; heads reach higher than they do lower.
  const top = within(face.y - 0.06 * face.size, picture.height);
  context.drawImage(source, within(face.x, picture.width), top, square, square, 0, 0, side, side);
  return canvas.toBuffer('image/jpeg', 88);
}
