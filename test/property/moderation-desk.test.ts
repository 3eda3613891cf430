/**
 * Days at the desk: people who are slow, nervous and gone, objects that are evicted, answers that get lost. A slice of
 * `scripts/prove-moderation.ts`, and the same with each part broken, which must be noticed.
 */
import { describe, expect, test } from 'vitest';
import { mutants } from '../support/moderation-simulation/protocol.ts';
import { playDay } from '../support/moderation-simulation/world.ts';

describe('a day at the desk', () => {
  test.each([1, 2, 3, 4])('seed %i: one decision per version, every loser told, nothing lost', (seed) => {
    const day = playDay({ seed, moderators: 20, cases: 200 });
    expect(day.violations).toEqual([]);
    // The day was one: everything that can go wrong did.
    expect(day.decisions).toBeGreaterThanOrEqual(200);
    for (const count of [day.losers, day.undone, day.appeals, day.expired, day.evictions, day.lostAnswers])
      expect(count).toBeGreaterThan(0);
  });
});

describe('a broken desk is noticed', () => {
  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s', (_, { protocol, breaks }) => {
    const noticed = [1, 2, 3, 4, 5].some((seed) =>
      playDay({ seed, moderators: 20, cases: 200, protocol }).violations.some((what) => breaks.test(what)),
    );
    expect(noticed).toBe(true);
  });
});
