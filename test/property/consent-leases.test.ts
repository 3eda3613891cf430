/**
 * The lease book under random histories: an entry is settled exactly when everybody who could be serving without it knows of it or has
 * lost the lease they had when it was appended.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acknowledge,
  begin,
  expire,
  forget,
  grant,
  isSettled,
  type LeaseState,
  noLeases,
  outcomes,
  restart,
} from '#durable-objects/consent/core/lease-machine.ts';
import type { Region } from '#schemas/consent.ts';

const leaseMs = 1_000;
const run = { seed: 20_261_122, numRuns: 500 };
const places = ['weur', 'oc'] as const satisfies Region[];
/** Two gates, each with three lives. */
const holders = places.flatMap((region) =>
  ['a', 'b', 'c'].map((life) => ({ gate: `gate-${region}-0`, region, incarnation: `${region}-${life}` })),
);
const holderAt = (which: number) => {
  const holder = holders[which % holders.length];
  if (holder === undefined) throw new Error('no holder');
  return holder;
};

const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const) }),
  fc.record({ kind: fc.constant('grant' as const), who: fc.nat(5), has: fc.nat(30) }),
  fc.record({ kind: fc.constant('acknowledge' as const), who: fc.nat(5), has: fc.nat(30) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1_500 }) }),
  fc.record({ kind: fc.constant('restart' as const), clock: fc.integer({ min: -10_000, max: 10_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * Plays steps on the machine and, beside it, keeps the plain truth in real time: until when each incarnation may answer, and what it
 * knew for sure.
 */
function play(steps: readonly Step[], look: (state: LeaseState, truth: Truth) => void): void {
  const truth: Truth = { time: 0, head: 0, until: new Map(), has: new Map(), atAppend: new Map() };
  let state = noLeases;
  let clock = 50_000;
  for (const one of steps) {
    if (one.kind === 'append') {
      truth.head += 1;
      truth.atAppend.set(truth.head, new Map(truth.until));
      state = begin(state, truth.head, clock);
    } else if (one.kind === 'pass') {
      truth.time += one.ms;
      clock += one.ms;
      state = expire(state, clock);
    } else if (one.kind === 'restart') {
      // The clock of the next machine shows something else, and so may the gap.
      clock += one.clock;
      state = restart(state, clock, leaseMs);
    } else {
      const holder = holderAt(one.who);
      const position = Math.max(truth.has.get(holder.incarnation) ?? 0, Math.min(one.has, truth.head));
      truth.has.set(holder.incarnation, position);
      if (one.kind === 'acknowledge') state = acknowledge(state, holder.incarnation, position, clock);
      else {
        state = grant(state, { ...holder, position }, truth.head, clock, leaseMs);
        truth.until.set(holder.incarnation, truth.time + leaseMs);
      }
    }
    look(state, truth);
  }
}
interface Truth {
  time: number;
  head: number;
  /** In real time: when the lease that an incarnation was given last runs out. */
  readonly until: Map<string, number>;
  readonly has: Map<string, number>;
  /** `until` as it was when the entry was appended. */
  readonly atAppend: Map<number, ReadonlyMap<string, number>>;
}

const history = fc.array(step, { maxLength: 60, size: 'max' });

test('settled only when every lease of that moment has ended or its holder has the entry', () => {
  fc.assert(
    fc.property(history, (steps) => {
      play(steps, (state, { time, has, atAppend }) => {
        for (const [position, pending] of state.pending) {
          if (!isSettled(pending)) continue;
          for (const [incarnation, until] of atAppend.get(position) ?? []) {
            expect(until <= time || (has.get(incarnation) ?? 0) >= position).toBe(true);
          }
        }
      });
    }),
    run,
  );
});

test('settled at the latest one lease after the append, or after the last restart', () => {
  fc.assert(
    fc.property(history, (steps) => {
      let state = noLeases;
      play([...steps, { kind: 'pass', ms: leaseMs }], (next) => {
        state = next;
      });
      expect([...state.pending.values()].every(isSettled)).toBe(true);
    }),
    run,
  );
});

test('an outcome is final, and nothing but forgetting removes an entry', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const known = new Map<string, string | null>();
      play(steps, (state, { head }) => {
        expect(state.pending.size).toBe(head);
        for (const { position, waits } of state.pending.values())
          for (const { incarnation, outcome } of waits) {
            const name = `${position} ${incarnation}`;
            if (known.get(name) !== null && known.has(name)) expect(outcome).toBe(known.get(name));
            known.set(name, outcome);
          }
      });
    }),
    run,
  );
});

describe('by name', () => {
  const at = holderAt;
  const given = (who: number, now: number, state: LeaseState = noLeases, position = 0) =>
    grant(state, { ...at(who), position }, 10, now, leaseMs);
  const settled = (state: LeaseState, position: number) => {
    const pending = state.pending.get(position);
    return pending !== undefined && isSettled(pending);
  };

  test('a renewal after the append does not prolong the wait', () => {
    const waiting = begin(given(0, 0), 11, 500);
    const renewed = given(0, 900, waiting);
    expect(settled(expire(renewed, 999), 11)).toBe(false);
    expect(settled(expire(renewed, 1_000), 11)).toBe(true);
    // But the next entry waits for the renewed lease.
    expect(settled(expire(begin(renewed, 12, 1_000), 1_899), 12)).toBe(false);
  });

  test('a lease that ran out holds nobody up, and one that has no time left neither', () => {
    expect(settled(begin(given(0, 0), 11, 1_000), 11)).toBe(true);
    expect(settled(begin(given(0, 0), 11, 999), 11)).toBe(false);
  });

  test('nobody acknowledges what was not written yet', () => {
    const claimed = grant(noLeases, { ...at(0), position: 99 }, 10, 0, leaseMs);
    expect(settled(begin(claimed, 11, 1), 11)).toBe(false);
    expect(claimed.leases.get(at(0).incarnation)?.position).toBe(10);
  });

  test('a receipt has one row per region: the slowest gate', () => {
    const both = given(1, 0, given(0, 0));
    const all = given(3, 0, both);
    let state = begin(all, 11, 100);
    state = acknowledge(state, at(0).incarnation, 11, 130);
    state = acknowledge(state, at(3).incarnation, 11, 150);
    const open = state.pending.get(11);
    expect(open === undefined ? [] : outcomes(open)).toEqual([
      { region: 'weur', outcome: 'acknowledged', ms: 30 },
      { region: 'oc', outcome: 'acknowledged', ms: 50 },
    ]);
    state = expire(state, 1_000);
    const done = state.pending.get(11);
    expect(done === undefined ? [] : outcomes(done)).toEqual([
      { region: 'weur', outcome: 'lease-expired', ms: 900 },
      { region: 'oc', outcome: 'acknowledged', ms: 50 },
    ]);
    expect(forget(state, 11).pending.size).toBe(0);
  });

  test('a restart on a clock that went back still measures nothing negative', () => {
    const state = restart(begin(given(0, 50_000), 11, 50_100), 7, leaseMs);
    const pending = expire(state, 7 + leaseMs).pending.get(11);
    expect(pending === undefined ? [] : outcomes(pending)).toEqual([
      { region: 'weur', outcome: 'lease-expired', ms: 0 },
    ]);
  });
});
