/** The real consent log: what it said once it says after every eviction, nothing is rewritten, and the gate never allows on a guess. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sha256 } from '#durable-objects/consent/consent-log-object.ts';
import { decide } from '#durable-objects/consent/core/decide.ts';
import { createDenialIndex } from '#durable-objects/consent/core/denial-index.ts';
import { verifyChain } from '#durable-objects/consent/core/verify-chain.ts';
import { askGate, askGateMany, ConsentUnavailableError } from '#durable-objects/consent/gate.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { ConsentStore } from '#durable-objects/consent/store.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type Capability, type ConsentKey, capabilities, clipKey } from '#schemas/consent.ts';

let names = 0;
const freshLog = () => env.CONSENT_LOG.getByName(`test-log-${names++}`);
const freshKey = () => clipKey(createId('clip', Date.now()));

/** Every entry as it lies in SQL. */
function entriesOf(log: DurableObjectStub) {
  return runInDurableObject(log, (_, state) => {
    const store = new ConsentStore(state.storage.sql);
    const ids = state.storage.sql
      .exec<{ id: `rev_${string}` }>('SELECT id FROM entries ORDER BY position')
      .toArray();
    return ids.flatMap(({ id }) => store.byId(id) ?? []);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a revocation', () => {
  test('is told by its receipt, holds after an eviction, and the chain goes on', async () => {
    const log = freshLog();
    const [one, two] = [freshKey(), freshKey()];
    const first = await log.revoke({ key: one, denies: ['list', 'serve'], idempotencyKey: 'a' });
    expect(first).toMatchObject({ position: 1, key: one, denies: ['serve', 'list'], lifted: false });
    await evictDurableObject(log);
    expect(await log.evaluate([two, one], 'serve')).toEqual({ allowed: false, deniedBy: one });
    expect(await log.evaluate([one], 'remix')).toEqual({ allowed: true });
    const second = await log.revoke({ key: two, denies: ['remix'], idempotencyKey: 'b' });
    expect(second).toMatchObject({ position: 2, previousHash: first.hash });
    expect(await log.entry(first.id)).toEqual(first);
    expect(verifyChain(await entriesOf(log), sha256)).toEqual({
      valid: true,
      head: { position: 2, hash: second.hash },
    });
  });

  test('asked for again, at once or after an eviction, is the same entry', async () => {
    const log = freshLog();
    const request = { key: freshKey(), denies: ['serve'] as const, idempotencyKey: 'same' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => log.revoke(request)));
    await evictDurableObject(log);
    answers.push(await log.revoke(request));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await entriesOf(log)).length).toBe(1);
  });

  test('under a used idempotency key but about something else is a fault, and so is one that makes no sense', async () => {
    const log = freshLog();
    await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
    const wrong = [
      { key: freshKey(), denies: ['serve'], idempotencyKey: 'a' },
      { key: freshKey(), denies: [], idempotencyKey: 'b' },
      { key: 'clip:../etc' as ConsentKey, denies: ['serve'], idempotencyKey: 'c' },
    ] as const;
    for (const request of wrong) {
      const refused = await runInDurableObject(log, (instance) =>
        instance.revoke(request).then(
          () => false,
          () => true,
        ),
      );
      expect(refused).toBe(true);
    }
    expect((await entriesOf(log)).length).toBe(1);
  });

  test('cannot be edited or deleted, not even with SQL', async () => {
    const log = freshLog();
    await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
    await runInDurableObject(log, (_, state) => {
      expect(() => state.storage.sql.exec("UPDATE entries SET denies = '[]'")).toThrow(/append-only/);
      expect(() => state.storage.sql.exec('DELETE FROM entries')).toThrow(/append-only/);
    });
  });
});

