/**
 * The workflow's steps are retried and the objects it talks to are thrown out of memory. The outcome does not change: one clip, one charge,
 * a manifest that verifies, and nothing in quarantine.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Me } from '#schemas/http/accounts.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
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
let people = 0;

beforeAll(async () => {
  [edge, rendered] = await Promise.all([startEdge({ RENDER_LEASE_MS: '5000' }), makeRendered()]);
  await edge.node.lease();
});
afterAll(() => edge.stop());

async function person() {
  people += 1;
  return edge.signIn(`author-${people}`);
}

const steps = [
  'read the admission',
  'queue the job',
  'check the output',
  'sign and store',
  'commit',
  'make the draft',
  'ready',
  'clear quarantine',
];

test.each(steps)('the step "%s" fails once before it succeeds', async (name) => {
  const api = await person();
  await using instances = await edge.kinora.introspectWorkflow('GENERATE_CLIP');
  await instances.modifyAll(async (modify) => {
    await modify.disableRetryDelays();
    await modify.mockStepError({ name }, new Error('struck by the test'), 1);
  });
  const generation = await ask(api);
  const job = await leaseNext(edge);
  await uploadAll(edge, job, rendered);
  await expectStatus(edge.node.complete(job, rendered.output), 200);
  const end = await ending(api, generation.id);
  expect(end.status).toBe('ready');
  expect(await usedCredits(api)).toBe(generation.credits);
  const list = await eventually('the draft', async () => {
    const found = await drafts(api);
    return found.length > 0 ? found : null;
  });
  expect(list.map((clip) => clip.id)).toEqual([end.clipId]);
  const report = await api<ProvenanceReport>('GET', `/api/v1/clips/${end.clipId}/provenance`);
  expect(report.state).toBe('Trusted');
  await nothingIn(edge, `quarantine/${generation.id}/`);
});

test('every object is evicted between every two steps of a clip’s life', async () => {
  const api = await person();
  const { account } = await api<Me>('GET', '/api/v1/me');
  const evict = (binding: string, name: string) =>
    edge.kinora.evictDurableObject(binding, { name }).catch((error: Error) => {
      if (!error.message.includes('not currently running')) throw error;
    });
  const forget = async (generation?: Generation) => {
    await evict('RENDER_QUEUE', 'main');
    await evict('ACCOUNT', account.id);
    await evict('CONSENT_LOG', 'log-0');
    await evict('FEED_SHARD', 'feed-0');
    if (generation !== undefined) await evict('GENERATION', generation.id);
    if (generation?.clipId !== undefined) await evict('CLIP', generation.clipId);
  };
  await forget();
  const generation = await ask(api);
  await forget(generation);
  const job = await leaseNext(edge);
  await forget(generation);
  await expectStatus(edge.node.heartbeat(job, 0.3), 200);
  await uploadAll(edge, job, rendered);
  await forget(generation);
  await expectStatus(edge.node.complete(job, rendered.output), 200);
  const end = await ending(api, generation.id);
  await forget(end);
  expect(end.status).toBe('ready');
  const clip = await api<Clip>('POST', `/api/v1/clips/${end.clipId}/publish`, { caption: 'Still here.' });
  await forget(end);
  await eventually('the feed to list it', async () => {
    const feed = await api<{ items: Clip[] }>('GET', '/api/v1/feed?mode=recent&limit=50');
    return feed.items.some((item) => item.id === clip.id) ? true : null;
  });
  expect((await fetch(`${edge.url}${clip.media.video}`)).status).toBe(200);
  await forget(end);
  await api('DELETE', `/api/v1/clips/${clip.id}`);
  await forget(end);
  expect((await fetch(`${edge.url}${clip.media.video}`)).status).toBe(410);
  expect(await usedCredits(api)).toBe(generation.credits);
});
