/** What is being composed, kept for this visit so that signing in or looking around does not lose it. */
import { signal } from '@preact/signals';
import type { FrameSize } from '#schemas/engine.ts';
import type { Castable } from '#schemas/http/cameo.ts';
import type { CreateGenerationInput } from '#schemas/http/generations.ts';
import { secondsRange } from '../api/limits.ts';
import { readStored, writeStored } from '../state/store.ts';

export interface LineDraft {
  readonly id: number;
  readonly speaker: string;
  readonly text: string;
}
export interface CueDraft {
  readonly id: number;
  readonly sound: string;
  /** Seconds as typed; empty lets the engine place it. */
  readonly at: string;
}
export interface Composition {
  readonly prompt: string;
  readonly seconds: number;
  readonly size: FrameSize;
  readonly engine: string;
  readonly dialogue: readonly LineDraft[];
  readonly soundCues: readonly CueDraft[];
  /** Who is in it, as they stood when they were picked; the server asks for their consent anew. */
  readonly cast: readonly Castable[];
}

export const blank: Composition = {
  prompt: '',
  seconds: secondsRange.initial,
  size: '720x1280',
  engine: 'sketch',
  dialogue: [],
  soundCues: [],
  cast: [],
};

/** @returns what was stored, or a blank sheet where it is missing or of another shape */
export function parseComposition(text: string | null): Composition {
  if (!text) return blank;
  try {
    const stored = JSON.parse(text) as Partial<Composition>;
    if (typeof stored.prompt !== 'string' || typeof stored.seconds !== 'number') return blank;
    return {
      ...blank,
      prompt: stored.prompt,
      seconds: Math.min(secondsRange.max, Math.max(secondsRange.min, stored.seconds)),
      size: stored.size === '1280x720' ? '1280x720' : '720x1280',
      dialogue: Array.isArray(stored.dialogue) ? stored.dialogue : [],
      soundCues: Array.isArray(stored.soundCues) ? stored.soundCues : [],
      cast: Array.isArray(stored.cast)
        ? stored.cast.filter((who) => typeof who?.account?.handle === 'string')
        : [],
    };
  } catch {
    return blank;
  }
}

export const composition = signal<Composition>(parseComposition(readStored('composition', 'session')));

export function changeComposition(change: Partial<Composition>): void {
  composition.value = { ...composition.value, ...change };
  writeStored('composition', JSON.stringify(composition.value), 'session');
}

/** The request body: empty lines are left out, empty times mean "wherever it fits". */
export function toRequest(sheet: Composition, remixOf: string | null): CreateGenerationInput {
  const dialogue = sheet.dialogue
    .filter((line) => line.text.trim())
    .map((line) => ({
      text: line.text.trim(),
      ...(line.speaker.trim() ? { speaker: line.speaker.trim() } : {}),
    }));
  const soundCues = sheet.soundCues
    .filter((cue) => cue.sound.trim())
    .map((cue) => {
      const at = Number.parseFloat(cue.at);
      return {
        sound: cue.sound.trim(),
        ...(Number.isFinite(at) ? { at: Math.min(60, Math.max(0, at)) } : {}),
      };
    });
  return {
    prompt: sheet.prompt.trim(),
    seconds: sheet.seconds,
    size: sheet.size,
    engine: sheet.engine,
    ...(dialogue.length > 0 ? { dialogue } : {}),
    ...(soundCues.length > 0 ? { soundCues } : {}),
    ...(sheet.cast.length > 0 ? { cameos: sheet.cast.map((who) => who.account.handle) } : {}),
    ...(remixOf ? { remixOf: remixOf as `clip_${string}` } : {}),
  };
}

/** Credits a clip costs: every started second counts. */
export function priceOf(seconds: number, creditsPerSecond: number): number {
  return Math.ceil(Math.ceil(seconds) * creditsPerSecond);
}
