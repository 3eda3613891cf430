/**
 * All sounds that creators can ask for by name, at about the same loudness. Called by cues.ts.
 */
import { livingSounds } from './cues-living.ts';
import { thingSounds } from './cues-things.ts';
import type { Random } from './random.ts';
import { normalize } from './synth.ts';

const cueSounds = { ...livingSounds, ...thingSounds } satisfies Record<
  string,
  (random: Random) => Float32Array
>;

export type CueName = keyof typeof cueSounds;

/** RMS that a steady cue may have: a whistle is not to be louder than an explosion. */
const steadyRms = 0.24;

/** Renders a named cue: peak 1, less for steady sounds. */
export function renderCue(name: CueName, random: Random): Float32Array {
  const samples = normalize(cueSounds[name](random));
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const rms = Math.sqrt(power / samples.length);
  return rms > steadyRms ? normalize(samples, steadyRms / rms) : samples;
}
