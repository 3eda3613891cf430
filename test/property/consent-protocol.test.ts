/**
 * The consent protocol under an adversary (architecture.md §3, docs/consent.md): the real machines of the log, the gates and the clips in
 * a simulated world where everything around them fails. test/support/consent-simulation says what can happen and what is promised.
 * scripts/prove-consent.ts runs a million of the same.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Situation, situationNames } from '../support/consent-simulation/coverage.ts';
import type { History } from '../support/consent-simulation/history.ts';
import { protocol } from '../support/consent-simulation/protocol.ts';
import { historiesUntil, type Proof, prove, unbroken } from '../support/consent-simulation/prove.ts';
import { play } from '../support/consent-simulation/world.ts';

const histories = 20_000;
const seed = 20_261_122;

/** Quiet surroundings, for histories that are told by hand. */
const quiet: History = {
  seed: 0,
  topology: { regions: 1, partitions: 1, shards: 1 },
  weather: {
    latencyMs: 20,
    drop: 0,
    duplicate: 0,
    tail: 0,
    tailMs: 1000,
    grainMs: 1,
    clocks: 'exact',
  },
  traffic: { everyMs: 500, asleep: 0, zombieShare: 0.9 },
  pageSize: 5000,
  events: [],
};

describe('any history', () => {
  let proof: Proof;
  beforeAll(() => {
    proof = prove({ histories, seed });
  }, 300_000);

  test('keeps every promise', () => {
    expect(proof.failure).toBeNull();
    expect(proof.tally.histories).toBe(histories);
  });

  /** In at least so many of a thousand histories: about half of what the generator reaches. */
  const often: Partial<Record<Situation, number>> = {
    acknowledged: 700,
    askedJustAfter: 700,
    deniedJustAfter: 700,
    servedWhileWaiting: 200,
    serveJustBefore: 40,
    expiryWait: 150,
    cutDuringWait: 100,
    overtaken: 120,
    logRestartDuringWait: 80,
    logJump: 120,
    gateRestartDuringWait: 100,
    struck: 150,
    zombieServe: 50,
    zombieAsked: 50,
    zombieRenewed: 60,
    paged: 120,
    publishedDenied: 100,
    inheritedDenial: 250,
    thousand: 0.5,
  };

  test.each(situationNames)('goes through what it should: %s', (situation) => {
    const perThousand = (proof.tally.reached[situation] / histories) * 1000;
    expect(perThousand).toBeGreaterThanOrEqual(often[situation] ?? 5);
  });
});

describe('a history is a value', () => {
  const history: History = {
    ...quiet,
    weather: { ...quiet.weather, drop: 0.2, duplicate: 0.1, tail: 0.2, clocks: 'random' },
    events: [
      { kind: 'revoke', at: 3000, key: 0, denies: 0 },
      { kind: 'restart-log', at: 3030, shard: 0, forMs: 500, jumpMs: -90_000 },
      { kind: 'restart-gate', at: 3040, gate: 0, forMs: 5000, jumpMs: 70_000 },
      { kind: 'lift', at: 20_000, of: 0 },
    ],
  };

  test('that plays the same twice', () => {
    expect(play(history)).toEqual(play(history));
  });

  test('that another seed plays differently', () => {
    expect(play({ ...history, seed: 1 })).not.toEqual(play(history));
  });
});

describe('histories that once failed', () => {
  test('a gate restarts with entries beyond a gap in what it stored', () => {
    const { violations, coverage } = play({
      ...quiet,
      events: [
        { kind: 'restart-gate', at: 0, gate: 0, forMs: 252, jumpMs: 0 },
        { kind: 'strike-gate', at: 0, gate: 0, moment: 'push-applied', nth: 1, forMs: 0, jumpMs: 0 },
        { kind: 'revoke', at: 225, key: 0, denies: 0 },
        { kind: 'revoke', at: 273, key: 0, denies: 4 },
      ],
    });
    expect(violations).toEqual([]);
    expect(coverage.acknowledged).toBe(2);
  });
});

describe('the assumptions are needed', () => {
  test('a slow gate and a fast log are enough to need the margin', () => {
    const history: History = {
      ...quiet,
      weather: { ...quiet.weather, clocks: 'worst' },
      traffic: { ...quiet.traffic, asleep: 1 },
      events: [
        { kind: 'revoke', at: 0, key: 0, denies: 4 },
        { kind: 'revoke', at: 9788, key: 0, denies: 0 },
      ],
    };
    expect(play(history).violations).toEqual([]);
    const promises = play(history, { ...protocol, marginMs: 0 }).violations.map(({ promise }) => promise);
    expect(promises).toContain('served after the acknowledgement');
  });

  test('a clock that stands still for longer than the margin covers breaks the promise', () => {
    const found = historiesUntil(unbroken, { histories: 5000, seed }, (history) => ({
      ...history,
      weather: { ...history.weather, clocks: 'worst', grainMs: 150 },
    }));
    expect(found?.broken).toBe('served after the acknowledgement');
  });
});
