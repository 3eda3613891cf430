/**
 * Maps a creator's words for a sound to one that can be synthesised, and places it in time. Words that are not known get a
 * neutral accent and say so (`known: false`), so that the engine's summary can be honest (K-02). Called by
 * render-sound.ts, and by the engine for its report and captions.
 */

import { type CueName, renderCue } from './cue-sounds.ts';
import { sampleRate } from './filters.ts';
import type { Shot } from './mixer.ts';
import { createRandom, deriveSeed } from './random.ts';

/** First match wins: phrases and specific words stand before general ones. */
const words: readonly (readonly [pattern: RegExp, name: CueName])[] = [
  [/glass (break|shatter|smash)|shatter|smash/, 'shatter'],
  [/door ?bell|ding|chime|wind ?chime/, 'chime'],
  [/phone|ringtone/, 'phone'],
  [/train|locomotive/, 'train'],
  [/bell|gong/, 'bell'],
  [/applau|clap/, 'applause'],
  [/cheer|crowd|audience|fans|stadium|hooray/, 'cheer'],
  [/referee|whistl/, 'whistle'],
  [/thunder|lightning/, 'thunder'],
  [/laugh|giggl|chuckl|haha/, 'laugh'],
  [/explo|boom|blast|detonat|firework|bang/, 'explosion'],
  [/splash|dive|plunge/, 'splash'],
  [/laser|zap/, 'laser'],
  [/fanfare|trumpet|ta-?da|victory/, 'fanfare'],
  [/siren|ambulance|police/, 'siren'],
  [/horn|honk|beep ?beep/, 'horn'],
  [/alarm|beep|buzzer/, 'beep'],
  [/footstep|steps|walk|running/, 'footsteps'],
  [/gull/, 'gull'],
  [/owl|hoot/, 'owl'],
  [/cricket|cicada/, 'crickets'],
  [/bird|chirp|tweet|sing(s|ing) bird/, 'birds'],
  [/dog|bark|woof/, 'bark'],
  [/\bcats?\b|meow|kitten/, 'meow'],
  [/knock/, 'knock'],
  [/heart/, 'heartbeat'],
  [/clock|tick/, 'clock'],
  [/drum/, 'drum'],
  [/camera|shutter|click|switch/, 'click'],
  [/creak|squeak|door/, 'creak'],
  [/fire|crackl|flame/, 'fire'],
  [/wave|surf|sea|ocean/, 'wave'],
  [/rain|drizzle/, 'rain'],
  [/magic|sparkl|fairy|twinkl|shimmer/, 'magic'],
  [/\bpop\b|pops|cork|bubble/, 'pop'],
  [/engine|motor|\bcar\b|rev/, 'engine'],
  [/bee\b|bees|buzz|fly|drone/, 'buzz'],
  [/wind|whoosh|swoosh|swish|gust/, 'whoosh'],
];

export interface PlannedCue {
  /** As the creator wrote it. */
  readonly sound: string;
  readonly name: CueName;
  /** False when no known sound matched and the neutral accent stands in. */
  readonly known: boolean;
  /** Seconds from the start of the clip. */
  readonly at: number;
}

/** Chooses a sound for each cue and a time for those without one: spread evenly, away from both ends. */
export function planCues(
  cues: readonly { readonly sound: string; readonly at?: number }[],
  durationSeconds: number,
): readonly PlannedCue[] {
  const unplaced = cues.filter((cue) => cue.at === undefined).length;
  let placed = 0;
  return cues.map((cue) => {
    const text = cue.sound.toLowerCase();
    const name = words.find(([pattern]) => pattern.test(text))?.[1];
    const at = cue.at ?? (durationSeconds * ++placed) / (unplaced + 1);
    return {
      sound: cue.sound,
      name: name ?? 'accent',
      known: name !== undefined,
      at: Math.min(at, Math.max(0, durationSeconds - 0.1)),
    };
  });
}

/** One shot per cue. */
export function cueShots(cues: readonly PlannedCue[], seed: number): Shot[] {
  return cues.map((cue, index) => ({
    start: Math.round(cue.at * sampleRate),
    bus: 'cue',
    pan: 0.5,
    gain: cue.known ? 0.42 : 0.26,
    send: 0.22,
    render: () => renderCue(cue.name, createRandom(deriveSeed(seed, 'cue', index))),
  }));
}
