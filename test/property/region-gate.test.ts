/** What a gate knows, however it learned it: entries as a set, a position that never goes back, no answer without a lease. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '#durable-objects/consent/core/decide.ts';
import { createDenialIndex } from '#durable-objects/consent/core/denial-index.ts';
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import { type AppliedEntry, createGate } from '#durable-objects/region-gate/core/gate-machine.ts';
import { type ConsentKey, capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';

const run = { seed: 20_261_122, numRuns: 500 };
const leaseMs = 1_000;
const shard = 'log-0';
const keys: ConsentKey[] = ['clip:clip_a', 'clip:clip_b', 'account:acc_a', 'cameo:cam_a#1', 'cameo:cam_a#2'];

/** A log as the real one writes it: a lift names a denial that stands and gives back what it denied. */
const logOf = fc
  .array(
    fc.record({
      key: fc.constantFrom(...keys),
      denies: fc.subarray([...capabilities], { minLength: 1 }),
      lifts: fc.option(fc.nat(), { freq: 3 }),
    }),
    { maxLength: 25, size: 'max' },
  )
  .map((drafts) => {
    const entries: AppliedEntry[] = [];
    const standing: { id: Id<'rev'>; entry: AppliedEntry }[] = [];
    for (const { key, denies, lifts } of drafts) {
      const position = entries.length + 1;
      const [target] = lifts === null ? [] : standing.splice(lifts % Math.max(1, standing.length), 1);
      if (target === undefined) {
        const entry = { position, key, denies, lifts: null };
        standing.push({ id: `rev_${position}`, entry });
        entries.push(entry);
      } else entries.push({ ...target.entry, position, lifts: target.id });
    }
    return entries;
  });

/** Messages about a log: any stretch of it, in any order, with repeats. */
const delivery = fc.array(
  fc.record({ from: fc.nat(25), length: fc.integer({ min: 0, max: 10 }), shuffle: fc.boolean() }),
  { maxLength: 20, size: 'max' },
);

function truthOf(entries: readonly AppliedEntry[]) {
  const index = createDenialIndex();
  for (const entry of entries) index.apply(entry);
  return index.denied;
}

const askEach = (gate: ReturnType<typeof createGate>, now = 0) =>
  capabilities.map((capability) => {
    const verdict = gate.ask(
      keys.map((key) => [key]),
      capability,
      now,
    );
    return verdict.available ? verdict.decisions.map(({ allowed }) => allowed) : null;
  });
const decideEach = (denied: ReturnType<typeof truthOf>) =>
  capabilities.map((capability) => keys.map((key) => decide([key], capability, denied).allowed));

function deliver(
  gate: ReturnType<typeof createGate>,
  entries: readonly AppliedEntry[],
  messages: readonly { from: number; length: number; shuffle: boolean }[],
) {
  for (const { from, length, shuffle } of messages) {
    const start = Math.min(from, entries.length);
    const part = entries.slice(start, start + length);
    const before = gate.position(shard);
    gate.apply(shard, shuffle ? part.toReversed() : part, start + part.length, start);
    expect(gate.position(shard)).toBeGreaterThanOrEqual(before);
  }
}

test('at a position it decides as the log does up to there; beyond it, it may only deny more', () => {
  fc.assert(
    fc.property(logOf, delivery, (entries, messages) => {
      const gate = createGate([shard]);
      deliver(gate, entries, messages);
      gate.renewed(shard, { sentAt: 0, leaseMs, entries: [], from: 0, position: 0 }, 0);
      const here = decideEach(truthOf(entries.slice(0, gate.position(shard))));
      askEach(gate).forEach((answers, capability) => {
        answers?.forEach((allowed, key) => {
          if (allowed) expect(here[capability]?.[key]).toBe(true);
        });
      });
      // Whatever came before, the whole log in one message makes it agree with the log.
      gate.apply(shard, entries, entries.length, 0);
      expect(gate.position(shard)).toBe(entries.length);
      expect(askEach(gate)).toEqual(decideEach(truthOf(entries)));
    }),
    run,
  );
});

