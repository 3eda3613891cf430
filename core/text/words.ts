/**
 * Text as words, each with its place in the original. Invariants: `text.slice(word.start, word.end)` is what the word was read from;
 * case, accents, punctuation, invisible characters and letters of other scripts that look like Latin ones make no difference; words of
 * `a + ' ' + b` are those of `a` and those of `b`. Called by phrases.ts, the rules of likenesses and the output policy.
 */

export interface Word {
  /** Lower case, without accents. */
  readonly text: string;
  /** UTF-16 offsets into the original. */
  readonly start: number;
  readonly end: number;
}

/** Letters that Unicode does not decompose, and Cyrillic and Greek ones drawn like Latin ones (a part of UTS #39's confusables). */
const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
};
const lookalikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
};

const letter = /^[\p{L}\p{N}]$/u;
/** Written without spaces, or a picture: each character is a word. */
const alone =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Extended_Pictographic}]/u;
const invisible = /^[\p{M}\p{Cf}]+$/u;

function fold(character: string): string {
  const folded = character
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|\p{Cf}/gu, '');
  return [...folded].map((part) => special[part] ?? part).join('');
}

/** A word with Latin letters and lookalikes in it is meant to be read as Latin; one in another script alone is left as it is. */
function unmask(text: string): string {
  if (!/[a-z]/.test(text) || /^[a-z0-9]*$/.test(text)) return text;
  return [...text].map((part) => lookalikes[part] ?? part).join('');
}

/** Reads a text word by word. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let open: { text: string; start: number; end: number } | null = null;
  const close = () => {
    if (open !== null) words.push({ ...open, text: unmask(open.text) });
    open = null;
  };
  let at = 0;
  for (const character of text) {
    const [start, end] = [at, at + character.length];
    at = end;
    if (invisible.test(character)) {
      // A soft hyphen or a zero-width joiner within a word does not part it.
      if (open !== null) open.end = end;
      continue;
    }
    const folded = fold(character);
    if (alone.test(character)) {
      close();
      words.push({ text: folded, start, end });
    } else if (folded !== '' && [...folded].every((part) => letter.test(part))) {
      if (open === null) open = { text: folded, start, end };
      else open = { text: open.text + folded, start: open.start, end };
    } else {
      close();
    }
  }
  close();
  return words;
}

/** Letters spelled out one by one (`s.e.x`, `v o t e`): runs of at least three words of one letter. */
export function spelledOut(words: readonly Word[]): Word[][] {
  const runs: Word[][] = [];
  let run: Word[] = [];
  for (const word of words) {
    if (/^[a-z]$/.test(word.text)) {
      run.push(word);
      continue;
    }
    if (run.length >= 3) runs.push(run);
    run = [];
  }
  if (run.length >= 3) runs.push(run);
  return runs;
}
