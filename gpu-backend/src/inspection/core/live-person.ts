/**
 * Evidence that a person, and not a picture of one, was in front of the camera. No single sign is enough, and some attacks (a good
 * mask, a face made by a machine and fed in as the camera) leave none of these: the README says so. Called by decide.ts.
 */
import { frontOf, readTurns } from './head-turns.ts';
import { reliefBetween } from './relief.ts';
import { median, percentile } from './statistics.ts';
import { thresholds } from './thresholds.ts';
import type { FaceTrack, FaceView } from './tracks.ts';

export interface LifeSigns {
  /** Medians over the frames that face the camera. */
  readonly real: number;
  readonly live: number;
  /** Decibels; median over all frames. */
  readonly grain: number;
  /** What a plane leaves unexplained of the turns, the median of the widest frames; 0 when nothing turned. */
  readonly relief: number;
  readonly reliefOverSolid: number;
  /** Largest fall of the eye opening against its usual value, 0 … 1. */
  readonly blink: number;
  /** Spread of the mouth's opening (10th to 90th percentile), face heights. */
  readonly mouth: number;
}

/** @returns undefined when no face was seen. */
export function lifeSigns(track: FaceTrack): LifeSigns | undefined {
  const seen = track.frames.flatMap((frame) => frame.faces.slice(0, 1).map((face) => ({ face, frame })));
  if (seen.length === 0) return undefined;
  const front = frontOf(track);
  const off = (face: FaceView): number => Math.hypot(face.yaw - front.yaw, face.pitch - front.pitch);
  const { leave } = thresholds.turns;
  const facing = seen.filter(({ face }) => off(face) < leave);
  const sideways = seen
    .filter(({ face }) => off(face) >= leave)
    .toSorted((a, b) => off(b.face) - off(a.face))
    // The widest third: there the shape shows most.
    .slice(0, Math.max(3, Math.round(readTurns(track).length * 3)));
  const reliefs = sideways.flatMap(({ face, frame }) => {
    const reference = nearestInTime(facing, frame.at);
    return reference ? (reliefBetween(reference.rigid, face.rigid, eyeDistance(reference)) ?? []) : [];
  });
  const eyes = facing.map(({ face }) => face.eyes);
  const usual = percentile(eyes, 0.6);
  return {
    real: median(facing.map(({ face }) => face.real)),
    live: median(facing.map(({ face }) => face.live)),
    grain: median(seen.map(({ frame }) => frame.grain)),
    relief: median(reliefs.map(({ plane }) => plane)),
    reliefOverSolid: median(reliefs.map(({ plane, solid }) => plane / Math.max(solid, 1e-4))),
    blink: usual > 0 ? 1 - Math.min(usual, ...eyes) / usual : 0,
    mouth:
      percentile(
        facing.map(({ face }) => face.mouth),
        0.9,
      ) -
      percentile(
        facing.map(({ face }) => face.mouth),
        0.1,
      ),
  };
}

function nearestInTime(
  frames: readonly { face: FaceView; frame: { at: number } }[],
  at: number,
): FaceView | undefined {
  let best: { face: FaceView; frame: { at: number } } | undefined;
  for (const candidate of frames)
    if (!best || Math.abs(candidate.frame.at - at) < Math.abs(best.frame.at - at)) best = candidate;
  return best?.face;
}

/** Places of the outer corners of the eyes in `rigidPoints`. */
export const eyeCorners = [36, 38] as const;

function eyeDistance(face: FaceView): number {
  const [a, b] = eyeCorners.map((index) => face.rigid[index]);
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : 0;
}
