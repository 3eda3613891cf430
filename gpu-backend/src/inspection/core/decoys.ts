/**
 * A small recogniser that is asked "which of these was said?" answers far better than one asked "what was said?". The asked
 * digits stand among decoys that differ from them in three places or more; a voice that says something else is drawn to one of
 * those, so a wrong recording passes about once in as many times as there are decoys. Called by pocketsphinx.ts.
 */
import { editDistance } from './digits.ts';
import { thresholds } from './thresholds.ts';

const words = ['(zero | oh)', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Six-digit strings, the same for the same digits (a linear congruential sequence, Numerical Recipes 7.1). */
export function decoysFor(digits: string, count: number): string[] {
  let state = Number(digits) + 1;
  const decoys = new Set<string>();
  while (decoys.size < count) {
    let candidate = '';
    while (candidate.length < digits.length) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      candidate += String(Math.floor((state / 2 ** 32) * 10));
    }
    if (editDistance(candidate, digits) > thresholds.digits.wrong) decoys.add(candidate);
  }
  return [...decoys];
}

/** A grammar in JSGF (https://www.w3.org/TR/jsgf/) of one alternative per string; a zero may be said as "oh". */
export function grammarOf(strings: readonly string[]): string {
  const said = (digits: string): string =>
    `(${[...digits].map((digit) => words[Number(digit)] ?? '').join(' ')})`;
  return `#JSGF V1.0;\ngrammar digits;\npublic <digits> = ${strings.map(said).join(' | ')};\n`;
}

const spoken: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};

/** Digits in what a recogniser wrote, be it words or figures; everything else is passed over. */
export function digitsIn(text: string): string {
  return (text.toLowerCase().match(/[a-z]+|\d/g) ?? [])
    .map((word) => spoken[word] ?? (/\d/.test(word) ? word : ''))
    .join('');
}
