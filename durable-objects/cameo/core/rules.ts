/**
 * The rules a likeness is lent under, checked on what will be said and shown (K-13). Invariants: the answer names the first offence and
 * its place in the original text; adding words before or after a refused text never makes it allowed, because every rule looks for
 * something and none for its absence. Called by permission.ts at admission, on remixes and at publication.
 */

import { literalPhrase, matchAt, matchesAlone, type Phrase, PhraseIndex } from '#core/text/phrases.ts';
import { spelledOut, type Word, wordsOf } from '#core/text/words.ts';
import type { RuleClass, Rules } from '#schemas/likeness.ts';
import { lexicon } from './rule-lexicon.ts';

export interface RuleText {
  /** Where it came from: `prompt`, `dialogue.0`, `caption` … */
  readonly field: string;
  readonly text: string;
}

export interface Violation {
  readonly kind: 'class' | 'word';
  /** The class, or the owner's word as they wrote it. */
  readonly rule: string;
  readonly field: string;
  /** UTF-16 offsets into the text of that field. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Rule {
  readonly kind: Violation['kind'];
  readonly rule: string;
}

const classes = new PhraseIndex<RuleClass>();
for (const { ruleClass, phrases } of lexicon) for (const phrase of phrases) classes.add(phrase, ruleClass);
/** A word spelled out is not longer than this. */
const spelledAtMost = 16;

/** The first offence, field by field and from the left; of those that begin at the same place the longest. Null: none. */
export function findViolation(rules: Rules, texts: readonly RuleText[]): Violation | null {
  const owners = new PhraseIndex<Rule>();
  for (const word of rules.words) {
    const words = wordsOf(word);
    if (words.length > 0) owners.add(literalPhrase(words), { kind: 'word', rule: word });
  }
  const denied = new Set(rules.denied);
  const candidates = (word: string): { phrase: Phrase; tag: Rule }[] => [
    ...owners.beginningWith(word),
    ...classes
      .beginningWith(word)
      .filter(({ tag }) => denied.has(tag))
      .map(({ phrase, tag }) => ({ phrase, tag: { kind: 'class', rule: tag } as const })),
  ];
  for (const { field, text } of texts) {
    const found = firstIn(text, candidates);
    if (found === null) continue;
    const { start, end, rule } = found;
    return { ...rule, field, start, end, text: text.slice(start, end) };
  }
  return null;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly rule: Rule;
}

type Candidates = (word: string) => { phrase: Phrase; tag: Rule }[];

function firstIn(text: string, candidates: Candidates): Found | null {
  const words = wordsOf(text);
  const spelled = firstSpelled(words, candidates);
  for (const [index, word] of words.entries()) {
    if (spelled !== null && spelled.start <= word.start) return spelled;
    let longest: Found | null = null;
    for (const { phrase, tag } of candidates(word.text)) {
      const after = matchAt(phrase, words, index);
      const end = after < 0 ? -1 : (words[after - 1]?.end ?? -1);
      if (end > (longest?.end ?? -1)) longest = { start: word.start, end, rule: tag };
    }
    if (longest !== null) return longest;
  }
  return spelled;
}

/** Every stretch of letters spelled out is read as a word. */
function firstSpelled(words: readonly Word[], candidates: Candidates): Found | null {
  for (const run of spelledOut(words)) {
    for (const [from, first] of run.entries()) {
      let spelling = first.text;
      for (const next of run.slice(from + 1, from + spelledAtMost)) {
        spelling += next.text;
        if (spelling.length < 3) continue;
        const hit = candidates(spelling).find(({ phrase }) => matchesAlone(phrase, spelling));
        if (hit !== undefined) return { start: first.start, end: next.end, rule: hit.tag };
      }
    }
  }
  return null;
}
