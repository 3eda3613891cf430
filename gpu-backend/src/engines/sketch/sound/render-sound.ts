/**
 * The sound of a sketch clip: contacts, continuous contacts, place, score, cues and speech, mixed. Deterministic for its
 * input (speech as far as the local voice is), streamed, and never early or late: each contact sounds on its own sample.
 * Called by the sketch engine; the blocks go straight to finishing.
 */
import type { SimulationLog, SoundMood } from '../simulation-log.ts';
import { ambienceBeds, ambienceShots, roomSeconds } from './ambience.ts';
import { contactShots, continuousBeds } from './contacts.ts';
import { cueShots, planCues } from './cues.ts';
import { sampleRate } from './filters.ts';
import { scoreShots } from './instruments.ts';
import { mixBlocks } from './mixer.ts';
import { deriveSeed } from './random.ts';
import { composeScore } from './score.ts';
import { type DialogueLine, speechShots } from './speech.ts';

export { audibleContacts } from './contacts.ts';
export { type PlannedCue, planCues } from './cues.ts';
export { findVoice } from './speech.ts';
export { sampleRate };

/** Everything the sound is made from. Times are seconds from the first frame. */
export interface SoundInput {
  readonly log: SimulationLog;
  readonly mood: SoundMood;
  readonly durationSeconds: number;
  readonly seed: number;
  readonly cues: readonly { readonly sound: string; readonly at?: number }[];
  readonly dialogue: readonly DialogueLine[];
}

/**
 * Interleaved stereo float blocks at 48 kHz, `round(durationSeconds * 48000)` frames in total, |sample| < 1.
 * @throws RangeError when the duration is not positive and finite.
 */
export async function* renderSound(input: SoundInput): AsyncGenerator<Float32Array> {
  const { log, mood, durationSeconds, seed } = input;
  if (!(durationSeconds > 0 && durationSeconds <= 600)) {
    throw new RangeError('durationSeconds must lie between 0 and 600');
  }
  const speech = await speechShots(input.dialogue);
  yield* mixBlocks({
    totalFrames: Math.round(durationSeconds * sampleRate),
    roomSeconds: roomSeconds(mood),
    shots: [
      ...contactShots(log, seed),
      ...ambienceShots(mood, durationSeconds, deriveSeed(seed, 'ambience')),
      ...scoreShots(composeScore(mood, durationSeconds, deriveSeed(seed, 'score')), seed),
      ...cueShots(planCues(input.cues, durationSeconds), seed),
      ...speech,
    ],
    beds: [...continuousBeds(log, seed), ...ambienceBeds(mood, deriveSeed(seed, 'ambience'))],
  });
}
