/** The real Account object: admission, holds, settlement, and the start that is owed until it happens. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AdmitRequest } from '#durable-objects/account/rpc.ts';
import { Wakes } from '#durable-objects/shared/alarms.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import type { Id } from '#schemas/ids.ts';
import { evict } from '../support/evict.ts';
import { admission, eventually, newId } from '../support/objects.ts';

const deadlineMs = Number(env.GENERATION_DEADLINE_MS);

function newAccount() {
  const accountId = newId('acc');
  const account = env.ACCOUNT.getByName(accountId);
  const request = (change: Partial<AdmitRequest> = {}, credits = 10): AdmitRequest => ({
    generation: admission({ accountId, credits }),
    idempotencyKey: null,
    requestHash: 'a'.repeat(64),
    maxUnfinished: 1_000,
    ...change,
  });
  return { accountId, account, request };
}
type Account = ReturnType<typeof newAccount>['account'];

/** Puts something else where the account would start generations; an eviction brings the real one back. */
async function startWith(account: Account, start: (generationId: Id<'gen'>) => Promise<void>): Promise<void> {
  await runInDurableObject(account, (instance) => {
    const GENERATION = {
      getByName: (id: Id<'gen'>) => ({
        open: () => start(id),
        read: async () => ({ ok: false, error: { code: 'not_found' } }),
      }),
    };
    Reflect.set(instance, 'env', { ...env, GENERATION, GENERATE_CLIP: { create: async () => undefined } });
  });
}

async function pass(account: Account, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(account);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('admission', () => {
  test('holds the credits and starts the generation and its workflow', async () => {
    const { account, request, accountId } = newAccount();
    await account.configure({ accountId, tier: 'plus' });
    const admit = request({}, 25);
    const { generationId } = admit.generation;
    expect(await account.admit(admit)).toEqual({ ok: true, value: { generationId, replayed: false } });
    expect(await account.credits()).toMatchObject({ allowance: 1_500, held: 25, used: 0, available: 1_475 });
    expect(await env.GENERATION.getByName(generationId).read()).toMatchObject({
      ok: true,
      value: { id: generationId, status: 'queued', credits: 25 },
    });
    await expect(env.GENERATE_CLIP.get(generationId)).resolves.toBeDefined();
    // Cancelling gives the credits back without anybody asking for it.
    expect(await env.GENERATION.getByName(generationId).cancel()).toMatchObject({
      ok: true,
      value: { status: 'cancelled' },
    });
    await eventually('the credits are back', async () =>
      (await account.credits()).held === 0 ? true : null,
    );
    expect(await account.credits()).toMatchObject({ held: 0, used: 0, available: 1_500 });
  });

  test('the same key and body is the same generation; the same key and another body is refused', async () => {
    const { account, request } = newAccount();
    const started: string[] = [];
    await startWith(account, async (id) => void started.push(id));
    const first = request({ idempotencyKey: 'k' });
    await account.admit(first);
    const again = await account.admit(request({ idempotencyKey: 'k' }));
    expect(again).toEqual({
      ok: true,
      value: { generationId: first.generation.generationId, replayed: true },
    });
    expect(await account.admit(first)).toMatchObject({ ok: true, value: { replayed: true } });
    expect(await account.admit(request({ idempotencyKey: 'k', requestHash: 'b'.repeat(64) }))).toMatchObject({
      ok: false,
      error: { code: 'idempotency_mismatch' },
    });
    expect(await account.credits()).toMatchObject({ held: 10 });
    expect(started).toEqual([first.generation.generationId]);
    // A day later the key is free again.
    await pass(account, 24 * 3_600_000 + 1);
    expect(await account.admit(request({ idempotencyKey: 'k' }))).toMatchObject({
      ok: true,
      value: { replayed: false },
    });
  });

  test('a refusal leaves nothing behind', async () => {
    const { account, request } = newAccount();
    const started: string[] = [];
    await startWith(account, async (id) => void started.push(id));
    const tooMuch = request({ idempotencyKey: 'k' }, 301);
    expect(await account.admit(tooMuch)).toMatchObject({
      ok: false,
      error: { code: 'credits_insufficient', details: { needed: 301, available: 300 } },
    });
    expect(await account.credits()).toMatchObject({ held: 0, available: 300 });
    expect(await account.admit(request({ idempotencyKey: 'k', requestHash: 'b'.repeat(64) }))).toMatchObject({
      ok: true,
      value: { replayed: false },
    });
    expect(await account.admit(request({ maxUnfinished: 1 }))).toMatchObject({
      ok: false,
      error: { code: 'rate_limited', details: { unfinished: 1, maxUnfinished: 1 } },
    });
    expect(started.length).toBe(1);
  });

  test('admissions at the same time never hold more than there is', async () => {
    const { account, request } = newAccount();
    const started: string[] = [];
    await startWith(account, async (id) => void started.push(id));
    const answers = await Promise.all(Array.from({ length: 50 }, () => account.admit(request())));
    expect(answers.filter((answer) => answer.ok).length).toBe(30);
    expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]))).toEqual(
      Array(20).fill('credits_insufficient'),
    );
    expect(await account.credits()).toMatchObject({ held: 300, available: 0 });
    expect(new Set(started).size).toBe(30);
    expect(started.length).toBe(30);
  });

  test('one key used fifty times at once holds once and starts once', async () => {
    const { account, request } = newAccount();
    const started: string[] = [];
    await startWith(account, async (id) => void started.push(id));
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => account.admit(request({ idempotencyKey: 'k' }))),
    );
    expect(new Set(answers.map((answer) => (answer.ok ? answer.value.generationId : ''))).size).toBe(1);
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed).length).toBe(1);
    expect(await account.credits()).toMatchObject({ held: 10 });
    expect(started.length).toBe(1);
  });

  test('another account is a fault, not a hold', async () => {
    const { account, request } = newAccount();
    await startWith(account, async () => undefined);
    await account.admit(request());
    await runInDurableObject(account, async (instance) => {
      await expect(instance.admit({ ...request(), generation: admission() })).rejects.toThrow('belongs to');
    });
    expect(await account.credits()).toMatchObject({ held: 10 });
  });
});

