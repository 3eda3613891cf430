/**
 * Where a rule of somebody's likeness was broken: the offending words inside what was sent (error code `cameo_rule`). Names the rule and
 * the place, never the person. Pure.
 */
import { ruleWords } from '../cameo/words.ts';

export interface Offence {
  /** Which field, as the form calls it. */
  readonly place: string;
  /** Text around the words, and the words themselves. */
  readonly before: string;
  readonly words: string;
  readonly after: string;
  /** What the rule is about. */
  readonly rule: string;
  /** Offsets in the prompt, if it was the prompt. */
  readonly inPrompt: { readonly start: number; readonly end: number } | null;
}

/** What was sent, as far as rules look at it. */
export interface Sent {
  readonly prompt?: string | undefined;
  readonly caption?: string | undefined;
  readonly dialogue?:
    | readonly (string | { readonly speaker?: string | undefined; readonly text: string })[]
    | undefined;
  readonly soundCues?: readonly (string | { readonly sound: string })[] | undefined;
}

/** Characters of context on either side. */
const around = 48;

function fieldOf(field: string, sent: Sent): { place: string; text: string | null } {
  const [name, at, part] = field.split('.');
  const index = Number(at);
  if (name === 'prompt') return { place: 'your prompt', text: sent.prompt ?? null };
  if (name === 'caption') return { place: 'your caption', text: sent.caption ?? null };
  if (name === 'dialogue') {
    const line = sent.dialogue?.[index];
    const text = typeof line === 'string' ? line : part === 'speaker' ? line?.speaker : line?.text;
    return {
      place: part === 'speaker' ? `the speaker of line ${index + 1}` : `line ${index + 1}`,
      text: text ?? null,
    };
  }
  if (name === 'soundCues') {
    const cue = sent.soundCues?.[index];
    return { place: `sound ${index + 1}`, text: (typeof cue === 'string' ? cue : cue?.sound) ?? null };
  }
  return { place: 'the clip you remix', text: null };
}

/** @returns null when the details are not those of a broken rule */
export function offenceOf(details: Readonly<Record<string, unknown>>, sent: Sent): Offence | null {
  const { field, start, end, text, rule, kind } = details;
  if (typeof field !== 'string' || typeof text !== 'string') return null;
  const { place, text: whole } = fieldOf(field, sent);
  const named = typeof rule === 'string' && kind !== 'word' && rule in ruleWords ? rule : null;
  const about = named
    ? ruleWords[named as keyof typeof ruleWords].name.toLowerCase()
    : 'words somebody does not lend their likeness to';
  const fits =
    whole !== null &&
    typeof start === 'number' &&
    typeof end === 'number' &&
    whole.slice(start, end) === text;
  if (!fits) return { place, before: '', words: text, after: '', rule: about, inPrompt: null };
  const from = Math.max(0, start - around);
  return {
    place,
    before: (from > 0 ? '…' : '') + whole.slice(from, start),
    words: text,
    after: whole.slice(end, end + around) + (end + around < whole.length ? '…' : ''),
    rule: about,
    inPrompt: field === 'prompt' ? { start, end } : null,
  };
}
