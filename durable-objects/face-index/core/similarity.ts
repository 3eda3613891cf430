/**
 * How alike two face embeddings are, by the measure of the library that makes them. Invariant: the numbers are those of
 * `human.match.similarity` with its default options, its rounding included, so that its documentation and our thresholds speak of the
 * same thing. Called by the FaceIndex object.
 *
 * Source: @vladmandic/human 3.3.6 (MIT), src/face/match.ts, options { order: 2, multiplier: 25, min: 0.2, max: 0.8 }.
 */

const multiplier = 25;
const min = 0.2;
const max = 0.8;

/**
 * Somebody else's face, as a reason for a person to look: above the library's own mark for a match, because one face is held against
 * all that are enrolled and a false alarm costs somebody time.
 */
export const duplicateAt = 0.62;

/** One's own face again: the library's documentation calls anything above 0.5 a match, and its own face login asks for the same. */
export const sameFaceAt = 0.5;

const hundredths = (value: number) => Math.round(100 * value) / 100;

/**
 * @returns 0 unlike … 1 identical, in steps of 0.01
 * @throws RangeError when the two are not of one length
 */
export function similarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError('embeddings of different lengths cannot be compared');
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    sum += difference * difference;
  }
  const distance = hundredths(multiplier * sum);
  if (distance === 0) return 1;
  const normalized = (1 - Math.sqrt(distance) / 100 - min) / (max - min);
  return hundredths(Math.max(Math.min(normalized, 1), 0));
}