describe('settlement', () => {
  test('the first one wins; repeating it is harmless, the other one is refused', async () => {
    const { account, request } = newAccount();
    await startWith(account, async () => undefined);
    const [kept, returned] = [request(), request()];
    await account.admit(kept);
    await account.admit(returned);
    const settle = (admit: AdmitRequest, settlement: 'capture' | 'release') =>
      account.settle(admit.generation.generationId, settlement);
    expect(await settle(kept, 'capture')).toMatchObject({ ok: true });
    expect(await settle(kept, 'capture')).toMatchObject({ ok: true });
    expect(await settle(kept, 'release')).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await settle(returned, 'release')).toMatchObject({ ok: true });
    expect(await settle(returned, 'capture')).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await settle(request(), 'capture')).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await account.credits()).toMatchObject({ used: 10, held: 0, available: 290 });
  });

  test('what is admitted is held, used or back, whatever comes in whatever order', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          type: fc.constant('admit' as const),
          credits: fc.integer({ min: 0, max: 120 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          type: fc.constantFrom('capture' as const, 'release' as const),
          of: fc.nat({ max: 9 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('evict' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
        const { account, request } = newAccount();
        await startWith(account, async () => undefined);
        const holds: { id: Id<'gen'>; credits: number; state: 'held' | 'capture' | 'release' }[] = [];
        for (const one of steps) {
          if (one.type === 'evict') {
            await evict(account);
            await startWith(account, async () => undefined);
          } else if (one.type === 'admit') {
            const spent = holds
              .filter((hold) => hold.state !== 'release')
              .reduce((sum, hold) => sum + hold.credits, 0);
            const admit = request({}, one.credits);
            const answer = await account.admit(admit);
            expect(answer.ok).toBe(spent + one.credits <= 300);
            if (answer.ok)
              holds.push({ id: admit.generation.generationId, credits: one.credits, state: 'held' });
          } else {
            const hold = holds[one.of];
            if (hold === undefined) continue;
            const answer = await account.settle(hold.id, one.type);
            expect(answer.ok).toBe(hold.state === 'held' || hold.state === one.type);
            if (hold.state === 'held') hold.state = one.type;
          }
          const sum = (state: string) =>
            holds.filter((hold) => hold.state === state).reduce((n, hold) => n + hold.credits, 0);
          expect(await account.credits()).toMatchObject({
            held: sum('held'),
            used: sum('capture'),
            available: 300 - sum('held') - sum('capture'),
          });
        }
      }),
      { seed: 20261122, numRuns: 20 },
    );
  });
});