describe('a lift', () => {
  test('gives back one denial and leaves the others, once, also after an eviction', async () => {
    const log = freshLog();
    const key = freshKey();
    const lock = await log.revoke({ key, denies: ['remix', 'download'], idempotencyKey: 'lock' });
    const other = await log.revoke({ key, denies: ['remix'], idempotencyKey: 'other' });
    const lifted = await log.lift(lock.id, 'unlock');
    expect(lifted).toMatchObject({ ok: true, value: { position: 3, lifted: true } });
    expect(await log.lift(lock.id, 'unlock again')).toEqual(lifted);
    await evictDurableObject(log);
    expect((await log.evaluate([key], 'download')).allowed).toBe(true);
    expect((await log.evaluate([key], 'remix')).allowed).toBe(false);
    expect(await log.entry(lock.id)).toMatchObject({ lifted: true });
    expect(await log.entry(other.id)).toMatchObject({ lifted: false });
    expect((await entriesOf(log)).length).toBe(3);
  });

  test('of nothing is not_found', async () => {
    expect(await freshLog().lift(createId('rev', Date.now()), 'x')).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

test('latest is the newest denial of serve that stands', async () => {
  const log = freshLog();
  const key = freshKey();
  expect(await log.latest(key)).toBeNull();
  const first = await log.revoke({ key, denies: ['serve'], idempotencyKey: 'a' });
  const second = await log.revoke({ key, denies: [...capabilities], idempotencyKey: 'b' });
  await log.revoke({ key, denies: ['remix'], idempotencyKey: 'c' });
  expect((await log.latest(key))?.id).toBe(second.id);
  await log.lift(second.id, 'd');
  expect((await log.latest(key))?.id).toBe(first.id);
  await log.lift(first.id, 'e');
  expect(await log.latest(key)).toBeNull();
});

test('evicted at any point, it answers as if it had lived on', async () => {
  const id = (prefix: 'clip' | 'acc' | 'cam' | 'grant') => createId(prefix, Date.now());
  const keys: ConsentKey[] = [
    clipKey(createId('clip', Date.now())),
    `account:${id('acc')}`,
    `cameo:${id('cam')}#1`,
    `grant:${id('grant')}`,
  ];
  const command = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('revoke' as const),
        key: fc.constantFrom(...keys),
        denies: fc.subarray([...capabilities], { minLength: 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lift' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'evict' as const }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30, size: 'max' }), async (commands) => {
      const log = freshLog();
      const model = createDenialIndex();
      const receipts: LogReceipt[] = [];
      let request = 0;
      for (const one of commands) {
        if (one.kind === 'evict') {
          // Only an object that runs can be evicted.
          await log.evaluate([], 'serve');
          await evictDurableObject(log);
        }
        if (one.kind === 'revoke') {
          const receipt = await log.revoke({
            key: one.key,
            denies: one.denies,
            idempotencyKey: `${request++}`,
          });
          receipts.push(receipt);
          model.apply({ ...receipt, lifts: null });
        }
        const target = one.kind === 'lift' ? receipts[one.which % Math.max(1, receipts.length)] : undefined;
        if (target !== undefined) {
          const lifted = await log.lift(target.id, `${request++}`);
          if (!lifted.ok) throw new Error(lifted.error.code);
          model.apply({ ...lifted.value, lifts: target.id });
        }
        const sets = keys.map((key) => [key]);
        for (const capability of ['serve', 'remix'] as const satisfies Capability[]) {
          const expected = sets.map((set) => decide(set, capability, model.denied));
          expect(await log.evaluateMany(sets, capability)).toEqual(expected);
        }
      }
      const entries = await entriesOf(log);
      expect(verifyChain(entries, sha256).valid).toBe(true);
      for (const receipt of receipts)
        expect(entries[receipt.position - 1]).toMatchObject({ id: receipt.id, hash: receipt.hash });
    }),
    { seed: 20_261_122, numRuns: 12 },
  );
});

describe('the gate', () => {
  test('answers sets in order and denies an empty one', async () => {
    const [open, shut] = [freshKey(), freshKey()];
    await env.CONSENT_LOG.getByName('log-0').revoke({ key: shut, denies: ['list'], idempotencyKey: shut });
    const decisions = await askGateMany(env, [[open], [open, shut], [], [open]], 'list');
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, false, false, true]);
    expect(await askGate(env, [open, shut], 'serve')).toEqual({ allowed: true });
    expect(await askGateMany(env, [], 'serve')).toEqual([]);
  });

  test('without the log it throws consent_unavailable and allows nothing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = {
      CONSENT_LOG: new Proxy(env.CONSENT_LOG, {
        get: (target, name) =>
          name === 'getByName'
            ? () => ({ evaluateMany: () => Promise.reject(new Error('unreachable')) })
            : Reflect.get(target, name),
      }),
    };
    const asked = askGate(broken, [freshKey()], 'serve');
    await expect(asked).rejects.toBeInstanceOf(ConsentUnavailableError);
    await expect(asked).rejects.toMatchObject({ code: 'consent_unavailable' });
  });
});
