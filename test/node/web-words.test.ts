/** Small pure pieces of the app whose mistakes a reader would see. */
import { describe, expect, test } from 'vitest';
import { validationStates } from '../../schemas/provenance.ts';
import { actionName, sourceTypeName, verdictOf } from '../../web/src/about/explain.ts';
import { handlePattern } from '../../web/src/api/limits.ts';
import { safeNext } from '../../web/src/auth/safe-next.ts';
import { suggestHandle } from '../../web/src/auth/suggest-handle.ts';
import { formatAgo, formatClock, formatCount, formatEstimate, hueOf } from '../../web/src/ui/format.ts';

const now = Date.UTC(2026, 10, 22, 12);
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1K'],
  [1240, '1.2K'],
  [34_400, '34K'],
  [999_499, '999K'],
  [999_500, '1M'],
  [1_250_000, '1.3M'],
])('count %d is %s', (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [-5, 'just now'],
  [44, 'just now'],
  [60, '1 min ago'],
  [3599, '60 min ago'],
  [7200, '2 h ago'],
  [2 * 86_400, '2 d ago'],
])('%d seconds ago is %s', (seconds, text) => expect(formatAgo(before(seconds), now)).toBe(text));

test('older than a week is a date, nonsense is nothing', () => {
  expect(formatAgo(before(40 * 86_400), now)).toMatch(/2026/);
  expect(formatAgo('whenever', now)).toBe('');
});

test('clock and estimate', () => {
  expect([Number.NaN, 7.9, 65].map(formatClock)).toEqual(['0:00', '0:07', '1:05']);
  expect([null, 0.4, 8.2, 150].map(formatEstimate)).toEqual([null, 'a moment', 'about 8 s', 'about 3 min']);
});

test('a hue is stable and within the circle', () => {
  expect(hueOf('paper-otter')).toBe(hueOf('paper-otter'));
  for (const handle of ['a', 'zz', 'paper-otter-61'])
    expect(hueOf(handle)).toSatisfy((hue: number) => hue >= 0 && hue < 360);
});

describe('provenance in words', () => {
  test('every state has its own headline, and only Trusted reads as good', () => {
    const verdicts = validationStates.map((state) => verdictOf(state));
    expect(new Set(verdicts.map((verdict) => verdict.headline)).size).toBe(validationStates.length);
    expect(validationStates.filter((state) => verdictOf(state).tone === 'good')).toEqual(['Trusted']);
  });

  test('nothing found is never said as "not AI"', () => {
    expect(`${verdictOf('None').headline} ${verdictOf('None').sentence}`).not.toMatch(
      /not (AI|made by)|human|authentic|real/i,
    );
  });

  test('terms are translated, unknown ones keep their name', () => {
    expect(sourceTypeName('http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia')).toMatch(
      /without a trained model/,
    );
    expect(sourceTypeName('http://example.org/other')).toBe('other');
    expect(actionName('c2pa.created')).toBe('Created');
    expect(actionName('com.example.x')).toBe('com.example.x');
  });
});

test.each([
  [undefined, '/'],
  ['/settings', '/settings'],
  ['/clip/clip_1?x=1', '/clip/clip_1?x=1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('after signing in, next=%s leads to %s', (next, path) => expect(safeNext(next)).toBe(path));

test('every suggested handle is a valid one', () => {
  for (let i = 0; i < 200; i++) expect(suggestHandle()).toMatch(handlePattern);
  expect(suggestHandle(() => 0.999_999)).toMatch(handlePattern);
});