describe('the start that is owed', () => {
  test('a start that fails is made good after an eviction, by the alarm, once', async () => {
    const { account, request } = newAccount();
    let tries = 0;
    await startWith(account, async () => {
      tries += 1;
      throw new Error('the network is down');
    });
    const admit = request();
    const { generationId } = admit.generation;
    expect(await account.admit(admit)).toMatchObject({ ok: true, value: { replayed: false } });
    expect(tries).toBe(1);
    expect(await env.GENERATION.getByName(generationId).read()).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    await evict(account);
    await pass(account, 2_000);
    expect(await env.GENERATION.getByName(generationId).read()).toMatchObject({
      ok: true,
      value: { status: 'queued' },
    });
    await expect(env.GENERATE_CLIP.get(generationId)).resolves.toBeDefined();
    expect(await account.credits()).toMatchObject({ held: 10 });
    await env.GENERATION.getByName(generationId).cancel();
  });

  test('while a start is under way the alarm is set already: should the object die now, it is made good', async () => {
    const { account, request } = newAccount();
    let alarm: number | null = null;
    await runInDurableObject(account, (instance, state) => {
      const open = async () => {
        alarm = await state.storage.getAlarm();
      };
      Reflect.set(instance, 'env', {
        ...env,
        GENERATION: { getByName: () => ({ open }) },
        GENERATE_CLIP: { create: open },
      });
    });
    expect(await account.admit(request())).toMatchObject({ ok: true });
    expect((alarm ?? Number.POSITIVE_INFINITY) - Date.now()).toBeLessThanOrEqual(5_000);
    // Delivered: what is left to wake up for is hours away.
    const later = await runInDurableObject(account, (_, state) => state.storage.getAlarm());
    expect((later ?? 0) - Date.now()).toBeGreaterThan(deadlineMs);
  });

  test('a start that never succeeds gives the credits back', async () => {
    const { account, request } = newAccount();
    let tries = 0;
    await startWith(account, async () => {
      tries += 1;
      throw new Error('nobody there');
    });
    await account.admit(request());
    for (let n = 0; n < 60 && (await account.credits()).held > 0; n += 1) await pass(account, 60_000);
    expect(await account.credits()).toMatchObject({ held: 0, used: 0 });
    expect(tries).toBe(12);
    const rows = await runInDurableObject(account, (_, state) =>
      state.storage.sql
        .exec<{ parked: number; last_error: string }>(
          'SELECT parked_at IS NOT NULL AS parked, last_error FROM outbox',
        )
        .toArray(),
    );
    expect(rows).toEqual([{ parked: 1, last_error: 'Error: nobody there' }]);
    const before = tries;
    await pass(account, 3_600_000);
    expect(tries).toBe(before);
  });

  test('a hold that no settlement ever reaches is settled by asking the generation', async () => {
    const { account, request } = newAccount();
    const [ready, lost] = [request({}, 20), request({}, 30)];
    const status = new Map([[ready.generation.generationId, 'ready']]);
    await runInDurableObject(account, (instance) => {
      const GENERATION = {
        getByName: (id: Id<'gen'>) => ({
          open: async () => undefined,
          read: async () =>
            status.has(id)
              ? { ok: true, value: { status: status.get(id) } }
              : { ok: false, error: { code: 'not_found' } },
        }),
      };
      Reflect.set(instance, 'env', { ...env, GENERATION, GENERATE_CLIP: { create: async () => undefined } });
    });
    await account.admit(ready);
    await account.admit(lost);
    const day = await account.credits();
    expect(day.held).toBe(50);
    await pass(account, deadlineMs + 16 * 60_000);
    const holds = await runInDurableObject(account, (_, state) =>
      state.storage.sql
        .exec<{ credits: number; state: string }>('SELECT credits, state FROM holds ORDER BY credits')
        .toArray(),
    );
    expect(holds).toEqual([
      { credits: 20, state: 'captured' },
      { credits: 30, state: 'released' },
    ]);
  });
});

