/**
 * From a deletion to its receipt, end to end: the edge as it is deployed and the real render node as a process of its own. What was
 * deleted is gone from R2 and from the node's disk, the node's word is its own, and what the law wants kept is kept where nothing
 * serves it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clip, Erasure } from '#schemas/http/clips.ts';
import { erasureStores } from '#schemas/http/clips.ts';
import { type Generation, isFinal } from '#schemas/http/generations.ts';
import type { inboxSchema } from '#schemas/http/inbox.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { ask, eventually, storedKeys } from '../support/generation-run.ts';

const root = join(import.meta.dirname, '../..');
const running = new Set<ChildProcess>();
let edge: Edge;
let folder: string;

beforeAll(async () => {
  edge = await startEdge({ RENDER_LEASE_MS: '5000' });
  folder = await mkdtemp(join(tmpdir(), 'kinora-erasure-'));
  await writeFile(join(folder, 'node.pem'), edge.nodeKey, { mode: 0o600 });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await edge.stop();
  await rm(folder, { recursive: true, force: true });
});

const scratch = () => join(folder, 'scratch');

async function startNode(api: ApiClient): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['gpu-backend/src/main.ts'], {
    cwd: root,
    stdio: 'ignore',
    env: {
      ...process.env,
      KINORA_URL: edge.url,
      KINORA_NODE_ID: 'node_test',
      KINORA_NODE_KEY_FILE: join(folder, 'node.pem'),
      KINORA_NODE_SCRATCH: scratch(),
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  await eventually('the node to connect', async () => {
    const { items } = await api<{ items: unknown[] }>('GET', '/api/v1/engines');
    return items.length > 0 ? true : null;
  });
  return child;
}

async function stopNode(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await eventually('the node process to end', async () => (running.has(child) ? null : true));
}

/** The real engine on a busy machine takes its time. */
async function made(api: ApiClient, prompt: string) {
  const generation = await ask(api, { prompt, seconds: 2 });
  const end = await eventually(
    `the end of ${generation.id}`,
    async () => {
      const now = await api<Generation>('GET', `/api/v1/generations/${generation.id}`);
      return isFinal(now.status) ? now : null;
    },
    150,
  );
  if (end.clipId === undefined) throw new Error(`no clip: ${end.status}`);
  return { clipId: end.clipId, generationId: generation.id };
}

async function published(api: ApiClient) {
  const { clipId, generationId } = await made(api, 'a red ball rolls down a stair');
  await api<Clip>('POST', `/api/v1/clips/${clipId}/publish`, { caption: 'Look at it roll' });
  return { clipId, generationId };
}

const lineOf = (receipt: Erasure, store: Erasure['stores'][number]['store']) => {
  const line = receipt.stores.find((candidate) => candidate.store === store);
  if (line === undefined) throw new Error(`the receipt does not name ${store}`);
  return line;
};

const receiptOf = (api: ApiClient, clipId: string) => api<Erasure>('GET', `/api/v1/clips/${clipId}/erasure`);

function complete(api: ApiClient, clipId: string): Promise<Erasure> {
  return eventually(
    'a complete receipt',
    async () => {
      const receipt = await receiptOf(api, clipId);
      return receipt.complete ? receipt : null;
    },
    90,
  );
}