test('a message with a gap before it moves nothing, but its denials count', () => {
  const gate = createGate([shard]);
  const denial = { position: 2, key: keys[0] ?? 'clip:clip_a', denies: ['serve'], lifts: null } as const;
  gate.renewed(shard, { sentAt: 0, leaseMs, entries: [], from: 0, position: 0 }, 0);
  gate.apply(shard, [denial], 2, 1);
  expect(gate.position(shard)).toBe(0);
  expect(gate.ask([[denial.key]], 'serve', 0)).toEqual({
    available: true,
    decisions: [{ allowed: false, deniedBy: denial.key }],
  });
});

test('a lift that overtakes its denial wins in the end', () => {
  const gate = createGate([shard]);
  const key = 'clip:clip_a';
  const denial = { position: 1, key, denies: ['serve'], lifts: null } as const;
  const lift = { position: 2, key, denies: ['serve'], lifts: 'rev_1' } as const;
  gate.renewed(shard, { sentAt: 0, leaseMs, entries: [], from: 0, position: 0 }, 0);
  gate.apply(shard, [lift], 2, 1);
  gate.apply(shard, [denial], 1, 0);
  expect(gate.ask([[key]], 'serve', 0)).toMatchObject({ decisions: [{ allowed: false }] });
  gate.apply(shard, [lift], 2, 1);
  expect(gate.ask([[key]], 'serve', 0)).toMatchObject({ decisions: [{ allowed: true }] });
});

test('what was stored comes back as it was, and no lease with it', () => {
  fc.assert(
    fc.property(logOf, delivery, fc.nat(25), (entries, messages, more) => {
      const before = createGate([shard]);
      deliver(before, entries, messages);
      const position = before.position(shard);
      // Rows may go beyond the position: pushes that overtook others.
      const rows = entries.filter((entry) => entry.position <= position || entry.position === more);
      const after = createGate([shard]);
      after.restore(shard, rows, position);
      expect(after.position(shard)).toBe(position);
      expect(askEach(after)).toEqual(capabilities.map(() => null));
      after.renewed(
        shard,
        { sentAt: 5, leaseMs, entries: entries.slice(position), from: position, position: entries.length },
        0,
      );
      expect(askEach(after, 5)).toEqual(decideEach(truthOf(entries)));
    }),
    run,
  );
});

describe('the lease', () => {
  const renewal = { sentAt: 100, leaseMs, entries: [], from: 0, position: 0 };

  test('counts from when it was asked for, less the margin', () => {
    const gate = createGate([shard]);
    gate.renewed(shard, renewal, 50);
    expect(gate.leaseUntil(shard)).toBe(1_050);
    expect(gate.ask([keys], 'serve', 1_049).available).toBe(true);
    expect(gate.ask([keys], 'serve', 1_050)).toEqual({ available: false, stale: [shard] });
    // A reply that took long does not shorten what a later one gave.
    gate.renewed(shard, { ...renewal, sentAt: 20 }, 50);
    expect(gate.leaseUntil(shard)).toBe(1_050);
  });

  test('is not given by a page that is not the last, nor by a reply with a gap before it', () => {
    const gate = createGate([shard]);
    gate.renewed(shard, { ...renewal, leaseMs: null }, 0);
    expect(gate.leaseUntil(shard)).toBe(0);
    gate.renewed(shard, { ...renewal, from: 3, position: 4 }, 0);
    expect(gate.leaseUntil(shard)).toBe(0);
    expect(gate.position(shard)).toBe(0);
  });

  test('is due for renewal past its half', () => {
    const gate = createGate([shard]);
    expect(gate.renewDue(shard, 0, leaseMs)).toBe(true);
    gate.renewed(shard, renewal, 0);
    expect(gate.renewDue(shard, 600, leaseMs)).toBe(false);
    expect(gate.renewDue(shard, 601, leaseMs)).toBe(true);
  });

  test('of one shard does not speak for another', () => {
    const shards = ['log-0', 'log-1', 'log-2'];
    const gate = createGate(shards);
    const [held] = shards;
    if (held === undefined) throw new Error('no shard');
    gate.renewed(held, { ...renewal, sentAt: 0 }, 0);
    for (const key of keys) {
      const of = consentShard(key, shards.length);
      const verdict = gate.ask([[key]], 'serve', 1);
      expect(verdict).toMatchObject(of === held ? { available: true } : { available: false, stale: [of] });
    }
    const all = gate.ask([keys], 'serve', 1);
    expect(all.available).toBe(false);
    expect(() => gate.position('log-9')).toThrow(/does not follow/);
  });
});
