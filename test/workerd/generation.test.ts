/** The real Generation object: states, debts to the account and the queue, deadline, and the live connection. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { type GenerationEvent, generationEventSchema } from '#schemas/http/generations.ts';
import { evict } from '../support/evict.ts';
import { admission, enqueue, eventually, lease, newId, renderSpec } from '../support/objects.ts';

const deadlineMs = Number(env.GENERATION_DEADLINE_MS);
const queue = env.RENDER_QUEUE.getByName('main');

/** A generation that is open, with credits held at its account; no workflow drives it. */
async function open(change: Partial<AdmittedGeneration> = {}) {
  const admitted = admission(change);
  const account = env.ACCOUNT.getByName(admitted.accountId);
  await runInDurableObject(account, (instance) => {
    Reflect.set(instance, 'env', { ...env, GENERATE_CLIP: { create: async () => undefined } });
  });
  const admit = await account.admit({
    generation: admitted,
    idempotencyKey: null,
    requestHash: 'a'.repeat(64),
    maxUnfinished: 10,
  });
  if (!admit.ok) throw new Error(admit.error.code);
  return {
    admitted,
    id: admitted.generationId,
    account,
    generation: env.GENERATION.getByName(admitted.generationId),
  };
}
type Generation = Awaited<ReturnType<typeof open>>['generation'];
type Account = Awaited<ReturnType<typeof open>>['account'];

const settled = (account: Account) =>
  eventually('the credits are settled', async () =>
    (await account.credits()).held === 0 ? await account.credits() : null,
  );

async function pass(generation: Generation, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(generation);
}

