/**
 * What was seen and heard in a recording, as numbers: the input of every decision in this folder, and all that leaves the
 * models. Frames are not mirrored: the person's own left is on the right of the picture.
 */

/** x and y in picture units, z in the same units, growing away from the camera. */
export type Point = readonly [x: number, y: number, z: number];

/** One face in one frame. */
export interface FaceView {
  /** Centre and side of the square around the face, picture units. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Radians from facing the camera; positive to the person's own left. */
  readonly yaw: number;
  /** Radians; positive is up. */
  readonly pitch: number;
  /** Distance of the inner lips, in face heights. */
  readonly mouth: number;
  /** Height of the eye openings, in eye widths, mean of both eyes. */
  readonly eyes: number;
  /** Scores of the antispoof and liveness models, 0 … 1. */
  readonly real: number;
  readonly live: number;
  /** 1024 numbers (faceres); null where it was not computed. */
  readonly embedding: readonly number[] | null;
  /** The points that do not move with the expression, always in the same order (`rigidPoints` in pose.ts). */
  readonly rigid: readonly Point[];
}

export interface FrameView {
  /** Seconds from the start of the recording. */
  readonly at: number;
  /** Largest first. */
  readonly faces: readonly FaceView[];
  /** How far the strongest periodic pattern in the face stands out of skin's smooth spectrum, decibels (grain.ts). */
  readonly grain: number;
  /** Mean luminance 0 … 1. */
  readonly light: number;
}

export interface FaceTrack {
  /** Seconds of picture. */
  readonly seconds: number;
  /** Height of the picture in the units of the faces. */
  readonly height: number;
  readonly frames: readonly FrameView[];
}

export interface AudioTrack {
  /** Seconds of sound. */
  readonly seconds: number;
  /** Steps per second of the three series below. */
  readonly rate: number;
  /** Root mean square of each step, full scale is 1. */
  readonly level: readonly number[];
  /** Fundamental frequency where there is a voice, else 0, Hz. */
  readonly pitch: readonly number[];
  /** Spectral centroid, Hz. */
  readonly centroid: readonly number[];
}
