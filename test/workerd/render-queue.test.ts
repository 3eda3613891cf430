/** The real RenderQueue object: leases, fencing, lost nodes, uploads, order, cancel, eviction, what it sees for itself. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FaceIndexObject } from '#durable-objects/face-index/face-index-object.ts';
import { sealTemplate } from '#durable-objects/face-index/vault.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import { face, newEnrolmentId } from '../support/api-enrolment.ts';
import { engine } from '../support/engine.ts';
import { evict } from '../support/evict.ts';
import { enqueue, eventually, lease, leaseRequest, newId, renderSpec, upload } from '../support/objects.ts';

const leaseMs = Number(env.RENDER_LEASE_MS);
const maxAttempts = Number(env.RENDER_MAX_ATTEMPTS);

let pools = 0;
const newQueue = () => env.RENDER_QUEUE.getByName(`pool-${++pools}`);
type Queue = ReturnType<typeof newQueue>;

/** The clock goes on by this much and the object's alarm rings. */
async function pass(queue: Queue, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(queue);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('leases', () => {
  test('a job is leased once, and again after the lease was lost, under a greater token', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const first = await lease(queue, 'node-1');
    expect(first).toMatchObject({
      jobId,
      fence: 1,
      attempt: 1,
      heartbeatEveryMs: leaseMs / 4,
      spec: { prompt: 'a ball' },
    });
    expect(await queue.lease('node-2', leaseRequest())).toBeNull();

    await pass(queue, leaseMs - 1_000);
    expect(
      await queue.heartbeat('node-1', jobId, { fence: 1, stage: 'drawing', progress: 0.5 }),
    ).toMatchObject({ ok: true, value: { directive: 'continue' } });
    await pass(queue, leaseMs - 1_000);
    expect(await queue.lease('node-2', leaseRequest())).toBeNull();

    await pass(queue, 2_000);
    const second = await lease(queue, 'node-2');
    expect(second).toMatchObject({ jobId, fence: 2, attempt: 2 });
    expect(
      await queue.heartbeat('node-1', jobId, { fence: 1, stage: 'drawing', progress: 0.6 }),
    ).toMatchObject({ ok: false, error: { code: 'stale_lease' } });
    expect(await queue.authorizeUpload('node-1', jobId, 1, 'video.mp4')).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
  });

  test('a job whose nodes all vanish is dead after the last attempt, and is told so', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      expect((await lease(queue)).fence).toBe(attempt);
      await pass(queue, leaseMs + 1);
    }
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
    expect(await queue.outcome(jobId)).toMatchObject({
      status: 'dead',
      code: 'lease_lost',
      attempts: maxAttempts,
    });
    expect(await queue.status()).toMatchObject({ deadLetters: 1, failedLastHour: 1, queued: 0, running: 0 });
  });

  test('a waiting node gets the job the moment it is there, and null when its time is up', async () => {
    const queue = newQueue();
    const open = queue.lease('node-1', leaseRequest({ waitMs: 20_000 }));
    // The request is known to be held once the node shows up.
    await eventually('the node is seen', async () => ((await queue.status()).nodes.length > 0 ? true : null));
    const jobId = await enqueue(queue);
    expect(await open).toMatchObject({ jobId, fence: 1 });
    expect(await queue.lease('node-1', leaseRequest({ waitMs: 30 }))).toBeNull();
  });

  test('a lost lease goes straight to a node that waits', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    await lease(queue, 'node-1');
    const open = queue.lease('node-2', leaseRequest({ waitMs: 20_000 }));
    await eventually('the second node is seen', async () =>
      (await queue.status()).nodes.length > 1 ? true : null,
    );
    await pass(queue, leaseMs + 1);
    expect(await open).toMatchObject({ jobId, fence: 2 });
  });

  test('leases, tokens and the order survive an eviction', async () => {
    const queue = newQueue();
    const jobs = [await enqueue(queue), await enqueue(queue), await enqueue(queue)];
    const first = await lease(queue, 'node-1');
    await evict(queue);
    expect(
      await queue.heartbeat('node-1', first.jobId, { fence: 1, stage: 'drawing', progress: 0.1 }),
    ).toMatchObject({ ok: true });
    expect((await lease(queue)).jobId).toBe(jobs[1]);
    await evict(queue);
    expect((await lease(queue)).jobId).toBe(jobs[2]);
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
    await evict(queue);
    await pass(queue, leaseMs + 1);
    expect((await queue.status()).queued).toBe(3);
  });
});