/** Collects what a live connection is told. */
async function watch(generation: Generation) {
  const response = await generation.fetch('https://kinora.example/live', {
    headers: { Upgrade: 'websocket' },
  });
  const socket = response.webSocket;
  if (socket === null) throw new Error(`no connection: ${response.status}`);
  const events: GenerationEvent['generation'][] = [];
  const other: string[] = [];
  let closed: number | null = null;
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string' && data.startsWith('{')) {
      expect(JSON.parse(data).generation).not.toHaveProperty('accountId');
      events.push(generationEventSchema.parse(JSON.parse(data)).generation);
    } else other.push(String(data));
  });
  socket.addEventListener('close', ({ code }) => {
    closed = code;
  });
  socket.accept();
  const until = (what: string, check: (event: GenerationEvent['generation']) => boolean) =>
    eventually(what, async () => events.find(check) ?? null);
  const end = () => eventually('the connection closes', async () => closed);
  return { socket, events, other, until, end };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('life', () => {
  test('before it is opened there is nothing', async () => {
    const generation = env.GENERATION.getByName(newId('gen'));
    expect(await generation.read()).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await generation.admission()).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await generation.cancel()).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(
      (await generation.fetch('https://kinora.example/live', { headers: { Upgrade: 'websocket' } })).status,
    ).toBe(404);
    expect((await generation.fetch('https://kinora.example/live')).status).toBe(426);
  });

  test('from queued to ready: the credits are captured once, and nothing changes afterwards', async () => {
    const { generation, admitted, account } = await open({ credits: 40 });
    await generation.open({ ...admitted, credits: 9_999 });
    expect(await generation.admission()).toMatchObject({ ok: true, value: { credits: 40, seed: 7 } });
    await generation.progress({ attempt: 1, stage: 'drawing', progress: 0.5 });
    expect(await generation.read()).toMatchObject({
      value: { status: 'running', stage: 'drawing', progress: 0.45, attempt: 1, queuePosition: null },
    });
    expect(await generation.finishing('checking')).toMatchObject({ ok: true });
    await generation.progress({ attempt: 1, stage: 'encoding', progress: 0.7 });
    expect(await generation.finishing('signing')).toMatchObject({ ok: true });
    expect(await generation.ready(admitted.clipId)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await generation.commit()).toMatchObject({ ok: true });
    expect(await generation.cancel()).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await generation.ready(admitted.clipId)).toMatchObject({ ok: true });
    expect(await settled(account)).toMatchObject({ used: 40, held: 0, available: 260 });
    for (const again of [generation.ready(admitted.clipId), generation.commit()])
      expect(await again).toMatchObject({ ok: true });
    for (const late of [
      generation.cancel(),
      generation.fail('engine_failed', ''),
      generation.quarantine('output_invalid', ''),
    ]) {
      expect(await late).toMatchObject({ ok: false, error: { code: 'already_final' } });
    }
    expect(await generation.read()).toMatchObject({
      value: { status: 'ready', stage: 'done', progress: 1, clipId: admitted.clipId },
    });
    expect(await account.credits()).toMatchObject({ used: 40 });
  });

  test.each(['fail', 'quarantine'] as const)(
    '%s returns the credits, cancels the job and says why',
    async (end) => {
      const { generation, account, id } = await open();
      await queue.enqueue({ jobId: id, accountId: newId('acc'), tier: 'free', spec: renderSpec() });
      expect(await generation[end]('output_invalid', '')).toMatchObject({ ok: true });
      expect(await generation[end]('engine_failed', 'another reason')).toMatchObject({ ok: true });
      expect(await settled(account)).toMatchObject({ used: 0, available: 300 });
      await eventually('the job is cancelled', async () =>
        (await queue.outcome(id)).status === 'cancelled' ? true : null,
      );
      const read = await generation.read();
      expect(read).toMatchObject({
        value: {
          status: end === 'fail' ? 'failed' : 'quarantined',
          error: { code: 'output_invalid', message: 'The rendered file is not a valid clip.' },
        },
      });
    },
  );

  const steps: [string, (generation: Generation) => Promise<unknown>][] = [
    ['queued', async () => undefined],
    ['running', (generation) => generation.progress({ attempt: 1, stage: 'drawing', progress: 0.3 })],
    ['finishing', (generation) => generation.finishing('signing')],
  ];
  test.each(steps)('a cancel while %s returns the credits and stops the job', async (_, reach) => {
    const { generation, account, id } = await open();
    const enqueued = await queue.enqueue({
      jobId: id,
      accountId: newId('acc'),
      tier: 'free',
      spec: renderSpec(),
    });
    expect(enqueued.ok).toBe(true);
    await reach(generation);
    expect(await generation.cancel()).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(await generation.cancel()).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(await settled(account)).toMatchObject({ used: 0, available: 300 });
    await eventually('the job is cancelled', async () =>
      (await queue.outcome(id)).status === 'cancelled' ? true : null,
    );
    // What the workflow and the node still say comes too late.
    await generation.progress({ attempt: 2, stage: 'drawing', progress: 0.9 });
    expect(await generation.finishing('checking')).toMatchObject({
      ok: false,
      error: { code: 'already_final' },
    });
    expect(await generation.commit()).toMatchObject({ ok: false, error: { code: 'already_final' } });
    expect(await generation.read()).toMatchObject({ value: { status: 'cancelled' } });
  });

  test('past its deadline it fails, returns the credits and cancels the job, also after an eviction', async () => {
    const { generation, account, id } = await open();
    await generation.progress({ attempt: 1, stage: 'drawing', progress: 0.3 });
    await evict(generation);
    await pass(generation, deadlineMs - 60_000);
    expect(await generation.read()).toMatchObject({ value: { status: 'running' } });
    await pass(generation, 60_001);
    expect(await generation.read()).toMatchObject({
      value: { status: 'failed', error: { code: 'deadline_exceeded' } },
    });
    expect(await settled(account)).toMatchObject({ used: 0 });
    await eventually('the job is cancelled', async () =>
      (await queue.outcome(id)).status === 'cancelled' ? true : null,
    );
  });

  test('one that nobody ever works on fails at its deadline too', async () => {
    const { generation, account } = await open();
    await pass(generation, deadlineMs + 1);
    expect(await generation.read()).toMatchObject({
      value: { status: 'failed', error: { code: 'deadline_exceeded' } },
    });
    expect(await settled(account)).toMatchObject({ used: 0, available: 300 });
  });

  test('once it has ended and everything is delivered, it sleeps', async () => {
    const { generation, account } = await open();
    await generation.cancel();
    await settled(account);
    await eventually('no alarm is left', () =>
      runInDurableObject(generation, async (_, state) =>
        (await state.storage.getAlarm()) === null ? true : null,
      ),
    );
  });

  test('a settlement that fails is made good by the alarm after an eviction, once', async () => {
    const { generation, account } = await open({ credits: 15 });
    await runInDurableObject(generation, (instance) => {
      const ACCOUNT = {
        getByName: () => ({ settle: () => Promise.reject(new Error('the network is down')) }),
      };
      Reflect.set(instance, 'env', { ...env, ACCOUNT });
    });
    await generation.cancel();
    await scheduler.wait(50);
    expect((await account.credits()).held).toBe(15);
    await evict(generation);
    await pass(generation, 5_000);
    expect(await settled(account)).toMatchObject({ used: 0, available: 300 });
  });

  test('the queue and the generation agree: lease, lost lease, lease again', async () => {
    const { generation, id } = await open();
    const pool = env.RENDER_QUEUE.getByName(`pool-${id}`);
    await pool.enqueue({ jobId: id, accountId: newId('acc'), tier: 'free', spec: renderSpec() });
    await lease(pool);
    const reached = (status: string, attempt: number) =>
      eventually(`${status} in attempt ${attempt}`, async () => {
        const read = await generation.read();
        return read.ok && read.value.status === status && read.value.attempt === attempt ? true : null;
      });
    await reached('running', 1);
    vi.setSystemTime(Date.now() + Number(env.RENDER_LEASE_MS) + 1);
    await runDurableObjectAlarm(pool);
    await reached('queued', 1);
    await generation.progress({ attempt: 1, stage: 'encoding', progress: 0.9 });
    expect(await generation.read()).toMatchObject({ value: { status: 'queued', progress: 0 } });
    await lease(pool, 'node-2');
    await reached('running', 2);
  });
});

