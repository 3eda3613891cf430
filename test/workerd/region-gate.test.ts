/**
 * Real gates against the real log, in nine regions: once a revocation is acknowledged no gate allows what it stopped, whatever is lost,
 * late or restarted in between; without a lease a gate says nothing.
 */
import { abortAllDurableObjects, createExecutionContext, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConsentLogObject } from '#durable-objects/consent/consent-log-object.ts';
import { partitionOf } from '#durable-objects/consent/core/shard.ts';
import { askGate, askGateMany, ConsentUnavailableError, homeRegion } from '#durable-objects/consent/gate.ts';
import { pageSize } from '#durable-objects/consent/lease-book.ts';
import { RegionGateObject } from '#durable-objects/region-gate/region-gate-object.ts';
import { type ConsentKey, type Region, regions } from '#schemas/consent.ts';
import { createApp } from '#workers/api/app.ts';
import { regionOfPlace } from '#workers/api/region.ts';
import { draftClip, person } from '../support/api-actors.ts';
import { evict } from '../support/evict.ts';
import { crash, entriesOf, freshKey, gateOf, setLease, sharedLog } from './consent-objects.ts';

let requests = 0;
const revoke = (key: ConsentKey) =>
  sharedLog().revoke({ key, denies: ['serve', 'list'], idempotencyKey: `test-${requests++}` });
const allowed = async (region: Region, key: ConsentKey) =>
  (await askGate(env, region, [key], 'serve')).allowed;

