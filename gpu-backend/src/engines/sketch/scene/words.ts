/**
 * Turns a prompt into stems with negation marked, so that the lexicon matches "bounces", "bouncing" and "bounce" alike and
 * skips what the prompt rules out. Pure; called by facts.ts only.
 */

export interface Word {
  readonly text: string;
  readonly stem: string;
  /** The prompt says this is not there ("no rain", "without a boat"). */
  readonly negated: boolean;
}

const negators = new Set([
  'no',
  'not',
  'without',
  'never',
  'isnt',
  'doesnt',
  'dont',
  'nor',
  'minus',
  'cannot',
  'cant',
]);
/** Words that end the reach of a negation. */
const turners = new Set(['but', 'and', 'then', 'with', 'while', 'instead', 'just', 'only']);
const articles = new Set([
  'a',
  'an',
  'the',
  'any',
  'more',
  'is',
  'are',
  'be',
  'it',
  'its',
  'does',
  'to',
  'at',
  'all',
]);
const reach = 2;

/** Crude English stem: plural, -ing, -ed and doubled consonants; the lexicon's keys pass through the same function. */
export function stem(word: string): string {
  let w = word;
  if (w.length > 4 && w.endsWith('ies')) return `${w.slice(0, -3)}y`;
  if (w.length > 5 && w.endsWith('ing')) w = w.slice(0, -3);
  else if (w.length > 4 && w.endsWith('ed')) w = w.slice(0, -2);
  else if (w.length > 4 && /(s|x|z|ch|sh|o)es$/.test(w)) w = w.slice(0, -2);
  else if (w.length > 3 && w.endsWith('s') && !w.endsWith('ss') && !w.endsWith('us')) w = w.slice(0, -1);
  if (w.length > 3 && /([bdgklmnprt])\1$/.test(w)) w = w.slice(0, -1);
  if (w.length > 3 && w.endsWith('e')) w = w.slice(0, -1);
  return w;
}

/** Stems of a lexicon phrase, space separated. */
export function stemPhrase(phrase: string): string {
  return phrase
    .split(/[\s-]+/)
    .map(stem)
    .join(' ');
}

/** Splits into words; hyphens separate, apostrophes join, sentence marks end a negation. */
export function readWords(prompt: string): Word[] {
  const pieces = prompt
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .match(/[\p{L}\p{N}]+|[.,;:!?]/gu);
  const words: Word[] = [];
  let left = 0;
  for (const piece of pieces ?? []) {
    if (/^[.,;:!?]$/.test(piece) || turners.has(piece)) {
      left = 0;
      if (!turners.has(piece)) continue;
    }
    const negated = left > 0;
    words.push({ text: piece, stem: stem(piece), negated });
    if (negators.has(piece)) left = reach;
    else if (left > 0 && !articles.has(piece)) left--;
  }
  return words;
}
