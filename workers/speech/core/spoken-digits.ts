/**
 * Which digits a transcript contains, and whether they are those of a challenge. Invariant: numerals and words, grouped or one by one,
 * come to the same digits; what is no number is passed over. Called by hear-digits.ts; pure.
 */

const units = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const teens = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
/** How recognisers spell digits that sound like other words; harmless, because only a whole run of digits counts. */
const alike: Readonly<Record<string, string>> = {
  oh: '0',
  o: '0',
  nought: '0',
  won: '1',
  to: '2',
  too: '2',
  for: '4',
  ate: '8',
  niner: '9',
};

const digitOf = new Map<string, string>([
  ...units.map((word, digit): [string, string] => [word, String(digit)]),
  ...teens.map((word, index): [string, string] => [word, String(10 + index)]),
  ...Object.entries(alike),
]);

/** Digits of a transcript in order, e.g. `481516` for “four eight one, 5-16” and for “48, fifteen sixteen”. */
export function digitsIn(transcript: string): string {
  const words = transcript
    .normalize('NFKC')
    .toLowerCase()
    .match(/\d+|\p{L}+/gu);
  let digits = '';
  let repeat = 1;
  let ten: number | null = null;
  for (const word of words ?? []) {
    const unit = units.indexOf(word);
    // "forty-eight" is 48, "forty" alone 40.
    if (ten !== null && unit > 0) {
      digits += String(ten + unit);
      ten = null;
      continue;
    }
    if (ten !== null) digits += String(ten);
    ten = null;
    const index = tens.indexOf(word);
    if (index >= 0) ten = 10 * (index + 2);
    else if (word === 'double') repeat = 2;
    else if (word === 'triple') repeat = 3;
    else {
      digits += (/^\d/.test(word) ? word : (digitOf.get(word) ?? '')).repeat(repeat);
      repeat = 1;
    }
  }
  return ten === null ? digits : digits + String(ten);
}

/** Digits more than this many times those asked for are recited, not said. */
const patience = 2;

/**
 * Whether the digits were said in order, one of them misheard, left out or added at most: recognisers slip, and what was said for one
 * challenge still fits only one other in seven thousand. What was said before or after does not count.
 */
export function saysDigits(expected: string, heard: string): boolean {
  return heard.length <= expected.length * patience && nearestRun(expected, heard) <= 1;
}

/**
 * Fewest edits (Levenshtein) that turn some stretch of `text` into `pattern`.
 * @see Sellers, "The theory and computation of evolutionary distances: pattern recognition", J. Algorithms 1 (1980)
 */
function nearestRun(pattern: string, text: string): number {
  let column = Array.from({ length: pattern.length + 1 }, (_, index) => index);
  let best = pattern.length;
  for (const char of text) {
    const next = [0];
    for (let row = 1; row <= pattern.length; row += 1) {
      const substituted = (column[row - 1] ?? 0) + (pattern[row - 1] === char ? 0 : 1);
      next.push(Math.min(substituted, (column[row] ?? 0) + 1, (next[row - 1] ?? 0) + 1));
    }
    column = next;
    best = Math.min(best, column[pattern.length] ?? best);
  }
  return best;
}
