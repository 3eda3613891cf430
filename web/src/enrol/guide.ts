/**
 * The take, second by second: look at the camera, six digits one by one, three turns of the head with the front in between. Pure: time
 * comes in as milliseconds since the recording began. Called by the capture step, which draws it over the preview.
 */
import type { Challenge, HeadTurn } from '#schemas/http/cameo.ts';

export type Cue =
  | { readonly kind: 'front' }
  | { readonly kind: 'digit'; readonly digit: string; readonly index: number }
  | { readonly kind: 'turn'; readonly turn: HeadTurn; readonly index: number }
  | { readonly kind: 'back' }
  | { readonly kind: 'done' };

export interface Step {
  readonly cue: Cue;
  /** Milliseconds from the start of the recording. */
  readonly from: number;
  readonly to: number;
}

/** How long each cue stands, milliseconds. A digit takes about half a second to say; a turn there about one. */
export const cueMs = { front: 1500, digit: 1100, turn: 1900, back: 1400, done: 700 } as const;

/** The whole take in order. @see guideMs for its length */
export function stepsOf(challenge: Challenge): readonly Step[] {
  const cues: Cue[] = [{ kind: 'front' }];
  for (const [index, digit] of [...challenge.digits].entries()) cues.push({ kind: 'digit', digit, index });
  for (const [index, turn] of challenge.turns.entries()) {
    cues.push({ kind: 'turn', turn, index }, { kind: 'back' });
  }
  cues.push({ kind: 'done' });
  let at = 0;
  return cues.map((cue) => {
    const from = at;
    at += cueMs[cue.kind];
    return { cue, from, to: at };
  });
}

/** Milliseconds the take lasts. */
export function guideMs(steps: readonly Step[]): number {
  return steps.at(-1)?.to ?? 0;
}

/** The step of a moment; the last one afterwards. */
export function stepAt(steps: readonly Step[], ms: number): Step | null {
  return steps.find((step) => ms < step.to) ?? steps.at(-1) ?? null;
}

const turnWords: Readonly<Record<HeadTurn, string>> = {
  left: 'Turn your head to your left',
  right: 'Turn your head to your right',
  up: 'Lift your chin, look up',
};

/** What the person is to do now, as one short sentence. */
export function cueWords(cue: Cue): string {
  switch (cue.kind) {
    case 'front':
      return 'Look at the camera';
    case 'digit':
      return `Say ${cue.digit}`;
    case 'turn':
      return turnWords[cue.turn];
    case 'back':
      return 'And back to the front';
    case 'done':
      return 'Done';
  }
}

/** `9:05` until then, or null when it is over. */
export function timeLeft(expiresAt: string, now: number): string | null {
  const seconds = Math.ceil((Date.parse(expiresAt) - now) / 1000);
  if (!(seconds > 0)) return null;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