beforeEach(async () => {
  // Leases of one test must not be waited for by the next.
  await abortAllDurableObjects();
  await runInDurableObject(sharedLog(), (_, state) => {
    state.storage.sql.exec('DELETE FROM leases; DELETE FROM waits');
  });
  await abortAllDurableObjects();
  setLease(1_000);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('asking', () => {
  test('answers sets in order, denies one without keys, asks nobody about nothing', async () => {
    const [open, shut] = [freshKey(), freshKey()];
    await sharedLog().revoke({ key: shut, denies: ['list'], idempotencyKey: shut });
    const decisions = await askGateMany(env, homeRegion, [[open], [open, shut], [], [open]], 'list');
    expect(decisions.map((decision) => decision.allowed)).toEqual([true, false, false, true]);
    expect(decisions[1]).toEqual({ allowed: false, deniedBy: shut });
    expect(await askGate(env, homeRegion, [open, shut], 'serve')).toEqual({ allowed: true });
    expect(await askGateMany(env, homeRegion, [], 'serve')).toEqual([]);
    expect((await askGate(env, homeRegion, [], 'serve')).allowed).toBe(false);
  });

  test('takes the lease; a region that nobody asks in holds nobody up', async () => {
    const key = freshKey();
    expect((await revoke(freshKey())).regions).toEqual([]);
    expect(await allowed('oc', key)).toBe(true);
    expect((await revoke(key)).regions).toMatchObject([{ region: 'oc', outcome: 'acknowledged' }]);
    expect(await allowed('oc', key)).toBe(false);
    expect(await allowed('me', key)).toBe(false);
  });

  test('every partition of a region knows every revocation', async () => {
    Reflect.set(env, 'GATE_PARTITIONS', '4');
    try {
      const keys = Array.from({ length: 24 }, freshKey);
      expect(new Set(keys.map((key) => partitionOf(key, 4))).size).toBe(4);
      const stopped = freshKey();
      const asks = () => keys.map((key) => askGate(env, 'weur', [key, stopped], 'serve'));
      for (const decision of await Promise.all(asks())) expect(decision.allowed).toBe(true);
      // Four gates, one row: the slowest of the region.
      expect((await revoke(stopped)).regions).toMatchObject([{ region: 'weur', outcome: 'acknowledged' }]);
      for (const decision of await Promise.all(asks())) expect(decision.allowed).toBe(false);
    } finally {
      Reflect.set(env, 'GATE_PARTITIONS', '1');
    }
  });

  test('renews ahead while it is asked, so that nobody waits for the log', async () => {
    setLease(2_000);
    const renew = vi.spyOn(ConsentLogObject.prototype, 'renew');
    const key = freshKey();
    await allowed('weur', key);
    expect(renew).toHaveBeenCalledTimes(1);
    await vi.waitFor(
      async () => {
        expect(await allowed('weur', key)).toBe(true);
        expect(renew.mock.calls.length).toBeGreaterThan(1);
      },
      { timeout: 5_000, interval: 100 },
    );
  });
});

test('nine regions hear of it before the call answers, and of a lift soon after', async () => {
  setLease(20_000);
  const key = freshKey();
  const everywhere = () => Promise.all(regions.map((region) => allowed(region, key)));
  expect(await everywhere()).toEqual(regions.map(() => true));
  const receipt = await revoke(key);
  expect(await everywhere()).toEqual(regions.map(() => false));
  expect(new Set(receipt.regions.map(({ region }) => region))).toEqual(new Set(regions));
  for (const { outcome } of receipt.regions) expect(outcome).toBe('acknowledged');
  expect(await sharedLog().entry(receipt.id)).toEqual(receipt);
  expect(await sharedLog().lift(receipt.id, `lift-${receipt.id}`)).toMatchObject({ ok: true });
  await vi.waitFor(async () => expect(await everywhere()).toEqual(regions.map(() => true)));
});

describe('fails closed', () => {
  const cutOff = () =>
    vi.spyOn(ConsentLogObject.prototype, 'renew').mockRejectedValue(new Error('the log is gone'));

  test('without a lease to be had, with a time to come back', async () => {
    cutOff();
    const asked = askGate(env, 'sam', [freshKey()], 'serve');
    await expect(asked).rejects.toBeInstanceOf(ConsentUnavailableError);
    await expect(asked).rejects.toMatchObject({ code: 'consent_unavailable', retryAfterSeconds: 2 });
  });

  test('when the lease runs out and the log is away; before that it goes on answering', async () => {
    const key = freshKey();
    await allowed('sam', key);
    const log = cutOff();
    expect(await allowed('sam', key)).toBe(true);
    await vi.waitFor(() => expect(allowed('sam', key)).rejects.toBeInstanceOf(ConsentUnavailableError), {
      timeout: 10_000,
    });
    log.mockRestore();
    expect(await allowed('sam', key)).toBe(true);
  });

  test('after a restart: entries are there, the lease is not', async () => {
    const key = freshKey();
    await allowed('afr', key);
    await revoke(key);
    await evict(gateOf('afr'));
    const log = cutOff();
    await expect(allowed('afr', key)).rejects.toBeInstanceOf(ConsentUnavailableError);
    log.mockRestore();
    const renewals = vi.spyOn(ConsentLogObject.prototype, 'renew');
    expect(await allowed('afr', key)).toBe(false);
    expect(renewals.mock.calls[0]?.[0].position).toBe((await entriesOf(sharedLog())).length);
  });

  test('when the gate itself does not answer', async () => {
    vi.spyOn(RegionGateObject.prototype, 'askMany').mockRejectedValue(new Error('gone'));
    await expect(allowed('weur', freshKey())).rejects.toMatchObject({ code: 'consent_unavailable' });
  });

  test('a gate that dies under the question is asked again', async () => {
    const ask = vi.spyOn(RegionGateObject.prototype, 'askMany').mockImplementationOnce(async () => {
      await crash(gateOf('weur'));
      return { available: true, decisions: [] };
    });
    expect(await allowed('weur', freshKey())).toBe(true);
    expect(ask.mock.calls.length).toBe(2);
  });
});

test('a gate that is far behind reads every page before it answers', async () => {
  setLease(20_000);
  const stopped = freshKey();
  await runInDurableObject(sharedLog(), async (instance) => {
    for (let i = 0; i < pageSize + 10; i += 1)
      await instance.revoke({ key: freshKey(), denies: ['serve'], idempotencyKey: `page-${i}` });
  });
  await revoke(stopped);
  expect(await allowed('eeur', stopped)).toBe(false);
  expect(await allowed('eeur', freshKey())).toBe(true);
});

describe('pushes', () => {
  test('lost ones are repeated until one arrives', async () => {
    setLease(20_000);
    const key = freshKey();
    await allowed('apac', key);
    const push = vi.spyOn(RegionGateObject.prototype, 'push');
    push.mockRejectedValueOnce(new Error('lost')).mockRejectedValueOnce(new Error('lost'));
    expect((await revoke(key)).regions).toMatchObject([{ region: 'apac', outcome: 'acknowledged' }]);
    expect(push.mock.calls.length).toBe(3);
    expect(await allowed('apac', key)).toBe(false);
  });

  test('all lost: the lease is waited for, and by then the gate does not answer from what it knew', async () => {
    const key = freshKey();
    await allowed('apac', key);
    const push = vi.spyOn(RegionGateObject.prototype, 'push').mockRejectedValue(new Error('lost'));
    vi.spyOn(ConsentLogObject.prototype, 'renew').mockRejectedValue(new Error('lost'));
    expect((await revoke(key)).regions).toMatchObject([{ region: 'apac', outcome: 'lease-expired' }]);
    expect(push).toHaveBeenCalled();
    await expect(allowed('apac', key)).rejects.toBeInstanceOf(ConsentUnavailableError);
  });

  test('out of order and twice: every entry counts once and the position never goes back', async () => {
    setLease(20_000);
    const gate = gateOf('me');
    const [first, second] = [freshKey(), freshKey()];
    await allowed('me', first);
    const from = (await entriesOf(sharedLog())).length;
    const entry = (position: number, key: ConsentKey) =>
      ({ position, id: `rev_${position}`, key, denies: ['serve'], lifts: null }) as const;
    const shard = 'log-0';
    const late = { shard, from: from + 1, to: from + 2, entries: [entry(from + 2, second)] };
    const early = { shard, from, to: from + 1, entries: [entry(from + 1, first)] };
    // What overtook counts at once, but is not claimed: something before it is missing.
    expect(await gate.push(late)).toMatchObject({ position: from });
    expect(await allowed('me', second)).toBe(false);
    expect(await gate.push(early)).toMatchObject({ position: from + 1 });
    expect(await gate.push(late)).toMatchObject({ position: from + 2 });
    expect(await gate.push(early)).toMatchObject({ position: from + 2 });
    for (const key of [first, second]) expect(await allowed('me', key)).toBe(false);
    await runInDurableObject(gate, (_, state) => {
      expect(state.storage.sql.exec('SELECT position FROM positions').toArray()).toEqual([
        { position: from + 2 },
      ]);
      // This gate was told of entries that its log does not have.
      state.storage.sql.exec('DELETE FROM entries; DELETE FROM positions');
    });
    await crash(gate);
  });
});

test('whatever is evicted, killed or lost, nothing that starts after an acknowledgement is allowed', async () => {
  const places = ['weur', 'oc', 'sam'] as const satisfies Region[];
  const command = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), where: fc.nat(2) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('revoke' as const), which: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash gate' as const), where: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash log' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort all' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), pushes: fc.nat(4) }) },
  );
  setLease(400, 20);
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 8, maxLength: 25, size: 'max' }), async (commands) => {
      let losses = 0;
      const original = RegionGateObject.prototype.push;
      const push = vi.spyOn(RegionGateObject.prototype, 'push').mockImplementation(function (
        this: RegionGateObject,
        request,
      ) {
        losses -= 1;
        return losses >= 0 ? Promise.reject(new Error('lost')) : original.call(this, request);
      });
      const keys = Array.from({ length: 6 }, freshKey);
      const acknowledged = new Set<ConsentKey>();
      const begun = new Set<ConsentKey>();
      const work: Promise<unknown>[] = [];
      const violations: string[] = [];
      const ask = async (region: Region) => {
        const stopped = new Set(acknowledged);
        const decisions = await askGateMany(
          env,
          region,
          keys.map((key) => [key]),
          'serve',
        ).catch(() => null);
        keys.forEach((key, i) => {
          const answer = decisions?.[i]?.allowed;
          if (answer === true && stopped.has(key)) violations.push(`${region} allowed ${key}`);
          if (answer === false && !begun.has(key)) violations.push(`${region} denied ${key} for nothing`);
        });
      };
      const revokeUntilAcknowledged = async (key: ConsentKey) => {
        begun.add(key);
        for (let tries = 0; tries < 50; tries += 1) {
          const receipt = await sharedLog()
            .revoke({ key, denies: ['serve'], idempotencyKey: `random-${key}` })
            .catch(() => null);
          if (receipt !== null) {
            acknowledged.add(key);
            return;
          }
        }
        violations.push(`${key} was never acknowledged`);
      };
      for (const one of commands) {
        const place = places['where' in one ? one.where : 0] ?? 'weur';
        const key = keys[one.kind === 'revoke' ? one.which : 0];
        if (one.kind === 'ask') work.push(ask(place));
        else if (one.kind === 'revoke' && key !== undefined) work.push(revokeUntilAcknowledged(key));
        else if (one.kind === 'crash gate') await crash(gateOf(place));
        else if (one.kind === 'crash log') await crash(sharedLog());
        else if (one.kind === 'abort all') await abortAllDurableObjects();
        else if (one.kind === 'lose') losses = one.pushes;
        await scheduler.wait(2);
      }
      await Promise.all(work);
      losses = 0;
      await Promise.all(places.map(ask));
      push.mockRestore();
      expect(violations).toEqual([]);
    }),
    { seed: 20_261_122, numRuns: 15 },
  );
});

