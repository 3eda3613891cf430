/**
 * When somebody speaks, whether the lips go with it, and what the voice is like. Called by decide.ts.
 */
import type { Voice } from '#schemas/likeness.ts';
import { correlation, deviation, mean, median, percentile } from './statistics.ts';
import { thresholds } from './thresholds.ts';
import type { AudioTrack, FaceTrack } from './tracks.ts';

/** Steps that are speech: clearly above the room, and voiced within a fifth of a second (consonants have no pitch). */
export function speechSteps(audio: AudioTrack): boolean[] {
  const floor = percentile(audio.level, 0.2);
  const loud = Math.max(thresholds.sound.quietest, floor * thresholds.voice.aboveFloor);
  const near = Math.round(audio.rate / 5);
  const voicedUpTo: number[] = [0];
  for (const hz of audio.pitch) voicedUpTo.push((voicedUpTo.at(-1) ?? 0) + (hz > 0 ? 1 : 0));
  return audio.level.map((level, i) => {
    const from = Math.max(0, i - near);
    const to = Math.min(audio.pitch.length, i + near + 1);
    return level >= loud && (voicedUpTo[to] ?? 0) > (voicedUpTo[from] ?? 0);
  });
}

/** Seconds of steps that are both speech and voiced. */
export function voicedSeconds(audio: AudioTrack): number {
  const speech = speechSteps(audio);
  return audio.pitch.filter((hz, i) => hz > 0 && speech[i]).length / audio.rate;
}

export interface LipSync {
  /** Pearson at the best lag. */
  readonly correlation: number;
  /** Seconds the sound comes after the lips. */
  readonly lag: number;
  /** Standard deviation of the mouth's opening around the speech, face heights. */
  readonly movement: number;
}

/** @returns undefined when nobody speaks or no mouth is seen meanwhile. */
export function lipSync(face: FaceTrack, audio: AudioTrack): LipSync | undefined {
  const speech = speechSteps(audio);
  const first = speech.indexOf(true) / audio.rate;
  const last = speech.lastIndexOf(true) / audio.rate;
  // The pauses before and after belong to it: lips that move all the time follow no voice.
  const around = face.frames.filter(
    ({ at, faces }) => faces.length > 0 && at >= first - 0.6 && at <= last + 0.6,
  );
  if (first < 0 || around.length < 12) return undefined;
  const mouth = around.map(({ faces }) => faces[0]?.mouth ?? 0);
  let best = { correlation: -1, lag: 0 };
  const { lag: most } = thresholds.lips;
  for (let lag = -most; lag <= most + 1e-9; lag += 0.02) {
    const loudness = around.map(({ at }) => loudnessAt(audio, at + lag));
    const value = correlation(mouth, loudness);
    if (value > best.correlation) best = { correlation: value, lag };
  }
  return { ...best, movement: deviation(mouth) };
}

/** Loudness as ears feel it (a power of 0.6, Stevens), over the eighth of a second around a time. */
function loudnessAt(audio: AudioTrack, at: number): number {
  const half = 0.06 * audio.rate;
  const from = Math.max(0, Math.round(at * audio.rate - half));
  const steps = audio.level.slice(from, Math.round(at * audio.rate + half) + 1);
  return mean(steps) ** 0.6;
}

/**
 * Median pitch, brightness (spectral centroid of voiced steps: 500 Hz is 0, 2500 Hz is 1) and syllables per second of speech.
 * Syllables are peaks of loudness with a dip of 2 dB on both sides (de Jong & Wempe, Behavior Research Methods 41, 2009).
 * @returns null where there is too little voice to tell.
 */
export function describeVoice(audio: AudioTrack): Voice | null {
  const speech = speechSteps(audio);
  const voiced = audio.pitch.flatMap((hz, i) => (hz > 0 && speech[i] ? [i] : []));
  if (voiced.length < 0.5 * audio.rate) return null;
  const bright = median(voiced.map((i) => audio.centroid[i] ?? 0));
  const spoken = speech.filter(Boolean).length / audio.rate;
  const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const round = (value: number, to: number): number => Math.round(value / to) * to;
  return {
    pitchHz: clamp(Math.round(median(voiced.map((i) => audio.pitch[i] ?? 0))), 50, 500),
    brightness: clamp(Number(round((bright - 500) / 2000, 0.01).toFixed(2)), 0, 1),
    rate: clamp(Number(round(syllables(audio, speech) / Math.max(0.1, spoken), 0.1).toFixed(1)), 1, 10),
  };
}

function syllables(audio: AudioTrack, speech: readonly boolean[]): number {
  const smooth = audio.level.map(
    (_, i) => 20 * Math.log10(mean(audio.level.slice(Math.max(0, i - 3), i + 4)) + 1e-6),
  );
  let [count, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  smooth.forEach((db, i) => {
    if (db > high) high = db;
    if (db < low) {
      low = db;
      high = db;
    }
    // Two decibels up from a dip and two down again: a nucleus has passed.
    if (high - low >= 2 && high - db >= 2) {
      if (speech[i] || speech[Math.max(0, i - 5)]) count++;
      low = db;
      high = db;
    }
  });
  return count;
}