describe('settling', () => {
  test('a completed job has one outcome; saying it again is harmless, another token is stale', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const job = await lease(queue);
    const output = await upload(queue, 'node-1', job);
    expect(await queue.complete('node-1', jobId, 1, output)).toEqual({ ok: true, value: undefined });
    expect(await queue.complete('node-1', jobId, 1, output)).toMatchObject({ ok: true });
    expect(await queue.complete('node-1', jobId, 2, output)).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    expect(await queue.complete('node-2', jobId, 1, output)).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    expect(await queue.outcome(jobId)).toMatchObject({
      status: 'completed',
      fence: 1,
      nodeId: 'node-1',
      output: { summary: 'A ball.' },
    });
    await queue.cancel(jobId);
    expect(await queue.outcome(jobId)).toMatchObject({ status: 'completed' });
    expect(await queue.status()).toMatchObject({ finishedLastHour: 1, running: 0 });
  });

  test('a late completion after the job was leased again is refused, and its uploads are erased', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const first = await lease(queue, 'node-1');
    const late = await upload(queue, 'node-1', first);
    await pass(queue, leaseMs + 1);
    const second = await lease(queue, 'node-2');
    expect(await queue.complete('node-1', jobId, 1, late)).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    await eventually('the uploads of the first lease are gone', async () =>
      (await env.MEDIA.head(`quarantine/${jobId}/1/video.mp4`)) === null ? true : null,
    );
    const output = await upload(queue, 'node-2', second);
    expect(await queue.complete('node-2', jobId, 2, output)).toMatchObject({ ok: true });
    expect(await queue.outcome(jobId)).toMatchObject({ status: 'completed', fence: 2, nodeId: 'node-2' });
    // An upload that was under way when the lease was lost may land after the first erasure; the sweep takes it, and only it.
    await env.MEDIA.put(`quarantine/${jobId}/1/video.mp4`, 'straggler');
    await pass(queue, 16 * 60_000);
    await eventually('the straggler is gone', async () =>
      (await env.MEDIA.head(`quarantine/${jobId}/1/video.mp4`)) === null ? true : null,
    );
    expect(await env.MEDIA.head(`quarantine/${jobId}/2/video.mp4`)).not.toBeNull();
  });

  test('a node cannot complete with files it did not store under its lease', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const job = await lease(queue);
    const output = await upload(queue, 'node-1', job);
    const { 'video.mp4': video, 'poster.jpg': poster } = output.files;
    const filmed = (change: Partial<typeof video>) => ({
      ...output,
      files: { ...output.files, 'video.mp4': { ...video, ...change } },
    });
    const lies = {
      'a size that is not the stored one': [filmed({ size: video.size + 1 }), 'output_invalid'],
      'a digest that is not the stored one': [filmed({ sha256: '0'.repeat(64) }), 'checksum_mismatch'],
      'captions that were never uploaded': [
        { ...output, files: { ...output.files, 'captions.vtt': poster } },
        'output_invalid',
      ],
      'a film over the limit': [filmed({ size: 65 * 1024 * 1024 }), 'output_invalid'],
    } as const;
    for (const [lie, [claimed, code]] of Object.entries(lies)) {
      expect(await queue.complete('node-1', jobId, 1, claimed), lie).toMatchObject({
        ok: false,
        error: { code },
      });
    }
    expect(await queue.outcome(jobId)).toEqual({ status: 'pending' });
    expect(await queue.complete('node-1', jobId, 1, output)).toMatchObject({ ok: true });
  });

  test('a failure that may pass is tried again after a pause, one that may not is the end', async () => {
    const queue = newQueue();
    const [shaky, hopeless] = [await enqueue(queue), await enqueue(queue)];
    const failure = { fence: 1, code: 'engine_failed', message: 'boom', retryable: true } as const;
    await lease(queue);
    await lease(queue);
    expect(await queue.fail('node-1', shaky, failure)).toMatchObject({ ok: true });
    expect(await queue.fail('node-1', shaky, failure)).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    expect(await queue.fail('node-1', hopeless, { ...failure, retryable: false })).toMatchObject({
      ok: true,
    });
    expect(await queue.outcome(hopeless)).toEqual({
      status: 'dead',
      code: 'engine_failed',
      message: 'boom',
      attempts: 1,
    });
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
    expect((await queue.status()).queued).toBe(1);
    await pass(queue, 2_001);
    expect(await lease(queue)).toMatchObject({ jobId: shaky, fence: 2 });
  });

  test('a pause survives an eviction', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    await lease(queue);
    await queue.fail('node-1', jobId, { fence: 1, code: 'node_shutdown', message: '', retryable: true });
    await evict(queue);
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
    await pass(queue, 2_001);
    expect(await lease(queue)).toMatchObject({ jobId, fence: 2 });
  });
});

