/** The measure of likeness is the library's own, and spoken digits are understood however a recogniser writes them. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { similarity } from '#durable-objects/face-index/core/similarity.ts';
import { embeddingLength } from '#schemas/inspection.ts';
import { digitsIn, saysDigits } from '#workers/speech/core/spoken-digits.ts';

const seed = 20_261_122;

/** The source the library ships, run as it stands. */
const source = join(import.meta.dirname, '../../node_modules/@vladmandic/human/src/face/match.ts');
const code = stripTypeScriptTypes(readFileSync(source, 'utf8'));
const library = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
  similarity: (a: number[], b: number[]) => number;
};

describe('similarity', () => {
  test('is what human.match.similarity answers, to the last digit', () => {
    const value = fc.double({ min: 0, max: 4, noNaN: true });
    const pair = fc
      .tuple(
        fc.array(value, { minLength: embeddingLength, maxLength: embeddingLength, size: 'max' }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer(),
      )
      .map(([face, spread, salt]): [number[], number[]] => [
        face,
        face.map((one, index) => one + spread * Math.sin(salt + index)),
      ]);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(similarity(a, b)).toBe(library.similarity(a, b));
        expect(similarity(a, b)).toBe(similarity(b, a));
      }),
      { seed, numRuns: 200 },
    );
  });

  test('runs from unlike to identical and refuses lengths that differ', () => {
    const face = Array.from({ length: embeddingLength }, (_, index) => Math.abs(Math.sin(index)));
    expect(similarity(face, face)).toBe(1);
    expect(
      similarity(
        face,
        face.map((value) => value + 3),
      ),
    ).toBe(0);
    expect(() => similarity(face, face.slice(1))).toThrow(RangeError);
  });
});

const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

describe('spoken digits', () => {
  test.each([
    [' 4 8 1 5 1 6.', '481516'],
    ['481516', '481516'],
    ['48-15-16', '481516'],
    ['Four, eight, one, five, one, six.', '481516'],
    ['forty-eight fifteen sixteen', '481516'],
    ['Okay. 4, eight, 1 fifteen sixteen!', '481' + '1516'],
    ['oh seven double three nought niner', '073309'],
    ['triple zero one forty', '000140'],
    ['４８１５１６', '481516'],
    ['Thank you for watching.', '4'],
    ['', ''],
  ])('%j are %j', (transcript, digits) => {
    expect(digitsIn(transcript)).toBe(digits);
  });

  test('come out as they went in, as words or numerals, in any grouping and among other words', () => {
    const spoken = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constantFrom(' ', ', ', '-', '. ')),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(spoken, (said) => {
        const text = said.map(([digit, asWord, gap]) => `${asWord ? words[digit] : digit}${gap}`).join('');
        expect(digitsIn(`Okay, ${text} thanks`)).toBe(said.map(([digit]) => digit).join(''));
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test.each([
    ['481516', '481516', true],
    ['481516', '4481516', true],
    ['481516', '48516', true],
    ['481516', '481519', true],
    ['481516', '12481516', true],
    ['481516', '481599', false],
    ['481516', '615184', false],
    ['481516', '', false],
    // Reciting everything says nothing.
    ['481516', '0123456789481516', false],
  ])('%s against %s: %s', (expected, heard, says) => {
    expect(saysDigits(expected, heard)).toBe(says);
  });

  test('what was said for one challenge fits one other in seven thousand', () => {
    let fits = 0;
    for (let number = 0; number < 1_000_000; number += 1) {
      if (saysDigits(String(number).padStart(6, '0'), '481516')) fits += 1;
    }
    // Itself; 54 with one digit wrong; 90 with one left out and one too many at the ends.
    expect(fits).toBe(145);
  });
});
