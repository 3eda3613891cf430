/** The rules of a likeness: what each class catches and lets pass, and what holds for every text. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { wordsOf } from '#core/text/words.ts';
import { findViolation } from '#durable-objects/cameo/core/rules.ts';
import { type RuleClass, type Rules, ruleClasses } from '#schemas/likeness.ts';
import { harmless, offending } from '../support/rule-texts.ts';

const everything: Rules = { words: [], denied: [...ruleClasses] };
const only = (ruleClass: RuleClass): Rules => ({ words: [], denied: [ruleClass] });
const word = (...words: string[]): Rules => ({ words, denied: [] });
const find = (rules: Rules, text: string, field = 'prompt') => findViolation(rules, [{ field, text }]);

const offences = Object.entries(offending).flatMap(([ruleClass, texts]) =>
  texts.map((text) => [ruleClass as RuleClass, text] as const),
);
const anOffence = fc.constantFrom(...offences);
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(...harmless),
  fc.constantFrom('a s', 'e x', 's.', '\u00ad', '\u200d', '\u0301', '日本', '🔫', "'", 'x-y-z'),
);

test('the lists are as long as promised', () => {
  expect(harmless.length).toBeGreaterThanOrEqual(60);
  expect(offences.length).toBeGreaterThanOrEqual(100);
  for (const ruleClass of ruleClasses) expect(offending[ruleClass].length).toBeGreaterThanOrEqual(12);
});

describe('harmless', () => {
  it.each(harmless)('%s', (text) => {
    expect(find(everything, text)).toBeNull();
  });
});

describe('offending', () => {
  it.each(offences)('%s: %s', (ruleClass, text) => {
    const found = find(only(ruleClass), text);
    expect(found).toMatchObject({ kind: 'class', rule: ruleClass, field: 'prompt' });
    // The span shows the offence: a word that stands in capitals in the list.
    const shown = (found?.text ?? '').split(/[^\p{L}\p{N}]+/u);
    expect(
      shown.some((part) => part !== '' && part === part.toUpperCase()),
      found?.text,
    ).toBe(true);
  });

  it.each(offences)('%s is allowed where only other classes are denied: %s', (ruleClass, text) => {
    const others = { words: [], denied: ruleClasses.filter((other) => other !== ruleClass) };
    const found = find(others, text);
    if (found !== null) expect(found.rule).not.toBe(ruleClass);
    expect(find({ words: [], denied: [] }, text)).toBeNull();
  });
});

describe('an owner’s words', () => {
  it.each([
    ['pizza', 'a PIZZA, please', 'PIZZA'],
    ['crème brûlée', 'a Creme-Brulee on fire', 'Creme-Brulee'],
    ['ex', 'my ex, again', 'ex'],
    ['new york', 'New\n  York at night', 'New\n  York'],
    ['pizza', 'spelled p.i.z.z.a on a sign', 'p.i.z.z.a'],
    ['pizza', 'p\u00adi\u200dzza', 'p\u00adi\u200dzza'],
    ['pizza', 'pіzzа in Cyrillic letters', 'pіzzа'],
    ['pizza', 'ｐｉｚｚａ wide', 'ｐｉｚｚａ'],
    ['日本', '私は日本が好き', '日本'],
    ['Łódź', 'the trams of lodz', 'lodz'],
    ['straße', 'the STRASSE sign', 'STRASSE'],
  ])('%s is found in %j', (own, text, span) => {
    const found = find(word('nothing', own), text);
    expect(found).toMatchObject({ kind: 'word', rule: own, text: span });
    expect(text.slice(found?.start, found?.end)).toBe(span);
  });

  it.each([
    ['ex', 'an example of text'],
    ['new york', 'new bridges in york'],
    ['art', 'party'],
    ['!!', 'hello!!'],
    ['he', 't h'],
  ])('%s is not found in %j', (own, text) => {
    expect(find(word(own), text)).toBeNull();
  });
});

test('the first offence is named: field by field, from the left', () => {
  const texts = [
    { field: 'prompt', text: 'a walk' },
    { field: 'dialogue.0', text: 'pizza for two, then a naked man' },
    { field: 'caption', text: 'naked' },
  ];
  expect(findViolation({ words: ['pizza'], denied: ['sexual'] }, texts)).toMatchObject({
    rule: 'pizza',
    field: 'dialogue.0',
    start: 0,
  });
  expect(findViolation(only('sexual'), texts)).toMatchObject({ field: 'dialogue.0', start: 22, end: 27 });
  expect(findViolation(everything, [])).toBeNull();
});

describe('for every text', () => {
  test('words point at what they were read from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        let before = 0;
        for (const { text: read, start, end } of wordsOf(text)) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(wordsOf(text.slice(start, end)).map((again) => again.text)).toEqual([read]);
          before = end;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('the span is in the text, says what it says, and is an offence by itself', () => {
    fc.assert(
      fc.property(anyText, anOffence, anyText, (before, [ruleClass, text], after) => {
        const whole = `${before} ${text} ${after}`;
        const found = find(only(ruleClass), whole);
        expect(found).not.toBeNull();
        if (found === null) return;
        expect(whole.slice(found.start, found.end)).toBe(found.text);
        expect(find(only(ruleClass), found.text)).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  test('adding words never makes a refused text allowed', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        anyText,
        fc.integer(),
        (a, b, c, pick) => {
          const text = pick % 2 === 0 ? b : (offences[Math.abs(pick) % offences.length]?.[1] ?? b);
          if (find(everything, text) === null) return;
          expect(find(everything, `${a} ${text} ${c}`)).not.toBeNull();
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('case and accents make no difference, nor does what stands between words', () => {
    fc.assert(
      fc.property(
        anOffence,
        fc.constantFrom(' ', ', ', '\n', ' — ', '_', ' … '),
        fc.integer({ min: 0, max: 3 }),
        (offence, gap, how) => {
          const [ruleClass, text] = offence;
          const dressed = [
            text.toUpperCase(),
            text.toLowerCase(),
            text.replace(/[aeiou]/gi, (vowel) => `${vowel}\u0301`).normalize('NFC'),
            text.replace(/[aeiou]/gi, (vowel) => `${vowel}\u0308`),
          ][how];
          const spread = (dressed ?? text).split(' ').join(gap);
          expect(find(only(ruleClass), spread), spread).not.toBeNull();
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('denying more never allows more', () => {
    fc.assert(
      fc.property(
        anyText,
        anOffence,
        fc.subarray([...ruleClasses]),
        fc.subarray([...ruleClasses]),
        (text, [, bad], some, more) => {
          const whole = `${text} ${bad}`;
          if (find({ words: [], denied: some }, whole) === null) return;
          expect(find({ words: ['zebra'], denied: [...some, ...more] }, whole)).not.toBeNull();
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('a text of the longest prompt with nothing but short letters is read in one go', () => {
    expect(find({ words: ['zzzz'], denied: [...ruleClasses] }, 'a '.repeat(1000))).toBeNull();
  });
});
