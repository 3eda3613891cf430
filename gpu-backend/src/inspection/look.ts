/**
 * Looks at every sampled frame with the models and keeps only numbers. Called by inspect.ts, and by the fixture maker for the
 * mesh of a portrait.
 */
import type { FaceResult } from '@vladmandic/human';
import { grainOf } from './core/grain.ts';
import { poseOf } from './core/pose.ts';
import type { FaceView, FrameView, Point } from './core/tracks.ts';
import type { FaceModels, Picture } from './face-models.ts';

/** The mesh in the picture's own pixels. The library's depth is in shares of the square around the face. */
export function meshOf(face: FaceResult, longest: number): Point[] {
  const square = face.boxRaw[2];
  return face.meshRaw.map(([x, y, z]) => [x * longest, y * longest, (z ?? 0) * square * longest]);
}

/** Every which sampled frame an embedding is made of: it costs as much as all the rest. */
export const describeEvery = 4;

/** @param index of the sampled frame. Sizes are in pixels of the picture. */
export async function lookAt(
  models: FaceModels,
  picture: Picture,
  at: number,
  index: number,
): Promise<FrameView> {
  const longest = Math.max(picture.width, picture.height);
  const found = await models.find(picture, index % describeEvery === 0);
  const faces = found
    .flatMap((face): FaceView[] => {
      const pose = poseOf(meshOf(face, longest));
      if (!pose) return [];
      const embedding = face.embedding && face.embedding.length > 0 ? face.embedding : null;
      const [left, top, size] = face.boxRaw.map((value) => value * longest) as [number, number, number];
      const place = { x: left + size / 2, y: top + size / 2, size };
      return [{ ...place, ...pose, real: face.real ?? 0, live: face.live ?? 0, embedding }];
    })
    .sort((a, b) => b.size - a.size);
  const [first] = faces;
  return { at, faces, grain: first ? grainOf(picture, first) : 0, light: lightOf(picture) };
}

/** Mean of the green channel, 0 … 1, from a sixteenth of the pixels. */
function lightOf({ data }: Picture): number {
  let sum = 0;
  let count = 0;
  for (let i = 1; i < data.length; i += 64) {
    sum += data[i] ?? 0;
    count++;
  }
  return count === 0 ? 0 : sum / count / 255;
}
