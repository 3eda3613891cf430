/**
 * The real render node as a process of its own, with the sketch engine, killed by the system in the middle of a job. Another process
 * takes the job over; there is one clip and one charge.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Generation } from '#schemas/http/generations.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { ask, drafts, ending, eventually, nothingIn, usedCredits } from '../support/generation-run.ts';

const root = join(import.meta.dirname, '../..');
const running = new Set<ChildProcess>();
let edge: Edge;
let scratch: string;

beforeAll(async () => {
  edge = await startEdge({ RENDER_LEASE_MS: '2000' });
  scratch = await mkdtemp(join(tmpdir(), 'kinora-node-'));
  await writeFile(join(scratch, 'node.pem'), edge.nodeKey, { mode: 0o600 });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await edge.stop();
  await rm(scratch, { recursive: true, force: true });
});

function startNode(): ChildProcess {
  const child = spawn(process.execPath, ['gpu-backend/src/main.ts'], {
    cwd: root,
    stdio: 'ignore',
    env: {
      ...process.env,
      KINORA_URL: edge.url,
      KINORA_NODE_ID: 'node_test',
      KINORA_NODE_KEY_FILE: join(scratch, 'node.pem'),
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

test('killed while it draws: the job is leased again and finishes once, charged once', async () => {
  const api = await edge.signIn('patient');
  const first = startNode();
  await eventually('the node to connect', async () => {
    const { items } = await api<{ items: unknown[] }>('GET', '/api/v1/engines');
    return items.length > 0 ? true : null;
  });
  const generation = await ask(api, { prompt: 'a basketball drops in at sunset', seconds: 8 });
  await eventually('frames to be drawn', async () => {
    const now = await api<Generation>('GET', `/api/v1/generations/${generation.id}`);
    expect(now.status).not.toBe('ready');
    return now.status === 'running' && now.progress > 0.1 ? true : null;
  });
  first.kill('SIGKILL');
  startNode();
  const end = await ending(api, generation.id);
  expect(end).toMatchObject({ status: 'ready', attempt: 2 });
  // The models of the output policy have looked: otherwise the desk would have been asked.
  expect(end.policy).toBeUndefined();
  expect(await usedCredits(api)).toBe(generation.credits);
  const made = await eventually('the draft', async () => {
    const list = await drafts(api);
    return list.length > 0 ? list : null;
  });
  expect(made.map((clip) => clip.id)).toEqual([end.clipId]);
  await nothingIn(edge, `quarantine/${generation.id}/`);
});
