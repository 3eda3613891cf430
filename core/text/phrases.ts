/**
 * Phrases to look for in words. Invariant: a phrase matches words that stand next to each other and nothing else about the text, so a
 * match stays one whatever is written before or after it. Called by the rules of likenesses and the output policy.
 *
 *     kiss* him|her        `|` one of, `*` any ending
 *     take ~2 off          `~2` up to two words in between
 *     outside ~1 s? house  `?` may be missing
 *     # percent            `#` a number
 */
import type { Word } from './words.ts';

type Part =
  | { readonly kind: 'gap'; readonly most: number }
  | {
      readonly kind: 'word';
      readonly exact: ReadonlySet<string>;
      readonly starts: readonly string[];
      readonly number: boolean;
      readonly optional: boolean;
    };

export interface Phrase {
  readonly parts: readonly Part[];
}

/** @throws when a phrase does not begin with a word, or a beginning with `*` is shorter than three letters: lexicon mistakes */
export function compilePhrase(source: string): Phrase {
  const parts = source.trim().split(/\s+/).map(compilePart);
  const first = parts[0];
  if (first?.kind !== 'word' || first.optional) throw new Error(`must begin with a word: ${source}`);
  return { parts };
}

function compilePart(item: string): Part {
  const gap = /^~(\d)$/.exec(item);
  if (gap !== null) return { kind: 'gap', most: Number(gap[1]) };
  const optional = item.endsWith('?');
  const choices = (optional ? item.slice(0, -1) : item).split('|');
  const starts = choices.filter((choice) => choice.endsWith('*')).map((choice) => choice.slice(0, -1));
  const exact = choices.filter((choice) => !choice.endsWith('*') && choice !== '#');
  if (starts.some((start) => start.length < 3)) throw new Error(`too short before *: ${item}`);
  if (exact.some((choice) => !/^[a-z0-9]+$/.test(choice))) throw new Error(`not a word: ${item}`);
  return { kind: 'word', exact: new Set(exact), starts, number: choices.includes('#'), optional };
}

/** A phrase of exactly these words: what somebody wrote into their own rules. */
export function literalPhrase(words: readonly Word[]): Phrase {
  return {
    parts: words.map(({ text }) => ({
      kind: 'word',
      exact: new Set([text]),
      starts: [],
      number: false,
      optional: false,
    })),
  };
}

function matchesWord(part: Extract<Part, { kind: 'word' }>, text: string): boolean {
  return (
    part.exact.has(text) ||
    part.starts.some((start) => text.startsWith(start)) ||
    (part.number && /^\d+$/.test(text))
  );
}

/** Index after the longest match that begins at `from`, or -1. */
export function matchAt({ parts }: Phrase, words: readonly Word[], from: number): number {
  const step = (index: number, at: number): number => {
    const part = parts[index];
    if (part === undefined) return at;
    if (part.kind === 'gap') {
      for (let skipped = part.most; skipped >= 0; skipped--) {
        const end = at + skipped <= words.length ? step(index + 1, at + skipped) : -1;
        if (end >= 0) return end;
      }
      return -1;
    }
    const word = words[at];
    const taken = word !== undefined && matchesWord(part, word.text) ? step(index + 1, at + 1) : -1;
    if (taken >= 0) return taken;
    return part.optional ? step(index + 1, at) : -1;
  };
  return step(0, from);
}

/** Whether one word alone is a whole match. */
export function matchesAlone({ parts }: Phrase, text: string): boolean {
  const [only] = parts;
  return parts.length === 1 && only?.kind === 'word' && matchesWord(only, text);
}

/** Phrases by how they may begin, so that a word is compared with a handful of them. */
export class PhraseIndex<T> {
  readonly #exact = new Map<string, { phrase: Phrase; tag: T }[]>();
  readonly #starts = new Map<string, { phrase: Phrase; tag: T }[]>();
  readonly #numbers: { phrase: Phrase; tag: T }[] = [];

  add(phrase: Phrase, tag: T): void {
    const [first] = phrase.parts;
    if (first?.kind !== 'word') return;
    const into = (map: Map<string, { phrase: Phrase; tag: T }[]>, key: string) =>
      map.set(key, [...(map.get(key) ?? []), { phrase, tag }]);
    for (const word of first.exact) into(this.#exact, word);
    for (const start of first.starts) into(this.#starts, start.slice(0, 3));
    if (first.number) this.#numbers.push({ phrase, tag });
  }

  /** Phrases that may begin with this word; a superset of those that do. */
  beginningWith(word: string): { phrase: Phrase; tag: T }[] {
    const numbers = /^\d+$/.test(word) ? this.#numbers : [];
    return [...(this.#exact.get(word) ?? []), ...(this.#starts.get(word.slice(0, 3)) ?? []), ...numbers];
  }
}