describe('cancelling', () => {
  test('before it is enqueued, while it waits, while it is leased', async () => {
    const queue = newQueue();
    const early = newId('gen');
    await queue.cancel(early);
    expect(
      await queue.enqueue({ jobId: early, accountId: newId('acc'), tier: 'free', spec: renderSpec() }),
    ).toMatchObject({ ok: true });
    expect(await queue.outcome(early)).toEqual({ status: 'cancelled' });

    const waiting = await enqueue(queue);
    await queue.cancel(waiting);
    await queue.cancel(waiting);
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
    expect(await queue.position(waiting)).toBeNull();

    const running = await enqueue(queue);
    const job = await lease(queue);
    const output = await upload(queue, 'node-1', job);
    await queue.cancel(running);
    expect(
      await queue.heartbeat('node-1', running, { fence: 1, stage: 'drawing', progress: 0.5 }),
    ).toMatchObject({ ok: true, value: { directive: 'cancel' } });
    expect(await queue.authorizeUpload('node-1', running, 1, 'poster.jpg')).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    expect(await queue.complete('node-1', running, 1, output)).toMatchObject({
      ok: false,
      error: { code: 'stale_lease' },
    });
    expect(await queue.outcome(running)).toEqual({ status: 'cancelled' });
    await eventually('its uploads are gone', async () =>
      (await env.MEDIA.head(`quarantine/${running}/1/video.mp4`)) === null ? true : null,
    );
    await pass(queue, leaseMs + 1);
    expect(await queue.lease('node-1', leaseRequest())).toBeNull();
  });
});

describe('matching and order', () => {
  test('a job only goes to an engine that can do all of it', async () => {
    const queue = newQueue();
    const wanted = renderSpec({
      engine: 'deep',
      seconds: 12,
      size: '1280x720',
      soundCues: [{ sound: 'rain' }],
      dialogue: [{ text: 'hello' }],
    });
    const jobId = await enqueue(queue, 'free', newId('acc'), wanted);
    const able = { ...engine, name: 'deep' };
    const unable = [
      engine,
      { ...able, seconds: { min: 2, max: 10 } },
      { ...able, sizes: ['720x1280' as const] },
      { ...able, audio: false },
      { ...able, soundCues: false },
      { ...able, dialogue: 'none' as const },
    ];
    for (const one of unable)
      expect(await queue.lease('node-1', leaseRequest({ engines: [one] }))).toBeNull();
    expect(await queue.lease('node-1', leaseRequest({ engines: [...unable, able] }))).toMatchObject({
      jobId,
    });
  });

  test('tiers share by weight and free goes on under a flood', async () => {
    const queue = newQueue();
    const tierOf = new Map<string, Tier>();
    for (let n = 0; n < 24; n += 1) tierOf.set(await enqueue(queue, 'pro'), 'pro');
    for (let n = 0; n < 3; n += 1) tierOf.set(await enqueue(queue, 'free'), 'free');
    const served: (Tier | undefined)[] = [];
    for (let n = 0; n < 27; n += 1) served.push(tierOf.get((await lease(queue)).jobId));
    const places = served.flatMap((tier, at) => (tier === 'free' ? [at] : []));
    expect(places.length).toBe(3);
    expect(places.every((at, n) => at - (places[n - 1] ?? -1) <= 9)).toBe(true);
  });

  test('what an account was served is remembered over an eviction', async () => {
    const queue = newQueue();
    const [many, few] = [newId('acc'), newId('acc')];
    const jobs = [
      await enqueue(queue, 'free', many),
      await enqueue(queue, 'free', many),
      await enqueue(queue, 'free', many),
    ];
    await lease(queue);
    await lease(queue);
    const late = await enqueue(queue, 'free', few);
    await evict(queue);
    expect((await lease(queue)).jobId).toBe(late);
    expect((await lease(queue)).jobId).toBe(jobs[2]);
  });

  test('a position counts the jobs that are served first, and is nothing once the job runs', async () => {
    const queue = newQueue();
    const [first, second] = [await enqueue(queue), await enqueue(queue)];
    expect(await queue.position(first)).toEqual({ ahead: 0, estimateSeconds: null });
    expect(await queue.position(second)).toMatchObject({ ahead: 1 });
    vi.setSystemTime(Date.now());
    const job = await lease(queue);
    expect(await queue.position(first)).toBeNull();
    const output = await upload(queue, 'node-1', job);
    vi.setSystemTime(Date.now() + 8_000);
    await queue.complete('node-1', first, 1, output);
    expect(await queue.position(second)).toEqual({ ahead: 0, estimateSeconds: 8 });
    expect((await queue.status()).medianRenderSeconds).toBe(8);
  });

  test('over its cap a tier is asked to come back, and the others are not', async () => {
    const queue = newQueue();
    const cap = Number(env.BACKLOG_FREE);
    expect(await queue.admission('free')).toMatchObject({ backlogFull: false, engines: [] });
    for (let n = 0; n < cap; n += 1) await enqueue(queue, 'free');
    expect(await queue.admission('free')).toMatchObject({
      backlogFull: true,
      retryAfterSeconds: expect.any(Number),
    });
    const refused = await queue.enqueue({
      jobId: newId('gen'),
      accountId: newId('acc'),
      tier: 'free',
      spec: renderSpec(),
    });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'backlog_full', details: { retryAfterSeconds: expect.any(Number) } },
    });
    expect(await queue.admission('plus')).toMatchObject({ backlogFull: false });
    expect((await lease(queue)).fence).toBe(1);
    expect(await queue.admission('free')).toMatchObject({ backlogFull: false });
  });

  test('engines are those of nodes seen lately, in their newest version', async () => {
    const queue = newQueue();
    await queue.lease('node-1', leaseRequest({ engines: [{ ...engine, version: '1.9.0' }] }));
    await queue.lease(
      'node-2',
      leaseRequest({
        engines: [
          { ...engine, version: '1.10.0' },
          { ...engine, name: 'deep' },
        ],
      }),
    );
    expect((await queue.engines()).map(({ name, version }) => [name, version])).toEqual([
      ['deep', '1.0.0'],
      ['sketch', '1.10.0'],
    ]);
    vi.setSystemTime(Date.now() + 2 * 60_000 + 1);
    expect(await queue.engines()).toEqual([]);
    expect((await queue.status()).nodes.map(({ id, online }) => [id, online])).toEqual([
      ['node-1', false],
      ['node-2', false],
    ]);
  });
});

