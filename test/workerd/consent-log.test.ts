/**
 * The real consent log: what it said once it says after every eviction, nothing is rewritten, and it answers for a revocation only
 * when every instance that held a lease knows of it or has lost its lease.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decide } from '#durable-objects/consent/core/decide.ts';
import { createDenialIndex } from '#durable-objects/consent/core/denial-index.ts';
import { verifyChain } from '#durable-objects/consent/core/verify-chain.ts';
import { pageSize } from '#durable-objects/consent/lease-book.ts';
import type { LogReceipt, RenewRequest } from '#durable-objects/consent/rpc.ts';
import { sha256 } from '#durable-objects/consent/transparency.ts';
import { RegionGateObject } from '#durable-objects/region-gate/region-gate-object.ts';
import type { PushReply, PushRequest } from '#durable-objects/region-gate/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type Capability, type ConsentKey, capabilities, clipKey } from '#schemas/consent.ts';
import { evict } from '../support/evict.ts';
import { crash, entriesOf, freshKey, ghost, setLease } from './consent-objects.ts';

let names = 0;
const freshLog = () => env.CONSENT_LOG.getByName(`test-log-${names++}`);

/** What a gate that has read the whole log denies. */
async function deniedBy(log: DurableObjectStub) {
  const index = createDenialIndex();
  for (const entry of await entriesOf(log)) index.apply(entry);
  return index.denied;
}

