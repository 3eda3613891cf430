/**
 * Reads the turns of a head out of its angles: a turn begins when the head leaves the front by more than a glance and ends when
 * it is back. Directions are the person's own. Called by decide.ts.
 */
import type { HeadTurn } from '#schemas/http/cameo.ts';
import { median } from './statistics.ts';
import { thresholds } from './thresholds.ts';
import type { FaceTrack } from './tracks.ts';

export interface Turn {
  readonly direction: HeadTurn;
  readonly from: number;
  readonly to: number;
  /** Largest angle, radians. */
  readonly angle: number;
}

/** The take's own front: where the head is most of the time. The mesh's idea of it differs between faces by ten degrees and more. */
export function frontOf(track: FaceTrack): { yaw: number; pitch: number } {
  const faces = track.frames.flatMap((frame) => frame.faces.slice(0, 1));
  return { yaw: median(faces.map((face) => face.yaw)), pitch: median(faces.map((face) => face.pitch)) };
}

/** Turns in the order in which they were made; looking down is none. */
export function readTurns(track: FaceTrack): Turn[] {
  const { enterYaw, enterPitch, leave } = thresholds.turns;
  const front = frontOf(track);
  const turns: Turn[] = [];
  let current: { direction: HeadTurn; from: number; to: number; share: number; angle: number } | undefined;
  const end = (): void => {
    if (current)
      turns.push({ direction: current.direction, from: current.from, to: current.to, angle: current.angle });
    current = undefined;
  };
  for (const { at, faces } of track.frames) {
    const face = faces[0];
    // A head turned far enough is not seen as a face for a moment: that does not end the turn.
    if (!face) continue;
    const [yaw, pitch] = [face.yaw - front.yaw, face.pitch - front.pitch];
    const sideways = Math.abs(yaw) / enterYaw;
    const upwards = pitch / enterPitch;
    const share = Math.max(sideways, upwards);
    const direction: HeadTurn = upwards > sideways ? 'up' : yaw > 0 ? 'left' : 'right';
    if (!current) {
      if (share >= 1) current = { direction, from: at, to: at, share, angle: Math.max(Math.abs(yaw), pitch) };
      continue;
    }
    current.to = at;
    if (Math.abs(yaw) < leave && pitch < leave) {
      end();
      continue;
    }
    // Swept from one side to the other without a stop at the front: two turns.
    if (
      share >= 1 &&
      direction !== current.direction &&
      [direction, current.direction].every((d) => d !== 'up')
    ) {
      end();
      current = { direction, from: at, to: at, share, angle: Math.abs(yaw) };
      continue;
    }
    // The direction of a turn is that of its widest moment.
    if (share > current.share)
      current = { ...current, direction, share, angle: Math.max(Math.abs(yaw), pitch) };
  }
  end();
  return turns;
}
