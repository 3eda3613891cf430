/** The render node against an edge over real HTTP: it delivers, obeys, survives, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Completion, completionSchema, type Failure } from '#schemas/render.ts';
import { EngineError } from '../../gpu-backend/src/engines/engine-error.ts';
import { loadOrCreateIdentity, type NodeIdentity } from '../../gpu-backend/src/identity.ts';
import { readConfig } from '../../gpu-backend/src/node/config.ts';
import { createLog } from '../../gpu-backend/src/node/log.ts';
import type { JobPoint, JobResult } from '../../gpu-backend/src/node/run-job.ts';
import { type NodeDeps, type RunningNode, runNode } from '../../gpu-backend/src/node/run-node.ts';
import { realClock } from '../../gpu-backend/src/node/wait.ts';
import { FakeEdge } from '../support/fake-edge.ts';
import { scriptedPolicy } from '../support/scripted-policy.ts';
import { type TestEngineOptions, testEngine } from '../support/test-engine.ts';

let dir: string;
let identity: NodeIdentity;
let edge: FakeEdge;
let url: URL;
let node: RunningNode | undefined;
let lines: string[];
let results: JobResult[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinora-render-node-'));
  identity = await loadOrCreateIdentity(join(dir, 'node.pem'));
  edge = new FakeEdge({ 'node-1': identity.publicKeyBase64 });
  url = await edge.start();
  lines = [];
  results = [];
});
afterEach(async () => {
  await node?.kill();
  node = undefined;
  await edge.stop();
  await rm(dir, { recursive: true, force: true });
});

const small = { width: 90, height: 160 };
const scratch = (): string => join(dir, 'scratch');
const forever = (): Promise<void> => new Promise(() => {});

async function start(
  engine: TestEngineOptions = {},
  deps: Partial<NodeDeps> = {},
  slots = 1,
): Promise<RunningNode> {
  const config = readConfig({
    KINORA_URL: url.href,
    KINORA_NODE_ID: 'node-1',
    KINORA_NODE_KEY_FILE: join(dir, 'node.pem'),
    KINORA_NODE_SLOTS: String(slots),
    KINORA_NODE_SCRATCH: scratch(),
  });
  node = await runNode(config, {
    policy: scriptedPolicy,
    engines: [testEngine({ size: small, ...engine })],
    privateKey: identity.privateKey,
    // Waits are a tenth of the real ones, so that retries happen while the test looks.
    clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms / 10, signal) },
    log: createLog((line) => lines.push(line), false),
    onResult: (_job, result) => results.push(result),
    ...deps,
  });
  return node;
}

const done = (count = 1): Promise<void> => edge.until(() => results.length >= count, `${count} jobs ended`);
const failure = (): Failure => edge.of('fail')[0]?.json as Failure;

describe('a job', () => {
  it('is rendered, uploaded with its digests and completed, and its scratch is gone', async () => {
    const jobId = edge.enqueue();
    await start();
    await done();
    expect(results).toEqual(['completed']);
    expect(edge.problems).toEqual([]);
    const uploads = edge.of('output');
    expect(uploads.map((u) => u.file).sort()).toEqual([
      'captions.vtt',
      'fingerprints.json',
      'poster.jpg',
      'video.mp4',
    ]);
    const [complete] = edge.of('complete');
    const { output, fence } = completionSchema.parse(complete?.json) satisfies Completion;
    expect([complete?.jobId, fence]).toEqual([jobId, 1]);
    for (const upload of uploads) {
      const stored = output.files[upload.file as 'video.mp4'];
      expect(stored).toEqual({
        sha256: createHash('sha256').update(upload.body).digest('hex'),
        size: upload.body.length,
      });
    }
    expect(uploads.find((u) => u.file === 'video.mp4')?.body.toString('latin1', 4, 8)).toBe('ftyp');
    expect(output).toMatchObject({
      ...small,
      durationMs: 1000,
      engine: { name: 'test', version: '1', model: 'gradient' },
    });
    expect(await readdir(scratch())).toEqual([]);
    expect(lines.join('')).not.toContain('elephant');
  });

  it('tells the edge how far it is, never backwards, while it is drawn', async () => {
    edge.heartbeatEveryMs = 200;
    edge.enqueue();
    await start({ beforeFrame: () => new Promise((resolve) => setTimeout(resolve, 15)) });
    await done();
    const beats = edge
      .of('heartbeat')
      .map((b) => b.json as { stage: string; progress: number; fence: number });
    expect(beats.length).toBeGreaterThan(3);
    expect(beats.every((b, i) => i === 0 || b.progress >= (beats[i - 1]?.progress ?? 0))).toBe(true);
    expect(beats.some((b) => b.stage === 'drawing' && b.progress > 0.2)).toBe(true);
    expect(beats.every((b) => b.fence === 1)).toBe(true);
  });

  it('runs beside another when there are two slots, one after another with one', async () => {
    for (const slots of [1, 2]) {
      let [running, most] = [0, 0];
      results = [];
      edge.enqueue();
      edge.enqueue();
      await start(
        {
          onRender: async () => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 150));
            running--;
          },
        },
        {},
        slots,
      );
      await done(2);
      expect(most).toBe(slots);
      await node?.stop();
    }
  });
});

describe('the edge says stop', () => {
  it.each([
    ['cancel', 'cancel'],
    ['stale_lease', 'stale_lease'],
    ['already_final', 'already_final'],
  ] as const)(
    '%s while drawing: the engine stops, nothing is uploaded, nothing reported',
    async (_name, answer) => {
      let frames = 0;
      edge.enqueue();
      edge.fault = ({ operation }) => (operation === 'heartbeat' ? answer : undefined);
      await start({
        beforeFrame: async (index) => {
          frames = index;
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      });
      await done();
      expect(results).toEqual(['dropped']);
      const stoppedAt = frames;
      expect(stoppedAt).toBeLessThan(29);
      await new Promise((resolve) => setTimeout(resolve, 80));
      expect(frames).toBeLessThanOrEqual(stoppedAt + 1);
      for (const operation of ['output', 'complete', 'fail'] as const) expect(edge.of(operation)).toEqual([]);
      expect(await readdir(scratch())).toEqual([]);
    },
  );

  it.each(['output', 'complete'] as const)(
    'stale at %s: the work is dropped and the node goes on',
    async (at) => {
      edge.enqueue();
      edge.enqueue();
      edge.fault = ({ operation, jobId }) =>
        operation === at && jobId === edge.of('heartbeat')[0]?.jobId && results.length === 0
          ? 'stale_lease'
          : results.length === 0 && operation === at
            ? 'stale_lease'
            : undefined;
      await start();
      await done(2);
      expect(results).toEqual(['dropped', 'completed']);
      expect(edge.of('fail')).toEqual([]);
    },
  );

  it('frees the slot even when the engine ignores the signal', async () => {
    edge.enqueue();
    edge.fault = ({ operation }) =>
      operation === 'heartbeat' && results.length === 0 ? 'cancel' : undefined;
    let first = true;
    await start({
      onRender: () => {
        const hang = first;
        first = false;
        return hang ? forever() : undefined;
      },
    });
    await done(1);
    edge.enqueue();
    await done(2);
    expect(results).toEqual(['dropped', 'completed']);
  });
});

describe('a bad network', () => {
  it('loses no job: every request is dropped or refused twice, then let through', async () => {
    const tries = new Map<string, number>();
    edge.enqueue();
    edge.fault = ({ operation, file }) => {
      const key = `${operation} ${file ?? ''}`;
      const n = (tries.get(key) ?? 0) + 1;
      tries.set(key, n);
      return n === 1 ? 'drop' : n === 2 ? 'internal' : undefined;
    };
    await start();
    await done();
    expect(results).toEqual(['completed']);
    expect(edge.problems).toEqual([]);
    for (const file of ['video.mp4', 'poster.jpg', 'captions.vtt']) {
      const uploads = edge.of('output').filter((u) => u.file === file);
      expect(uploads.map((u) => u.answered)).toEqual(['dropped', 500, 200]);
      expect(uploads[2]?.body).toEqual(uploads[0]?.body);
    }
    expect(edge.of('complete').filter((c) => c.answered === 200).length).toBe(1);
    expect(edge.of('lease').length).toBeGreaterThanOrEqual(3);
  });

  it('sends a broken upload again', async () => {
    let broken = true;
    edge.enqueue();
    edge.fault = ({ operation }) => {
      const now = operation === 'output' && broken;
      if (now) broken = false;
      return now ? 'checksum_mismatch' : undefined;
    };
    await start();
    await done();
    expect(results).toEqual(['completed']);
  });

  it('gives up a job whose lease ran out unheard', async () => {
    edge.leaseMs = 1000;
    edge.enqueue();
    edge.fault = ({ operation }) => (operation === 'heartbeat' ? 'drop' : undefined);
    await start({ onRender: forever }, { clock: realClock });
    await done();
    expect(results).toEqual(['dropped']);
    expect(edge.of('fail')).toEqual([]);
  });

  it('keeps the lease through a short outage', async () => {
    edge.leaseMs = 3000;
    edge.enqueue();
    edge.fault = ({ operation }) =>
      operation === 'heartbeat' && edge.of('heartbeat').length < 4 ? 'drop' : undefined;
    await start({ beforeFrame: () => new Promise((resolve) => setTimeout(resolve, 20)) });
    await done();
    expect(results).toEqual(['completed']);
  });

  it('starts before the edge does', async () => {
    await edge.stop();
    await start();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(lines.some((line) => line.includes('no lease'))).toBe(true);
    edge = new FakeEdge({ 'node-1': identity.publicKeyBase64 });
    await edge.start(Number(url.port));
    edge.enqueue();
    await done();
    expect(results).toEqual(['completed']);
  });
});

describe('an engine that fails', () => {
  const cases: readonly [string, () => unknown, Partial<Failure>][] = [
    [
      'for an unknown reason',
      () => new Error('purple elephant exploded'),
      { code: 'engine_failed', retryable: true },
    ],
    [
      'because it refuses',
      () => new EngineError('engine_refused', 'No hands.'),
      { code: 'engine_refused', retryable: false, message: 'No hands.' },
    ],
    [
      'for want of space',
      () => Object.assign(new Error('no space'), { code: 'ENOSPC' }),
      { code: 'out_of_resources', retryable: true },
    ],
    [
      'with a very long message',
      () => new EngineError('output_invalid', 'x'.repeat(900)),
      { code: 'output_invalid', message: 'x'.repeat(300) },
    ],
  ];
  it.each(cases)('%s', async (_name, error, expected) => {
    edge.enqueue();
    let broken = true;
    await start({
      beforeFrame: (index) => {
        if (index < 9 || !broken) return;
        broken = false;
        throw error();
      },
    });
    await done();
    expect(results).toEqual(['failed']);
    expect(failure()).toMatchObject({ fence: 1, ...expected });
    expect(JSON.stringify(failure())).not.toContain('elephant');
    expect(lines.join('')).not.toContain('elephant');
    expect(edge.of('complete')).toEqual([]);
    expect(await readdir(scratch())).toEqual([]);
    edge.enqueue();
    await done(2);
    expect(results[1]).toBe('completed');
  });

  it('is not asked for what it does not have', async () => {
    edge.enqueue({ engine: 'other' });
    await start();
    await done();
    expect(failure()).toMatchObject({ code: 'engine_refused', retryable: true });
  });

  it('tells the failure until it is heard', async () => {
    edge.enqueue();
    edge.fault = ({ operation }) => (operation === 'fail' && edge.of('fail').length < 3 ? 'drop' : undefined);
    await start({ onRender: () => Promise.reject(new Error('x')) });
    await done();
    expect(edge.of('fail').map((f) => f.answered)).toEqual(['dropped', 'dropped', 200]);
  });
});

describe('stopping', () => {
  it('hands the running job back and cleans up', async () => {
    edge.enqueue();
    let running = false;
    const it = await start({
      onRender: () => {
        running = true;
        return forever();
      },
    });
    await edge.until(() => running, 'rendering');
    await it.stop();
    expect(failure()).toMatchObject({ code: 'node_shutdown', retryable: true });
    expect(existsSync(scratch())).toBe(false);
    const leases = edge.of('lease').length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(edge.of('lease').length).toBe(leases);
  });

  it.each(['leased', 'rendering', 'rendered', 'uploading', 'uploaded'] satisfies JobPoint[])(
    'killed when %s: silence, then the next node finishes the job',
    async (point) => {
      edge.enqueue();
      let reached = false;
      const first = await start(
        {},
        {
          hook: (at) => {
            if (at !== point) return undefined;
            reached = true;
            return forever();
          },
        },
      );
      await edge.until(() => reached, point);
      const before = edge.seen.length;
      await first.kill();
      const said = edge.seen
        .slice(before)
        .filter((r) => r.operation !== 'heartbeat' && r.operation !== 'lease');
      expect(said).toEqual([]);
      expect(edge.of('complete')).toEqual([]);
      results = [];
      edge.enqueue();
      await start();
      await done();
      expect(results).toEqual(['completed']);
    },
  );

  it('empties what an earlier run left in scratch', async () => {
    await start();
    await writeFile(join(scratch(), 'left-behind.mp4'), 'x');
    await node?.kill();
    await writeFile(join(dir, 'marker'), '');
    await start();
    expect(existsSync(join(scratch(), 'left-behind.mp4'))).toBe(false);
  });

  it('as a process: names what is missing, runs, and ends on a signal', async () => {
    const main = join(import.meta.dirname, '../../gpu-backend/src/main.ts');
    const run = (env: Record<string, string>) => {
      const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH ?? '', ...env } });
      let text = '';
      child.stdout.on('data', (d) => {
        text += d;
      });
      child.stderr.on('data', (d) => {
        text += d;
      });
      const ended = new Promise<number | null>((resolve) => {
        child.on('close', resolve);
      });
      return { child, ended, text: () => text };
    };
    const wrong = run({ KINORA_URL: 'ftp://x' });
    expect(await wrong.ended).toBe(2);
    for (const name of ['KINORA_URL', 'KINORA_NODE_ID', 'KINORA_NODE_KEY_FILE'])
      expect(wrong.text()).toContain(name);
    const right = {
      KINORA_URL: url.href,
      KINORA_NODE_ID: 'node-1',
      KINORA_NODE_KEY_FILE: join(dir, 'node.pem'),
      KINORA_NODE_SCRATCH: scratch(),
    };
    const none = run({ ...right, KINORA_NODE_ENGINES: 'nonesuch' });
    expect(await none.ended).toBe(1);
    expect(none.text()).toContain('nonesuch');
    edge.enqueue({ engine: 'sketch', seconds: 20 });
    const real = run(right);
    await edge.until(() => edge.of('heartbeat').length > 1, 'the sketch engine at work', 30_000);
    real.child.kill('SIGTERM');
    expect(await real.ended).toBe(0);
    expect(failure()).toMatchObject({ code: 'node_shutdown', retryable: true });
    expect(existsSync(scratch())).toBe(false);
    expect(real.text()).not.toContain('elephant');
    expect(JSON.parse(real.text().split('\n')[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'node started',
      engines: 'sketch',
    });
  });
});

describe('who it is', () => {
  it('an unregistered key is refused and the operator told what to do', async () => {
    edge.enqueue();
    const other = await loadOrCreateIdentity(join(dir, 'other.pem'));
    await start({}, { privateKey: other.privateKey });
    await edge.until(() => lines.some((line) => line.includes('RENDER_NODES')), 'advice');
    expect(results).toEqual([]);
  });
});