describe('while it waits', () => {
  test('it says how many are ahead', async () => {
    for (let n = 0; n < 3; n += 1) await enqueue(queue, 'pro');
    const { generation, id } = await open();
    expect(await generation.read()).toMatchObject({ value: { queuePosition: null } });
    await queue.enqueue({ jobId: id, accountId: newId('acc'), tier: 'free', spec: renderSpec() });
    const read = await generation.read();
    expect(read.ok && read.value.queuePosition).toBeGreaterThan(0);
    // A queue that does not answer costs the position, not the status.
    await runInDurableObject(generation, (instance) => {
      Reflect.set(instance, 'env', {
        ...env,
        RENDER_QUEUE: {
          getByName: () => ({
            position: () => Promise.reject(new Error('down')),
            cancel: async () => undefined,
          }),
        },
      });
    });
    expect(await generation.read()).toMatchObject({
      ok: true,
      value: { status: 'queued', queuePosition: null },
    });
  });
});

describe('live', () => {
  test('a watcher sees the record at once, every change after it, and the end', async () => {
    const { generation, admitted } = await open();
    const live = await watch(generation);
    await live.until('the record at connect', (event) => event.status === 'queued');
    await generation.progress({ attempt: 1, stage: 'simulating', progress: 0.2 });
    await live.until('running', (event) => event.status === 'running' && event.stage === 'simulating');
    await generation.finishing('checking');
    await generation.commit();
    await generation.ready(admitted.clipId);
    await live.until('ready', (event) => event.status === 'ready' && event.clipId === admitted.clipId);
    expect(await live.end()).toBe(1000);
    const progress = live.events.map((event) => event.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(live.events.at(-1)?.status).toBe('ready');
  });

  test('a storm of heartbeats becomes a trickle of events, and the last one arrives', async () => {
    const { generation } = await open();
    const live = await watch(generation);
    for (let n = 0; n < 100; n += 1)
      await generation.progress({ attempt: 1, stage: 'drawing', progress: n / 100 });
    await generation.progress({ attempt: 1, stage: 'encoding', progress: 1 });
    await live.until('the last of them', (event) => event.stage === 'encoding' && event.progress === 0.9);
    expect(live.events.length).toBeLessThan(50);
    live.socket.close(1000);
  });

  test('the connection outlives an eviction', async () => {
    const { generation } = await open();
    const live = await watch(generation);
    await live.until('the record at connect', () => true);
    await evict(generation);
    await generation.progress({ attempt: 1, stage: 'drawing', progress: 0.5 });
    await live.until('running', (event) => event.status === 'running');
    await evict(generation);
    live.socket.send('ping');
    await eventually('the pong', async () => (live.other.includes('pong') ? true : null));
    await generation.cancel();
    await live.until('cancelled', (event) => event.status === 'cancelled');
    expect(await live.end()).toBe(1000);
  });

  test('whoever connects after the end is told and let go', async () => {
    const { generation } = await open();
    await generation.fail('engine_failed', 'boom');
    const live = await watch(generation);
    await live.until('failed', (event) => event.status === 'failed' && event.error?.message === 'boom');
    expect(await live.end()).toBe(1000);
  });

  test('a watcher of a waiting generation sees its position change', async () => {
    const ahead = await enqueue(queue, 'pro');
    const { generation, id } = await open();
    await queue.enqueue({ jobId: id, accountId: newId('acc'), tier: 'free', spec: renderSpec() });
    const live = await watch(generation);
    const first = await live.until('a position', (event) => event.queuePosition !== null);
    const before = first.queuePosition ?? 0;
    expect(before).toBeGreaterThan(0);
    await queue.cancel(ahead);
    await pass(generation, 2_001);
    await live.until(
      'a smaller position',
      (event) => event.queuePosition !== null && event.queuePosition < before,
    );
    live.socket.close(1000);
  });

  test('two watchers, one that leaves: the other goes on', async () => {
    const { generation } = await open();
    const [stays, leaves] = [await watch(generation), await watch(generation)];
    await leaves.until('the record at connect', () => true);
    leaves.socket.close(1000, 'bye');
    await generation.progress({ attempt: 1, stage: 'drawing', progress: 0.5 });
    await stays.until('running', (event) => event.status === 'running');
    await generation.cancel();
    expect(await stays.end()).toBe(1000);
  });
});

test('a generation stored before there were likenesses goes on with nobody in it', async () => {
  const { generation } = await open();
  await runInDurableObject(generation, (_, { storage }) => {
    storage.sql.exec("DELETE FROM schema_migrations WHERE name IN ('cast', 'output policy')");
    for (const column of ['awaiting', 'error_details', 'policy'])
      storage.sql.exec(`ALTER TABLE generation DROP COLUMN ${column}`);
    storage.sql.exec(
      "UPDATE generation SET admitted = json_remove(admitted, '$.cast', '$.inheritedCoOwnerIds', '$.recastOf')",
    );
  });
  await evict(generation);
  expect(await generation.admission()).toMatchObject({
    ok: true,
    value: { cast: [], inheritedCoOwnerIds: [], recastOf: null },
  });
  expect(await generation.agreement()).toEqual({ ok: true, value: 'given' });
  expect(await generation.cancel()).toMatchObject({ ok: true, value: { status: 'cancelled' } });
});

describe('the output policy', () => {
  const details = { stage: 'frames', rule: 'sexual-content-throughout', version: '2026-11-1', at: 1.5 };

  test('a refusal keeps rule and place with the record, also after an eviction', async () => {
    const { generation } = await open();
    await generation.fail('policy_refused', 'Most of it looks like nudity.', details);
    await evict(generation);
    expect(await generation.read()).toMatchObject({
      ok: true,
      value: {
        status: 'failed',
        error: { code: 'policy_refused', message: 'Most of it looks like nudity.', details },
      },
    });
  });

  test('what it held back is shown to the maker, the first word counts', async () => {
    const { generation } = await open();
    expect(await generation.policy()).toBeNull();
    const finding = {
      stage: 'prompt',
      rule: 'sexual-content',
      outcome: 'review',
      score: 1,
      at: null,
      field: 'prompt',
      span: { start: 2, end: 6 },
      explanation: 'It speaks of nudity.',
    } as const;
    await generation.heldBack({ version: '2026-11-1', findings: [finding] });
    await generation.heldBack({ version: '2026-11-2', findings: [] });
    await evict(generation);
    const read = await generation.read();
    expect(read).toMatchObject({
      ok: true,
      value: { policy: { version: '2026-11-1', findings: [finding] } },
    });
  });
});
