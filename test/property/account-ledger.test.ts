/** The credits ledger under random admissions and settlements: exact, never over the allowance, settled once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Admission,
  type AdmissionInput,
  type AdmissionView,
  admit,
  allowances,
  balance,
  type DayTotals,
  dayOf,
  type Hold,
  idempotencyMs,
  settle,
} from '#durable-objects/account/core/credits-machine.ts';
import { type Tier, tiers } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

const seed = 20261122;
const start = Date.UTC(2026, 10, 22, 20);

/** What the object's store does, with a map in place of the tables. */
class Ledger {
  tier: Tier = 'free';
  now = start;
  readonly holds = new Map<Id<'gen'>, Hold>();
  readonly keys = new Map<string, NonNullable<AdmissionView['remembered']>>();

  totals(day: string): DayTotals {
    const sum = (state: Hold['state']) =>
      [...this.holds.values()]
        .filter((hold) => hold.day === day && hold.state === state)
        .reduce((n, hold) => n + hold.credits, 0);
    return { used: sum('captured'), held: sum('held') };
  }

  admit(input: AdmissionInput, key: string | null): Result<Admission> {
    const view: AdmissionView = {
      tier: this.tier,
      today: this.totals(dayOf(this.now)),
      unfinished: [...this.holds.values()].filter((hold) => hold.state === 'held').length,
      existing: this.holds.get(input.generationId) ?? null,
      remembered: key === null ? null : (this.keys.get(key) ?? null),
    };
    const decided = admit(view, input, this.now);
    if (decided.ok && decided.value.kind === 'hold') {
      const { hold } = decided.value;
      this.holds.set(hold.generationId, hold);
      if (key !== null)
        this.keys.set(key, { generationId: hold.generationId, requestHash: input.requestHash, at: this.now });
    }
    return decided;
  }
}

type Command =
  | { type: 'admit'; id: Id<'gen'>; credits: number; key: string | null; hash: string }
  | { type: 'settle'; id: Id<'gen'>; settlement: 'capture' | 'release' }
  | { type: 'pass'; ms: number }
  | { type: 'tier'; tier: Tier };

const id = fc.integer({ min: 0, max: 15 }).map((n): Id<'gen'> => `gen_${n}`);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('admit' as const),
      id,
      credits: fc.integer({ min: 0, max: 120 }),
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3')),
      hash: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('settle' as const),
      id,
      settlement: fc.constantFrom('capture' as const, 'release' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      ms: fc.integer({ min: 0, max: 13 * 3_600_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('tier' as const), tier: fc.constantFrom(...tiers) }),
  },
);

describe('credits ledger', () => {
  test('every admitted credit is held, captured or released, and settled once', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
        const ledger = new Ledger();
        const settled = new Map<Id<'gen'>, Hold['state']>();
        let admitted = 0;
        for (const step of commands) {
          switch (step.type) {
            case 'pass':
              ledger.now += step.ms;
              break;
            case 'tier':
              ledger.tier = step.tier;
              break;
            case 'admit': {
              const before = balance(ledger.tier, ledger.totals(dayOf(ledger.now)), ledger.now);
              const input = {
                generationId: step.id,
                credits: step.credits,
                requestHash: step.hash,
                maxUnfinished: 4,
              };
              const decided = ledger.admit(input, step.key);
              if (!decided.ok || decided.value.kind === 'replay') break;
              admitted += step.credits;
              const after = balance(ledger.tier, ledger.totals(dayOf(ledger.now)), ledger.now);
              expect(before.available - after.available).toBe(step.credits);
              expect(after.used + after.held).toBeLessThanOrEqual(allowances[ledger.tier]);
              break;
            }
            case 'settle': {
              const hold = ledger.holds.get(step.id) ?? null;
              const done = settle(hold, step.settlement);
              if (!done.ok) {
                expect(done.error.code).toBe(hold === null ? 'not_found' : 'already_final');
                break;
              }
              ledger.holds.set(step.id, done.value.hold);
              const first = settled.get(step.id);
              if (first !== undefined) {
                expect(done.value.changed).toBe(false);
                expect(done.value.hold.state).toBe(first);
              }
              settled.set(step.id, done.value.hold.state);
            }
          }
          const states = [...ledger.holds.values()];
          const sum = (state: Hold['state']) =>
            states.filter((hold) => hold.state === state).reduce((n, hold) => n + hold.credits, 0);
          expect(sum('held') + sum('captured') + sum('released')).toBe(admitted);
          expect(states.filter((hold) => hold.state === 'held').length).toBeLessThanOrEqual(4);
          expect(
            balance(ledger.tier, ledger.totals(dayOf(ledger.now)), ledger.now).available,
          ).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed, numRuns: 400 },
    );
  });

  test('an idempotency key answers with the first generation for 24 h, and only for the same request', () => {
    const ledger = new Ledger();
    const input = { generationId: 'gen_1' as const, credits: 10, requestHash: 'a', maxUnfinished: 4 };
    expect(ledger.admit(input, 'k')).toMatchObject({ ok: true, value: { kind: 'hold' } });
    const again = { ...input, generationId: 'gen_2' as const };
    expect(ledger.admit(again, 'k')).toEqual({ ok: true, value: { kind: 'replay', generationId: 'gen_1' } });
    expect(ledger.admit({ ...again, requestHash: 'b' }, 'k')).toMatchObject({
      ok: false,
      error: { code: 'idempotency_mismatch' },
    });
    ledger.now += idempotencyMs;
    expect(ledger.admit(again, 'k')).toMatchObject({ ok: true, value: { kind: 'hold' } });
  });

  test('a hold counts against the day it was made, also when it settles on the next', () => {
    const ledger = new Ledger();
    ledger.admit({ generationId: 'gen_1', credits: 300, requestHash: 'a', maxUnfinished: 4 }, null);
    const short = ledger.admit(
      { generationId: 'gen_2', credits: 1, requestHash: 'a', maxUnfinished: 4 },
      null,
    );
    expect(short).toMatchObject({
      ok: false,
      error: { code: 'credits_insufficient', details: { available: 0, needed: 1 } },
    });
    expect(balance('free', ledger.totals(dayOf(ledger.now)), ledger.now).resetsAt).toBe(
      '2026-11-23T00:00:00.000Z',
    );
    ledger.now = Date.UTC(2026, 10, 23, 0, 0, 1);
    const hold = settle(ledger.holds.get('gen_1') ?? null, 'capture');
    if (hold.ok) ledger.holds.set('gen_1', hold.value.hold);
    expect(balance('free', ledger.totals(dayOf(ledger.now)), ledger.now)).toMatchObject({
      used: 0,
      held: 0,
      available: 300,
    });
  });

  test.each([-1, 0.5, Number.NaN])('a price of %s is a fault, not a refusal', (credits) => {
    const ledger = new Ledger();
    expect(() =>
      ledger.admit({ generationId: 'gen_1', credits, requestHash: 'a', maxUnfinished: 4 }, null),
    ).toThrow('credits');
  });
});
