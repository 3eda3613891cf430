/** What a render node says is erased is erased: it looks on its own disk, removes what it finds, and never confirms a running job. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { erasuresSchema } from '#schemas/render.ts';
import { loadOrCreateIdentity } from '../../gpu-backend/src/identity.ts';
import { readConfig } from '../../gpu-backend/src/node/config.ts';
import { createLog } from '../../gpu-backend/src/node/log.ts';
import { type NodeDeps, type RunningNode, runNode } from '../../gpu-backend/src/node/run-node.ts';
import { realClock } from '../../gpu-backend/src/node/wait.ts';
import { FakeEdge } from '../support/fake-edge.ts';
import { scriptedPolicy } from '../support/scripted-policy.ts';
import { testEngine } from '../support/test-engine.ts';

let dir: string;
let edge: FakeEdge;
let node: RunningNode | undefined;
let lines: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinora-node-erasures-'));
  lines = [];
});
afterEach(async () => {
  await node?.kill();
  node = undefined;
  await edge.stop();
  await rm(dir, { recursive: true, force: true });
});

const scratch = () => join(dir, 'scratch');

async function start(deps: Partial<NodeDeps> = {}): Promise<void> {
  const identity = await loadOrCreateIdentity(join(dir, 'node.pem'));
  edge = new FakeEdge({ 'node-1': identity.publicKeyBase64 });
  const url = await edge.start();
  const config = readConfig({
    KINORA_URL: url.href,
    KINORA_NODE_ID: 'node-1',
    KINORA_NODE_KEY_FILE: join(dir, 'node.pem'),
    KINORA_NODE_SCRATCH: scratch(),
  });
  node = await runNode(config, {
    policy: scriptedPolicy,
    engines: [testEngine({ size: { width: 90, height: 160 } })],
    privateKey: identity.privateKey,
    clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms / 50, signal) },
    log: createLog((line) => lines.push(line), false),
    ...deps,
  });
}

const confirmed = (): string[] =>
  edge.of('erasures').flatMap(({ json }) => erasuresSchema.parse(json).erased);
const jobId = (n: number) => `gen_01k${String(n).padStart(23, '0')}`;

it('an idle node asks, removes every attempt’s folder, and confirms; other jobs’ folders stay', async () => {
  await start();
  for (const name of [`${jobId(1)}-1`, `${jobId(1)}-2`, `${jobId(2)}-1`]) {
    await mkdir(join(scratch(), name, 'out'), { recursive: true });
    await writeFile(join(scratch(), name, 'out', 'video.mp4'), 'a film');
  }
  edge.toErase.add(jobId(1));
  await edge.until(() => confirmed().includes(jobId(1)), 'the confirmation');
  expect(await readdir(scratch())).toEqual([`${jobId(2)}-1`]);
  expect(confirmed()).toEqual([jobId(1)]);
  expect(edge.problems).toEqual([]);
});

it('a job that left nothing is confirmed as well, and each only once', async () => {
  await start();
  edge.toErase.add(jobId(1)).add(jobId(2));
  await edge.until(() => edge.toErase.size === 0, 'both confirmed');
  const asked = edge.of('erasures').length;
  await edge.until(() => edge.of('erasures').length > asked + 2, 'more questions');
  expect(confirmed().sort()).toEqual([jobId(1), jobId(2)]);
});

it('a running job is not confirmed before it has ended and its folder has gone', async () => {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await start({ hook: (point) => (point === 'rendered' ? held : undefined) });
  const running = edge.enqueue();
  await edge.until(() => existsSync(join(scratch(), `${running}-1`)), 'the scratch folder');
  edge.toErase.add(running);
  const asked = edge.of('erasures').length;
  await edge.until(() => edge.of('erasures').length > asked + 3, 'some questions');
  expect(confirmed()).toEqual([]);
  expect(existsSync(join(scratch(), `${running}-1`))).toBe(true);
  letGo();
  await edge.until(() => confirmed().includes(running), 'the confirmation');
  expect(existsSync(join(scratch(), `${running}-1`))).toBe(false);
});

it('what cannot be removed is not confirmed', async () => {
  await start();
  // A file where the folder of all jobs should be: it cannot even be looked at.
  await rm(scratch(), { recursive: true });
  await writeFile(scratch(), 'not a folder');
  edge.toErase.add(jobId(1));
  await edge.until(() => lines.some((line) => line.includes('job not erased')), 'the failure in the log');
  expect(confirmed()).toEqual([]);
  await rm(scratch());
  await mkdir(scratch());
  await edge.until(() => confirmed().includes(jobId(1)), 'the confirmation, later');
});

it('an edge that does not answer is asked again', async () => {
  await start();
  edge.fault = ({ operation }) =>
    operation === 'erasures' && edge.of('erasures').length < 4 ? 'drop' : undefined;
  edge.toErase.add(jobId(1));
  await edge.until(() => edge.toErase.size === 0, 'the confirmation');
});
