/**
 * A render node dies at every point of a job. Whatever happens: exactly one clip or none, exactly the credits of what was delivered, and
 * nothing left in quarantine.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Generation } from '#schemas/http/generations.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  drafts,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  nothingIn,
  uploadAll,
  usedCredits,
} from '../support/generation-run.ts';
import { makeRendered, type Rendered } from '../support/rendered.ts';

let edge: Edge;
let rendered: Rendered;
let api: ApiClient;
let people = 0;

beforeAll(async () => {
  [edge, rendered] = await Promise.all([
    startEdge({ RENDER_LEASE_MS: '1000', RENDER_MAX_ATTEMPTS: '3' }),
    makeRendered(),
  ]);
  await edge.node.lease(); // announces its engines
});
afterAll(() => edge.stop());

/** A person of one's own per test, so that credits add up. */
async function person(): Promise<ApiClient> {
  people += 1;
  return edge.signIn(`person-${people}`);
}

/** A healthy node takes the job that was left behind and finishes it. */
async function finishBy(who: ApiClient, generation: Generation) {
  const job = await leaseNext(edge);
  expect(job.jobId).toBe(generation.id);
  await uploadAll(edge, job, rendered);
  await expectStatus(edge.node.complete(job, rendered.output), 200);
  const end = await ending(who, generation.id);
  expect(end.status).toBe('ready');
  return { job, end };
}

async function expectOneClip(who: ApiClient, generation: Generation, end: Generation): Promise<void> {
  expect(await usedCredits(who)).toBe(generation.credits);
  const found = await eventually('the draft in the list', async () => {
    const list = await drafts(who);
    return list.length > 0 ? list : null;
  });
  expect(found.map((clip) => clip.id)).toEqual([end.clipId]);
  await nothingIn(edge, `quarantine/${generation.id}/`);
}

describe('a node that vanishes', () => {
  test('right after the lease', async () => {
    api = await person();
    const generation = await ask(api);
    const lost = await leaseNext(edge);
    const { job, end } = await finishBy(api, generation);
    expect(job.fence).toBeGreaterThan(lost.fence);
    await expectOneClip(api, generation, end);
  });

  test('in the engine, after some heartbeats', async () => {
    api = await person();
    const generation = await ask(api);
    const lost = await leaseNext(edge);
    await expectStatus(edge.node.heartbeat(lost, 0.4), 200);
    const seen = await eventually('progress', async () => {
      const now = await api<Generation>('GET', `/api/v1/generations/${generation.id}`);
      return now.status === 'running' && now.progress > 0 ? now : null;
    });
    expect(seen.queuePosition).toBeNull();
    const { end } = await finishBy(api, generation);
    await expectStatus(edge.node.heartbeat(lost, 0.9), 409);
    await expectOneClip(api, generation, end);
  });

  test('in the middle of its uploads', async () => {
    api = await person();
    const generation = await ask(api);
    const lost = await leaseNext(edge);
    const video = rendered.files.get('video.mp4');
    if (video === undefined) throw new Error('no video');
    await expectStatus(edge.node.upload(lost, 'video.mp4', video), 200);
    const { end } = await finishBy(api, generation);
    await expectStatus(edge.node.upload(lost, 'poster.jpg', video), 409);
    await expectOneClip(api, generation, end);
  });

  test('after the upload, before it says complete', async () => {
    api = await person();
    const generation = await ask(api);
    const lost = await leaseNext(edge);
    await uploadAll(edge, lost, rendered);
    const { end } = await finishBy(api, generation);
    await expectStatus(edge.node.complete(lost, rendered.output), 409);
    await expectOneClip(api, generation, end);
  });

  test('three times: the job is given up and the credits come back', async () => {
    api = await person();
    const generation = await ask(api);
    for (let attempt = 1; attempt <= 3; attempt += 1) expect((await leaseNext(edge)).attempt).toBe(attempt);
    const end = await ending(api, generation.id);
    expect(end).toMatchObject({ status: 'failed', error: { code: 'engine_failed' } });
    expect(await usedCredits(api)).toBe(0);
    expect(await drafts(api)).toEqual([]);
  });
});

describe('a node that says too much', () => {
  test('complete twice: one clip, one charge', async () => {
    api = await person();
    const generation = await ask(api);
    const { job, end } = await finishBy(api, generation);
    await expectStatus(edge.node.complete(job, rendered.output), 200);
    await expectOneClip(api, generation, end);
  });

  test('complete after a cancel: no clip, no charge, nothing kept', async () => {
    api = await person();
    const generation = await ask(api);
    const job = await leaseNext(edge);
    await uploadAll(edge, job, rendered);
    await api('DELETE', `/api/v1/generations/${generation.id}`);
    await eventually('the queue to know', async () => {
      const beat = await edge.node.heartbeat(job, 0.5);
      return beat.status === 409 || (await beat.json()).directive === 'cancel' ? true : null;
    });
    await expectStatus(edge.node.complete(job, rendered.output), 409);
    expect((await ending(api, generation.id)).status).toBe('cancelled');
    expect(await usedCredits(api)).toBe(0);
    expect(await drafts(api)).toEqual([]);
    await nothingIn(edge, `quarantine/${generation.id}/`);
  });

  test('fail for good: failed at once, credits back', async () => {
    api = await person();
    const generation = await ask(api);
    const job = await leaseNext(edge);
    await expectStatus(
      edge.node.request('POST', `/render/v1/jobs/${job.jobId}/fail`, {
        fence: job.fence,
        code: 'audio_missing',
        message: 'no sound',
        retryable: false,
      }),
      200,
    );
    expect(await ending(api, generation.id)).toMatchObject({
      status: 'failed',
      error: { code: 'audio_missing' },
    });
    expect(await usedCredits(api)).toBe(0);
  });
});

describe('cancelling', () => {
  test('while it waits: never leased, no charge', async () => {
    api = await person();
    const generation = await ask(api);
    const cancelled = await api<Generation>('DELETE', `/api/v1/generations/${generation.id}`);
    expect(cancelled.status).toBe('cancelled');
    expect(await usedCredits(api)).toBe(0);
    await eventually('an empty queue', async () => ((await edge.node.lease(0)) === null ? true : null));
  });

  test('after delivery: refused, the clip stays', async () => {
    api = await person();
    const generation = await ask(api);
    const { end } = await finishBy(api, generation);
    await expect(api('DELETE', `/api/v1/generations/${generation.id}`)).rejects.toMatchObject({
      code: 'already_final',
    });
    await expectOneClip(api, generation, end);
  });
});