describe('housekeeping', () => {
  test('settled jobs are forgotten after a week and waiting ones are not', async () => {
    const queue = newQueue();
    const [old, waiting] = [await enqueue(queue), await enqueue(queue)];
    await queue.cancel(old);
    await pass(queue, 7 * 86_400_000 + 1);
    expect(await queue.outcome(old)).toEqual({ status: 'pending' });
    expect((await lease(queue)).jobId).toBe(waiting);
  });
});

describe('what the queue sees for itself', () => {
  test('the engine as its node offered it is kept with the job, also when the node has long gone', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const job = await lease(queue);
    const output = await upload(queue, 'node-1', job);
    expect(await queue.complete('node-1', jobId, 1, output)).toMatchObject({ ok: true });
    await pass(queue, 60 * 60_000);
    expect(await queue.engines()).toEqual([]);
    expect(await queue.outcome(jobId)).toMatchObject({
      status: 'completed',
      seen: {
        engine: { description: engine.description, digitalSourceType: 'algorithmicMedia' },
        recognised: [],
      },
    });
  });

  test('what another engine made than was asked for is refused', async () => {
    const queue = newQueue();
    const jobId = await enqueue(queue);
    const output = await upload(queue, 'node-1', await lease(queue));
    const lie = { ...output, engine: { ...output.engine, name: 'other' } };
    expect(await queue.complete('node-1', jobId, 1, lie)).toMatchObject({
      ok: false,
      error: { code: 'output_invalid' },
    });
    expect(await queue.complete('node-1', jobId, 1, output)).toMatchObject({ ok: true });
  });

  test('an enrolled face is named by account, the face itself is kept nowhere, and erasure takes the name too', async () => {
    const queue = newQueue();
    const [accountId, enrolmentId] = [newId('acc'), newEnrolmentId()];
    const template = await sealTemplate(env, `enrolment:${enrolmentId}`, face(41));
    const index = env.FACE_INDEX.getByName('main');
    await index.enrol({ accountId, enrolmentId, template, confirmed: false });
    const jobId = await enqueue(queue);
    const output = await upload(queue, 'node-1', await lease(queue));
    const faces = [
      { at: 0.5, embedding: face(42) },
      { at: 1.25, embedding: face(41, 0.02) },
    ];
    expect(await queue.complete('node-1', jobId, 1, output, faces)).toMatchObject({ ok: true });
    expect(await queue.outcome(jobId)).toMatchObject({ seen: { recognised: [{ accountId, at: 1.25 }] } });
    const stored = await runInDurableObject(queue, (_, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM jobs').toArray()),
    );
    expect(stored).not.toContain(String(face(41, 0.02)[0]));
    await queue.orderErasure([jobId]);
    expect(await queue.outcome(jobId)).toMatchObject({ seen: { recognised: [] } });
    await index.erase(accountId);
  });

  test('faces from an engine that may not see likenesses are not looked at', async () => {
    const queue = newQueue();
    const recognise = vi.spyOn(FaceIndexObject.prototype, 'recognise');
    const jobId = await enqueue(queue);
    const blind = leaseRequest({ engines: [{ ...engine, biometricsAllowed: false }] });
    const output = await upload(queue, 'node-1', await lease(queue, 'node-1', blind));
    const faces = [{ at: 0, embedding: face(43) }];
    expect(await queue.complete('node-1', jobId, 1, output, faces)).toMatchObject({ ok: true });
    expect(recognise).not.toHaveBeenCalled();
  });
});
