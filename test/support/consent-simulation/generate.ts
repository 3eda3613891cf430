/**
 * Histories for fast-check. Invariant: every part is an arbitrary of its own, so a failing history shrinks to few events, short faults
 * and quiet weather. One in six is calm: nothing goes wrong in it but revocations, and they must be acknowledged at once.
 * Called by the model test, the mutants and scripts/prove-consent.ts.
 */
import fc from 'fast-check';
import { gateMoments, type History, type Injected, logMoments, stormMs, type Weather } from './history.ts';

const at = fc.integer({ min: 0, max: stormMs });
const index = fc.nat(15);
const lasting = fc.integer({ min: 0, max: 14_000 });
const jump = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -20_000, max: 20_000 }),
  fc.integer({ min: -3_600_000, max: 3_600_000 }),
);
const eviction = { forMs: fc.oneof(fc.constant(0), lasting), jumpMs: jump };

const publish = fc.record({
  at,
  kind: fc.constant('publish' as const),
  owner: index,
  cameo: index,
  remixOf: index,
  asks: fc.boolean(),
});
const revoke = fc.record({ at, kind: fc.constant('revoke' as const), key: index, denies: fc.nat(7) });
const repeat = fc.record({ at, kind: fc.constant('repeat' as const), of: index });
const burst = fc.record({
  at,
  kind: fc.constant('burst' as const),
  key: index,
  count: fc.oneof(
    { weight: 400, arbitrary: fc.integer({ min: 2, max: 12 }) },
    { weight: 10, arbitrary: fc.integer({ min: 30, max: 60 }) },
    // The price of a burst is quadratic here as in the object: rare, so that the rest gets its turn.
    { weight: 1, arbitrary: fc.constant(1000) },
  ),
  requests: fc.integer({ min: 1, max: 1000 }),
});
const lift = fc.record({ at, kind: fc.constant('lift' as const), of: index });
const reconsent = fc.record({ at, kind: fc.constant('reconsent' as const), cameo: index });
const cut = fc.record({
  at,
  kind: fc.constant('cut' as const),
  region: index,
  // Half of them outlast a lease.
  forMs: fc.oneof(lasting, fc.integer({ min: 9_000, max: 14_000 })),
  direction: fc.constantFrom('both' as const, 'to-log' as const, 'from-log' as const),
  only: fc.constantFrom('all' as const, 'push' as const, 'renew' as const),
  held: fc.boolean(),
});
const restartGate = fc.record({ at, kind: fc.constant('restart-gate' as const), gate: index, ...eviction });
/** Seldom for longer than any lease. */
const away = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 4_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8_000, max: 12_000 }) },
);
const restartLog = fc.record({
  at,
  kind: fc.constant('restart-log' as const),
  shard: index,
  forMs: away,
  jumpMs: jump,
});
const strikeLog = fc.record({
  at,
  kind: fc.constant('strike-log' as const),
  shard: index,
  moment: fc.constantFrom(...logMoments),
  nth: fc.nat(3),
  forMs: away,
  jumpMs: jump,
});
const strikeGate = fc.record({
  at,
  kind: fc.constant('strike-gate' as const),
  gate: index,
  moment: fc.constantFrom(...gateMoments),
  nth: fc.nat(3),
  ...eviction,
});
const stall = fc.record({
  at,
  kind: fc.constant('stall' as const),
  host: index,
  forMs: fc.integer({ min: 0, max: 3000 }),
});
const drift = fc.record({
  at,
  kind: fc.constant('drift' as const),
  host: index,
  rate: fc.constantFrom(1, 0.98, 1.02),
});
const wake = fc.record({ at, kind: fc.constant('wake' as const), region: index, forMs: lasting });

const deeds: fc.WeightedArbitrary<Injected & { at: number }>[] = [
  { weight: 7, arbitrary: revoke },
  { weight: 3, arbitrary: publish },
  { weight: 2, arbitrary: repeat },
  { weight: 2, arbitrary: lift },
  { weight: 1, arbitrary: burst },
  { weight: 2, arbitrary: reconsent },
  { weight: 1, arbitrary: wake },
];
const faults: fc.WeightedArbitrary<Injected & { at: number }>[] = [
  { weight: 4, arbitrary: cut },
  { weight: 3, arbitrary: restartGate },
  { weight: 2, arbitrary: restartLog },
  { weight: 2, arbitrary: strikeLog },
  { weight: 2, arbitrary: strikeGate },
  { weight: 1, arbitrary: stall },
  { weight: 1, arbitrary: drift },
];

const topology = fc.record({
  regions: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 })),
  partitions: fc.integer({ min: 1, max: 3 }),
  shards: fc.integer({ min: 1, max: 2 }),
});
const traffic = fc.record({
  everyMs: fc.constantFrom(500, 1000, 2500),
  asleep: fc.oneof(fc.constant(0), fc.nat(511)),
  zombieShare: fc.constantFrom(0.5, 0.1, 0.9),
});
const stormy: fc.Arbitrary<Weather> = fc.record({
  latencyMs: fc.constantFrom(20, 5, 80, 200, 500),
  drop: fc.constantFrom(0, 0.02, 0.2),
  duplicate: fc.constantFrom(0, 0.1),
  tail: fc.constantFrom(0, 0.03, 0.2),
  tailMs: fc.constantFrom(1000, 4000, 15_000),
  grainMs: fc.constantFrom(1, 20, 50),
  clocks: fc.constantFrom('exact' as const, 'worst' as const, 'random' as const),
});
const calm: fc.Arbitrary<Weather> = fc.record({
  latencyMs: fc.constantFrom(20, 5, 80, 200),
  drop: fc.constant(0),
  duplicate: fc.constantFrom(0, 0.1),
  tail: fc.constant(0),
  tailMs: fc.constant(1000),
  grainMs: fc.constantFrom(1, 50),
  clocks: fc.constantFrom('worst' as const, 'random' as const),
});

function historyOf(
  weather: fc.Arbitrary<Weather>,
  event: fc.Arbitrary<Injected & { at: number }>,
): fc.Arbitrary<History> {
  return fc.record({
    seed: fc.nat(),
    topology,
    weather,
    traffic,
    pageSize: fc.constantFrom(5000, 2, 1),
    events: fc.array(event, { maxLength: 22, size: 'max' }),
  });
}

/** Any history. */
export const histories: fc.Arbitrary<History> = fc.oneof(
  { weight: 5, arbitrary: historyOf(stormy, fc.oneof(...deeds, ...faults)) },
  { weight: 1, arbitrary: historyOf(calm, fc.oneof(...deeds)) },
);
