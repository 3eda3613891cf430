/** The order of the queue: monotonic in every term, explained by what it is sorted by, fair when there is far too much. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  caseAccuracy,
  comparePriority,
  type PriorityInput,
  priorityTerms,
  smoothedAccuracy,
} from '#core/moderation/priority.ts';
import { wilson } from '#core/moderation/wilson.ts';
import { pickNext } from '#durable-objects/moderation-queue/core/queue-machine.ts';
import { overtakingMs, playOverload } from '../support/moderation-simulation/overload.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const input: fc.Arbitrary<PriorityInput> = fc.record({
  legalDeadlineAt: fc.option(fc.integer({ min: now - 1e9, max: now + 1e9 })),
  severity: fc.integer({ min: 1, max: 5 }),
  reach: fc.nat(1e9),
  accuracy: fc.double({ min: 0.001, max: 1, noNaN: true }),
  // From just now to a hundred years.
  waitingSince: fc.integer({ min: now - 3_155_760_000_000, max: now }),
});
const precedes = (a: PriorityInput, b: PriorityInput) => comparePriority(a, b, now) <= 0;

describe('the order', () => {
  test('is monotonic: more of anything never puts a case further back', () => {
    fc.assert(
      fc.property(input, fc.nat(1e9), (one, more) => {
        const better: PriorityInput[] = [
          { ...one, severity: Math.min(5, one.severity + 1) },
          { ...one, reach: one.reach + more },
          { ...one, accuracy: Math.min(1, one.accuracy * 1.5) },
          { ...one, waitingSince: one.waitingSince - more },
          { ...one, legalDeadlineAt: (one.legalDeadlineAt ?? now + 1e9) - more },
        ];
        for (const other of better) expect(precedes(other, one)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is one order: total, transitive, and never NaN', () => {
    fc.assert(
      fc.property(input, input, input, (a, b, c) => {
        for (const [x, y] of [
          [a, b],
          [b, c],
          [a, c],
        ] as const) {
          expect(Number.isNaN(comparePriority(x, y, now))).toBe(false);
          expect(Math.sign(comparePriority(x, y, now))).toBe(-Math.sign(comparePriority(y, x, now)) || 0);
        }
        if (precedes(a, b) && precedes(b, c)) expect(comparePriority(a, c, now)).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a legal deadline comes before everything without one, however old and severe', () => {
    fc.assert(
      fc.property(input, input, (a, b) => {
        fc.pre(a.legalDeadlineAt !== null);
        expect(comparePriority(a, { ...b, legalDeadlineAt: null }, now)).toBeLessThan(0);
      }),
    );
  });

  test('the terms that are answered are the ones it is sorted by', () => {
    fc.assert(
      fc.property(input, input, fc.nat(864_000_000), fc.nat(864_000_000), (a, b, waited, alsoWaited) => {
        const x = { ...a, legalDeadlineAt: null, waitingSince: now - waited };
        const y = { ...b, legalDeadlineAt: null, waitingSince: now - alsoWaited };
        const [one, two] = [priorityTerms(x, now), priorityTerms(y, now)];
        if (one.score > two.score * (1 + 1e-9)) expect(comparePriority(x, y, now)).toBeLessThan(0);
        expect(one.score).toBe(one.severity * one.reach * one.accuracy * one.age);
      }),
    );
  });

  test('more and better reporters count more, and nobody alone makes certainty', () => {
    expect(smoothedAccuracy(0, 0)).toBe(0.5);
    expect(smoothedAccuracy(0, 20)).toBeLessThan(0.05);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (all) => {
          const accuracy = caseAccuracy(all, false, false);
          expect(accuracy).toBeGreaterThanOrEqual(Math.max(...all) - 1e-12);
          expect(accuracy).toBeLessThanOrEqual(1);
          expect(caseAccuracy([...all, 0.5], false, false)).toBeGreaterThanOrEqual(accuracy);
        },
      ),
    );
  });
});

describe('ten times too much', () => {
  test('no legal deadline passes and nobody is overtaken without end', () => {
    const result = playOverload({ seed: 1, hours: 250, factor: 10, drain: false });
    expect(result.violations).toEqual([]);
    expect(result.came).toBe(5_000);
    for (const count of [result.legal, result.byWeight, result.byAge]) expect(count).toBeGreaterThan(20);
  });

  test('an order without age is noticed', () => {
    const ageless: typeof pickNext = (waiting, asking, accuracy) =>
      pickNext(waiting, asking, accuracy, Number.NEGATIVE_INFINITY);
    const { violations } = playOverload({ seed: 1, hours: 250, factor: 10, drain: false, pick: ageless });
    expect(violations.some((what) => what.includes('overtaken'))).toBe(true);
  });

  test('in the end everything was looked at', () => {
    const { violations, came, taken } = playOverload({ seed: 2, hours: 30, factor: 10, drain: true });
    expect(violations).toEqual([]);
    expect(taken).toBe(came);
    expect(overtakingMs(1)).toBeLessThan(7 * 86_400_000);
  });
});

test('a share of few says how little it knows', () => {
  // Wilson 1927; checked against the closed form for 1 of 10.
  const { value, low, high } = wilson(1, 10);
  expect(value).toBe(0.1);
  expect(low).toBeCloseTo(0.0179, 3);
  expect(high).toBeCloseTo(0.4042, 3);
  expect(wilson(0, 0)).toEqual({ value: null, low: 0, high: 1, of: 0 });
});