test('published, deleted while the node is off: the receipt waits for the node, then names every store', async () => {
  const [api, friend] = [await edge.signIn('maker'), await edge.signIn('friend')];
  const node = await startNode(api);
  const { clipId, generationId } = await published(api);
  await friend('POST', `/api/v1/clips/${clipId}/comments`, { text: 'what a ball' });
  await friend('PUT', `/api/v1/clips/${clipId}/like`);
  expect((await storedKeys(edge, `media/${clipId}/`)).length).toBeGreaterThanOrEqual(3);
  await stopNode(node);
  // What a power cut may leave behind.
  await mkdir(join(scratch(), `${generationId}-1`, 'out'), { recursive: true });
  await writeFile(join(scratch(), `${generationId}-1`, 'out', 'video.mp4'), 'frames');

  const receipt = await api<{ id: string }>('DELETE', `/api/v1/clips/${clipId}`);
  const waiting = await eventually('everything but the node', async () => {
    const now = await receiptOf(api, clipId);
    const open = now.stores.filter(({ status }) => status === 'pending').map(({ store }) => store);
    return open.length === 1 && open[0] === 'render-nodes' && lineOf(now, 'render-nodes').detail !== ''
      ? now
      : null;
  });
  expect(waiting.complete).toBe(false);
  expect(lineOf(waiting, 'render-nodes').detail).toBe('Waiting for node_test.');
  expect(existsSync(join(scratch(), `${generationId}-1`))).toBe(true);

  await startNode(api);
  const done = await complete(api, clipId);
  expect(done.revocationId).toBe(receipt.id);
  expect(done.stores.map(({ store }) => store)).toEqual([...erasureStores]);
  expect(done.stores.every(({ at, detail }) => at !== null && detail !== '')).toBe(true);
  expect(lineOf(done, 'objects').status).toBe('erased');
  expect(lineOf(done, 'rows')).toMatchObject({ status: 'erased', items: 4 });
  expect(lineOf(done, 'render-nodes')).toMatchObject({ status: 'erased', items: 1 });
  expect(lineOf(done, 'render-nodes').detail).toContain('node_test confirmed');
  expect(lineOf(done, 'evidence').status).toBe('none');

  for (const prefix of ['media/', 'quarantine/', 'evidence/']) {
    expect(
      (await storedKeys(edge, prefix)).filter((key) => key.includes(clipId) || key.includes(generationId)),
    ).toEqual([]);
  }
  expect(existsSync(join(scratch(), `${generationId}-1`))).toBe(false);
  expect((await fetch(`${edge.url}/media/${clipId}/video.mp4`)).status).toBe(410);
  const told = await eventually('the notice', async () => {
    const { items } = await api<(typeof inboxSchema)['_output']>('GET', '/api/v1/inbox');
    return items.find(({ kind }) => kind === 'erasure-done') ?? null;
  });
  expect(told.clipId).toBe(clipId);
  expect(JSON.stringify(await api('GET', `/api/v1/generations/${generationId}`))).not.toContain('red ball');
  await expect(receiptOf(friend, clipId)).rejects.toMatchObject({ code: 'not_found' });
});

test('a folder the running node still has is removed before it confirms', async () => {
  const api = await edge.signIn('maker-two');
  const { clipId, generationId } = await published(api);
  const left = join(scratch(), `${generationId}-7`);
  await mkdir(left, { recursive: true });
  await api('DELETE', `/api/v1/clips/${clipId}`);
  await complete(api, clipId);
  expect(existsSync(left)).toBe(false);
});

test('reported for somebody’s likeness, then deleted: kept apart as evidence, gone from everywhere else', async () => {
  const [api, reporter] = [await edge.signIn('maker-three'), await edge.signIn('reporter')];
  const { clipId } = await published(api);
  const before = await storedKeys(edge, `media/${clipId}/`);
  await reporter('POST', `/api/v1/clips/${clipId}/reports`, { reason: 'likeness', details: 'That is me.' });
  await api('DELETE', `/api/v1/clips/${clipId}`);
  const done = await complete(api, clipId);
  expect(lineOf(done, 'evidence')).toMatchObject({ status: 'held', items: before.length });
  expect(lineOf(done, 'evidence').detail).toMatch(/likeness.*kept apart until \d{4}-\d\d-\d\d/);
  expect(await storedKeys(edge, `media/${clipId}/`)).toEqual([]);
  const evidence = await storedKeys(edge, `evidence/${clipId}/`);
  expect(evidence).toEqual(expect.arrayContaining(before.map((key) => `evidence/${clipId}/${key}`)));
  for (const address of [
    `/media/${clipId}/video.mp4`,
    `/media/evidence/${clipId}/video.mp4`,
    `/${evidence[0]}`,
  ]) {
    const answer = await fetch(`${edge.url}${address}`);
    const type = answer.headers.get('content-type') ?? '';
    expect(answer.ok && !type.startsWith('text/html'), address).toBe(false);
    await answer.body?.cancel();
  }
});

test('a draft that was deleted has a receipt too', async () => {
  const api = await edge.signIn('maker-four');
  const { clipId } = await made(api, 'a blue ball rolls down a stair');
  await api('DELETE', `/api/v1/clips/${clipId}`);
  const done = await complete(api, clipId);
  expect(lineOf(done, 'objects').status).toBe('erased');
  expect(await storedKeys(edge, `media/${clipId}/`)).toEqual([]);
});