beforeEach(() => {
  setLease(600);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a revocation', () => {
  test('is told by its receipt, holds after an eviction, and the chain goes on', async () => {
    const log = freshLog();
    const [one, two] = [freshKey(), freshKey()];
    const first = await log.revoke({ key: one, denies: ['list', 'serve'], idempotencyKey: 'a' });
    expect(first).toMatchObject({ position: 1, key: one, denies: ['serve', 'list'], lifted: false });
    await evict(log);
    const denied = await deniedBy(log);
    expect(decide([two, one], 'serve', denied)).toEqual({ allowed: false, deniedBy: one });
    expect(decide([one], 'remix', denied)).toEqual({ allowed: true });
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
    await evict(log);
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
    await evict(log);
    const denied = await deniedBy(log);
    expect(decide([key], 'download', denied).allowed).toBe(true);
    expect(decide([key], 'remix', denied).allowed).toBe(false);
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
  expect(await log.latest([key])).toBeNull();
  const first = await log.revoke({ key, denies: ['serve'], idempotencyKey: 'a' });
  const second = await log.revoke({ key, denies: [...capabilities], idempotencyKey: 'b' });
  await log.revoke({ key, denies: ['remix'], idempotencyKey: 'c' });
  expect((await log.latest([key]))?.id).toBe(second.id);
  await log.lift(second.id, 'd');
  expect((await log.latest([key]))?.id).toBe(first.id);
  await log.lift(first.id, 'e');
  expect(await log.latest([key])).toBeNull();
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
      const lifts = new Set<string>();
      let request = 0;
      for (const one of commands) {
        if (one.kind === 'evict') {
          // Only an object that runs can be evicted.
          await log.latest([]);
          await evict(log);
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
          // Lifting once more answers the first lift.
          if (!lifts.has(lifted.value.id)) model.apply({ ...lifted.value, lifts: target.id });
          lifts.add(lifted.value.id);
        }
        const sets = keys.map((key) => [key]);
        const denied = await deniedBy(log);
        for (const capability of ['serve', 'remix'] as const satisfies Capability[]) {
          for (const set of sets)
            expect(decide(set, capability, denied)).toEqual(decide(set, capability, model.denied));
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

describe('leases', () => {
  /** Answers pushes as gates would whose instances the test made up. */
  function answerPushes(answer: (request: PushRequest, times: number) => Promise<PushReply>) {
    let times = 0;
    return vi
      .spyOn(RegionGateObject.prototype, 'push')
      .mockImplementation((request) => answer(request, times++));
  }
  const positionsOf = (requests: readonly PushRequest[]) =>
    requests.map(({ from, to, entries }) => ({ from, to, sent: entries.map(({ position }) => position) }));

  test('without one there is nobody to wait for', async () => {
    const push = answerPushes(() => Promise.reject(new Error('nobody there')));
    const receipt = await freshLog().revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
    expect(receipt).toMatchObject({ regions: [], waitedMs: 0 });
    expect(push).not.toHaveBeenCalled();
  });

  test('each is waited for, and the receipt says how each region ended', async () => {
    const log = freshLog();
    const [near, far] = [ghost('weur'), ghost('oc')];
    for (const gate of [near, far]) expect(await log.renew(gate)).toMatchObject({ leaseMs: 600 });
    answerPushes(async ({ to }) => ({ incarnation: near.incarnation, position: to }));
    const receipt = await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
    expect(receipt.regions.map(({ region, outcome }) => [region, outcome])).toEqual([
      ['weur', 'acknowledged'],
      ['oc', 'lease-expired'],
    ]);
    expect(receipt.waitedMs).toBe(Math.max(...receipt.regions.map(({ ms }) => ms)));
    expect(await log.entry(receipt.id)).toEqual(receipt);
  });

  test('a new instance of a gate does not release the one before it', async () => {
    const log = freshLog();
    const [old, young] = [ghost('weur'), ghost('weur')];
    await log.renew(old);
    await log.renew(young);
    answerPushes(async ({ to }) => ({ incarnation: young.incarnation, position: to }));
    const receipt = await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
    expect(receipt.regions).toMatchObject([{ region: 'weur', outcome: 'lease-expired' }]);
  });

  test('a renewal acknowledges what it says it has, and only that', async () => {
    const log = freshLog();
    const gate = ghost('apac');
    await log.renew(gate);
    answerPushes(() => Promise.reject(new Error('cut off from the log, not the other way round')));
    const key = freshKey();
    const revoking = log.revoke({ key, denies: ['serve'], idempotencyKey: 'a' });
    await vi.waitFor(async () => expect((await entriesOf(log)).length).toBe(1));
    // This instance has nothing yet: the reply carries the entry, and only the next renewal says it arrived.
    const reply = await log.renew(gate);
    expect(reply.entries).toMatchObject([{ position: 1, key }]);
    await log.renew({ ...gate, position: reply.position });
    expect((await revoking).regions).toMatchObject([{ region: 'apac', outcome: 'acknowledged' }]);
  });

  test('what is not acknowledged is carried together, with never two pushes at once to one gate', async () => {
    setLease(20_000);
    const log = freshLog();
    const gate = ghost('weur');
    await log.renew(gate);
    let underWay = 0;
    let most = 0;
    const gateways = answerPushes(async ({ to }, times) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await scheduler.wait(30);
      underWay -= 1;
      if (times === 0) throw new Error('lost on the way');
      return { incarnation: gate.incarnation, position: to };
    });
    const receipts = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: `${i}` }),
      ),
    );
    expect(new Set(receipts.map(({ position }) => position)).size).toBe(200);
    for (const { regions } of receipts) expect(regions).toMatchObject([{ outcome: 'acknowledged' }]);
    expect(most).toBe(1);
    const sent = positionsOf(gateways.mock.calls.map(([request]) => request));
    expect(sent.length).toBeLessThan(20);
    for (const { from, to, sent: positions } of sent) {
      expect(positions).toEqual(Array.from({ length: to - from }, (_, i) => from + 1 + i));
    }
  });

  test('a thousand revocations of one key at once are one entry and one receipt', async () => {
    const log = freshLog();
    await log.renew(ghost('weur'));
    const request = { key: freshKey(), denies: ['serve'] as const, idempotencyKey: 'same' };
    const receipts = await Promise.all(Array.from({ length: 1_000 }, () => log.revoke(request)));
    const [first] = receipts;
    expect(first?.regions).toMatchObject([{ region: 'weur', outcome: 'lease-expired' }]);
    for (const receipt of receipts) expect(receipt).toEqual(first);
    expect((await entriesOf(log)).length).toBe(1);
  });

  test('a long history comes in pages, and the lease with the last of them', async () => {
    const log = freshLog();
    const count = pageSize + 7;
    await runInDurableObject(log, async (instance) => {
      for (let i = 0; i < count; i += 1)
        await instance.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: `${i}` });
    });
    const gate = ghost('sam');
    const first = await log.renew(gate);
    expect(first).toMatchObject({ position: pageSize, leaseMs: null });
    // A gate without a lease is not waited for, however much it has.
    answerPushes(() => Promise.reject(new Error('nobody there')));
    const between = await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'between' });
    expect(between.regions).toEqual([]);
    const second = await log.renew({ ...gate, position: first.position });
    expect(second).toMatchObject({ position: count + 1, leaseMs: 600 });
    expect([...first.entries, ...second.entries].map(({ position }) => position)).toEqual(
      Array.from({ length: count + 1 }, (_, i) => i + 1),
    );
  });

  test('a gate that has more than the log gets none', async () => {
    const log = freshLog();
    const refused = await runInDurableObject(log, (instance) =>
      instance.renew(ghost('weur', 1)).then(
        () => null,
        (error: Error) => error.message,
      ),
    );
    expect(refused).toMatch(/ahead of its consent log/);
  });

  test('a lift is pushed and not waited for', async () => {
    setLease(20_000);
    const log = freshLog();
    const gate = ghost('weur');
    const key = freshKey();
    const denial = await log.revoke({ key, denies: ['remix'], idempotencyKey: 'lock' });
    await log.renew({ ...gate, position: 1 });
    const pushes = answerPushes(() => Promise.reject(new Error('cut off')));
    expect(await log.lift(denial.id, 'unlock')).toMatchObject({ ok: true, value: { regions: [] } });
    await vi.waitFor(() => expect(pushes).toHaveBeenCalled());
    expect(pushes.mock.calls[0]?.[0].entries).toMatchObject([{ key, lifts: denial.id }]);
  });

  describe('when the log dies', () => {
    /** Kills the log at its `times`-th push, before or after the gate has taken it. */
    const killAt = (log: DurableObjectStub, gate: RenewRequest, moment: 'before' | 'after') =>
      answerPushes(async ({ to }, times) => {
        if (times === 0 && moment === 'before') await crash(log);
        if (times === 0 && moment === 'after') setTimeout(() => void crash(log));
        return { incarnation: gate.incarnation, position: to };
      });

    test.each(['before', 'after'] as const)(
      'the moment %s a gate takes the push: asked again, it is the same entry, acknowledged',
      async (moment) => {
        setLease(20_000);
        const log = freshLog();
        const name = log.name ?? '';
        const gate = ghost('weur');
        await log.renew(gate);
        killAt(log, gate, moment);
        const request = { key: freshKey(), denies: ['serve'] as const, idempotencyKey: 'a' };
        const first = await log.revoke(request).catch(() => null);
        const again = await env.CONSENT_LOG.getByName(name).revoke(request);
        expect(again).toMatchObject({ position: 1, regions: [{ region: 'weur', outcome: 'acknowledged' }] });
        if (first !== null) expect(again).toEqual(first);
        expect((await entriesOf(env.CONSENT_LOG.getByName(name))).length).toBe(1);
      },
    );

    test('while it waits: the lease it gave before is waited for by the one that follows', async () => {
      const log = freshLog();
      const name = log.name ?? '';
      await log.renew(ghost('me'));
      answerPushes(() => Promise.reject(new Error('cut off')));
      const request = { key: freshKey(), denies: ['serve'] as const, idempotencyKey: 'a' };
      const first = log.revoke(request).catch(() => 'lost');
      await vi.waitFor(async () => expect((await entriesOf(log)).length).toBe(1));
      await crash(log);
      expect(await first).toBe('lost');
      const again = await env.CONSENT_LOG.getByName(name).revoke(request);
      expect(again.regions).toMatchObject([{ region: 'me', outcome: 'lease-expired' }]);
    });

    test('between giving a lease and the next revocation: the lease is not forgotten', async () => {
      const log = freshLog();
      await log.renew(ghost('afr'));
      await evict(log);
      answerPushes(() => Promise.reject(new Error('cut off')));
      const receipt = await log.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: 'a' });
      expect(receipt.regions).toMatchObject([{ region: 'afr', outcome: 'lease-expired' }]);
    });

    test('and nobody asks again: the alarm finishes what is pending', async () => {
      setLease(20_000);
      const log = freshLog();
      const name = log.name ?? '';
      const gate = ghost('eeur');
      await log.renew(gate);
      let healed = false;
      let taken = 0;
      answerPushes(async ({ to }) => {
        if (!healed) throw new Error('cut off');
        taken += 1;
        return { incarnation: gate.incarnation, position: to };
      });
      const key = freshKey();
      const lost = log.revoke({ key, denies: ['serve'], idempotencyKey: 'a' }).catch(() => 'lost');
      await vi.waitFor(async () => expect((await entriesOf(log)).length).toBe(1));
      await crash(log);
      expect(await lost).toBe('lost');
      // Whatever wakes it goes on with the push; the alarm is what will if nobody asks any more.
      const alarm = () =>
        runInDurableObject(env.CONSENT_LOG.getByName(name), (_, state) => state.storage.getAlarm());
      expect(await alarm()).not.toBeNull();
      healed = true;
      await vi.waitFor(() => expect(taken).toBe(1), { timeout: 10_000 });
      await vi.waitFor(async () => {
        const found = await env.CONSENT_LOG.getByName(name).latest([key]);
        expect(found?.regions).toMatchObject([{ region: 'eeur', outcome: 'acknowledged' }]);
      });
      await vi.waitFor(async () => expect(await alarm()).toBeNull(), { timeout: 10_000 });
    });
  });
});