describe('over HTTP', () => {
  let path = '';
  beforeAll(async () => {
    const owner = await person();
    const clipId = await draftClip(owner);
    await env.CLIP.getByName(clipId).publish(owner.id, {
      caption: '',
      visibility: 'public',
      showPrompt: false,
    });
    path = `/api/v1/clips/${clipId}`;
  });
  const get = (headers: Record<string, string> = {}, vars: Partial<Record<keyof Env, unknown>> = {}) => {
    const asked: string[] = [];
    const gates = new Proxy(env.REGION_GATE, {
      get: (target, name) =>
        name === 'getByName'
          ? (gate: string, options: object) => {
              asked.push(gate);
              return target.getByName(gate, options);
            }
          : Reflect.get(target, name),
    });
    const request = new Request(`http://localhost${path}`, { headers });
    const answer = createApp().fetch(
      request,
      { ...env, ...vars, REGION_GATE: gates },
      createExecutionContext(),
    );
    return Promise.resolve(answer).then((response) => ({ response, asked }));
  };

  test('in the local environment a header stands in for geography, and must name a region', async () => {
    const { response, asked } = await get({ 'x-kinora-region': 'oc' });
    expect(response.status).toBe(200);
    expect(asked).toEqual(['gate-oc-0']);
    const wrong = await get({ 'x-kinora-region': 'atlantis' });
    expect(wrong.response.status).toBe(400);
    expect(await wrong.response.json()).toMatchObject({ error: { code: 'bad_request' } });
    expect((await get()).asked).toEqual(['gate-weur-0']);
  });

  test('anywhere else the header is not read', async () => {
    const production = { ENVIRONMENT: 'production', ORIGIN: 'https://kinora.example' } as const;
    for (const name of ['oc', 'atlantis']) {
      const { response, asked } = await get({ 'x-kinora-region': name }, production);
      expect(response.status).toBe(200);
      expect(asked).toEqual(['gate-weur-0']);
    }
  });

  test('without consent to be had: 503, a code, and when to come back', async () => {
    vi.spyOn(ConsentLogObject.prototype, 'renew').mockRejectedValue(new Error('the log is gone'));
    const { response } = await get({ 'x-kinora-region': 'sam' });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ error: { code: 'consent_unavailable' } });
  });
});

test.each([
  [{ continent: 'NA', country: 'US', longitude: '-122.3' }, 'wnam'],
  [{ continent: 'NA', country: 'US', longitude: '-74.0' }, 'enam'],
  [{ continent: 'NA', country: 'CA' }, 'enam'],
  [{ continent: 'SA', country: 'BR', longitude: '-46.6' }, 'sam'],
  [{ continent: 'EU', country: 'PT', longitude: '-9.1' }, 'weur'],
  [{ continent: 'EU', country: 'PL', longitude: '21.0' }, 'eeur'],
  [{ continent: 'AS', country: 'JP', longitude: '139.7' }, 'apac'],
  [{ continent: 'AS', country: 'AE', longitude: '55.3' }, 'me'],
  [{ continent: 'OC', country: 'AU', longitude: '151.2' }, 'oc'],
  [{ continent: 'AF', country: 'KE', longitude: '36.8' }, 'afr'],
  [{ country: 'T1' }, 'weur'],
  [{}, 'weur'],
] as const)('somebody at %j is asked about in %s', (place, region) => {
  expect(regionOfPlace(place)).toBe(region);
});
