/** Finds lexicon phrases in a row of words, longest first, and remembers where. Pure; called by facts.ts. */
import { stemPhrase, type Word } from './words.ts';

export interface Match<T> {
  readonly value: T;
  /** Index of the first word. */
  readonly at: number;
  readonly length: number;
  readonly negated: boolean;
}

export interface Matcher<T> {
  find(words: readonly Word[]): Match<T>[];
}

/** Builds a matcher from `[phrase, value]` pairs; the first entry of an equal phrase wins. */
export function createMatcher<T>(entries: Iterable<readonly [phrase: string, value: T]>): Matcher<T> {
  const byStem = new Map<string, T>();
  let longest = 1;
  for (const [phrase, value] of entries) {
    const key = stemPhrase(phrase);
    if (!byStem.has(key)) byStem.set(key, value);
    longest = Math.max(longest, key.split(' ').length);
  }
  return {
    find(words) {
      const found: Match<T>[] = [];
      for (let at = 0; at < words.length; at++) {
        for (let length = Math.min(longest, words.length - at); length > 0; length--) {
          const slice = words.slice(at, at + length);
          const value = byStem.get(slice.map((w) => w.stem).join(' '));
          if (value === undefined) continue;
          found.push({ value, at, length, negated: slice.some((w) => w.negated) });
          at += length - 1;
          break;
        }
      }
      return found;
    },
  };
}

/** Flattens `{ value: [phrases] }` into matcher entries. */
export function* phrasesOf<K extends string>(
  lexicon: Readonly<Record<K, readonly string[]>>,
): Iterable<readonly [string, K]> {
  for (const key of Object.keys(lexicon) as K[]) {
    for (const phrase of lexicon[key]) yield [phrase, key];
  }
}