describe('wakes', () => {
  test('a wake that fails comes up again, and does not keep the others from being handled', async () => {
    await runInDurableObject(env.ACCOUNT.getByName(newId('acc')), async (_, { storage }) => {
      const wakes = new Wakes<'bad' | 'good' | 'later'>(storage);
      const now = Date.now();
      storage.transactionSync(() => {
        wakes.set('bad', now - 2);
        wakes.set('good', now - 1);
        wakes.set('later', now + 3_600_000);
      });
      const ran: string[] = [];
      await wakes.run(() => now, {
        bad: () => {
          ran.push('bad');
          throw new Error('boom');
        },
        good: () => {
          ran.push('good');
          wakes.set('good', null);
        },
        later: () => void ran.push('later'),
      });
      expect(ran).toEqual(['bad', 'good']);
      expect(wakes.dueAt('good')).toBeNull();
      expect(wakes.dueAt('bad')).toBeGreaterThan(now);
      expect(await storage.getAlarm()).toBe(wakes.dueAt('bad'));
      wakes.set('bad', null);
      expect(await storage.getAlarm()).toBe(now + 3_600_000);
      wakes.notAfter('later', now + 7_200_000);
      expect(wakes.dueAt('later')).toBe(now + 3_600_000);
      wakes.set('later', null);
      expect(await storage.getAlarm()).toBeNull();
    });
  });

  test('a transaction that fails takes its wake with it', async () => {
    await runInDurableObject(env.ACCOUNT.getByName(newId('acc')), async (_, { storage }) => {
      const wakes = new Wakes<'one'>(storage);
      expect(() =>
        storage.transactionSync(() => {
          wakes.set('one', Date.now() + 60_000);
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(wakes.dueAt('one')).toBeNull();
      expect(await storage.getAlarm()).toBeNull();
    });
  });
});

describe('schema', () => {
  const first = { name: 'one', sql: 'CREATE TABLE things (name TEXT)' };
  const second = {
    name: 'two',
    sql: "ALTER TABLE things ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'; CREATE INDEX things_name ON things (name)",
  };

  test('an upgrade runs each step once and keeps the rows', async () => {
    await runInDurableObject(env.ACCOUNT.getByName(newId('acc')), (_, { storage }) => {
      storage.sql.exec('DROP TABLE schema_migrations');
      migrate(storage, [first]);
      storage.sql.exec("INSERT INTO things (name) VALUES ('stone')");
      migrate(storage, [first, second]);
      migrate(storage, [first, second]);
      expect(storage.sql.exec('SELECT * FROM things').toArray()).toEqual([{ name: 'stone', colour: 'grey' }]);
    });
  });

  test('a step that fails leaves nothing behind; newer and foreign schemas are refused by name', async () => {
    await runInDurableObject(env.ACCOUNT.getByName(newId('acc')), (_, { storage }) => {
      storage.sql.exec('DROP TABLE schema_migrations');
      expect(() =>
        migrate(storage, [{ name: 'bad', sql: 'CREATE TABLE half (a TEXT); SELECT nonsense FROM nowhere' }]),
      ).toThrow('nowhere');
      migrate(storage, [first, second]);
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'half'").toArray()).toEqual([]);
      expect(() => migrate(storage, [first])).toThrow('newer than this code: it has the step "two"');
      expect(() => migrate(storage, [first, { ...second, name: 'other' }])).toThrow(
        '"two" in the database and "other" in this code',
      );
    });
  });
});

test('a start that was owed before there were likenesses is delivered with nobody in it', async () => {
  const { account, request } = newAccount();
  await startWith(account, () => Promise.reject(new Error('nobody there')));
  const admit = request();
  await account.admit(admit);
  await runInDurableObject(account, (_, { storage }) => {
    storage.sql.exec("DELETE FROM schema_migrations WHERE name = 'cast'");
    storage.sql.exec(
      "UPDATE outbox SET message = json_remove(message, '$.admitted.cast', '$.admitted.inheritedCoOwnerIds', '$.admitted.recastOf')",
    );
  });
  await evict(account);
  await pass(account, 60_000);
  const generation = env.GENERATION.getByName(admit.generation.generationId);
  await eventually('the start', async () => ((await generation.admission()).ok ? true : null));
  expect(await generation.admission()).toMatchObject({
    ok: true,
    value: { cast: [], inheritedCoOwnerIds: [], recastOf: null },
  });
});
