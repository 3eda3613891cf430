/** Whether one person is seen from beginning to end. Called by decide.ts, and by inspect.ts for the embedding that stands for the take. */
import { frontOf } from './head-turns.ts';
import { cosine, mean, median } from './statistics.ts';
import { thresholds } from './thresholds.ts';
import type { FaceTrack } from './tracks.ts';

/** Embeddings of frames that face the camera: turned faces are less alike to themselves than frontal ones to others. */
function frontal(track: FaceTrack): (readonly number[])[] {
  const front = frontOf(track);
  return track.frames.flatMap(({ faces }) => {
    const face = faces[0];
    const facing =
      face && Math.hypot(face.yaw - front.yaw, face.pitch - front.pitch) < thresholds.turns.leave;
    return facing && face.embedding ? [face.embedding] : [];
  });
}

/** The embedding that is most alike to all others of the take; undefined when there are fewer than three. */
export function typicalEmbedding(track: FaceTrack): readonly number[] | undefined {
  const all = frontal(track);
  if (all.length < 3) return undefined;
  const likeness = all.map((one) => mean(all.map((other) => cosine(one, other))));
  return all[likeness.indexOf(Math.max(...likeness))];
}

/**
 * The lowest similarity of any stretch of the take to its typical embedding: the median of three in a row, so that a single
 * blink or a blurred frame does not count.
 */
export function samePerson(track: FaceTrack): number | undefined {
  const typical = typicalEmbedding(track);
  if (!typical) return undefined;
  const likeness = frontal(track).map((one) => cosine(one, typical));
  return Math.min(...likeness.slice(0, -2).map((_, i) => median(likeness.slice(i, i + 3))));
}
