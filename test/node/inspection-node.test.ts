/** A node that inspects, against an edge over real HTTP: it delivers, obeys, survives what it is sent, and leaves nothing behind. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  enrolmentReportSchema,
  type InspectionFailure,
  inspectionCompletionSchema,
} from '#schemas/inspection.ts';
import { loadOrCreateIdentity, type NodeIdentity } from '../../gpu-backend/src/identity.ts';
import type { InspectionOutcome } from '../../gpu-backend/src/inspection/inspect.ts';
import { createInspector, type Inspector } from '../../gpu-backend/src/inspection/inspector.ts';
import { readConfig } from '../../gpu-backend/src/node/config.ts';
import type { InspectionPoint, InspectionResult } from '../../gpu-backend/src/node/inspect-loop.ts';
import { createLog } from '../../gpu-backend/src/node/log.ts';
import { type NodeDeps, type RunningNode, runNode } from '../../gpu-backend/src/node/run-node.ts';
import { realClock } from '../../gpu-backend/src/node/wait.ts';
import { makeTakes } from '../support/enrolment-takes/make.ts';
import { FakeEdge } from '../support/fake-edge.ts';
import { scriptedPolicy } from '../support/scripted-policy.ts';
import { testEngine } from '../support/test-engine.ts';

let dir: string;
let identity: NodeIdentity;
let edge: FakeEdge;
let url: URL;
let node: RunningNode | undefined;
let lines: string[];
let results: InspectionResult[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinora-inspection-node-'));
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

const completionSchema = inspectionCompletionSchema.extend({ report: enrolmentReportSchema });
const scratch = (): string => join(dir, 'scratch');
const forever = (): Promise<never> => new Promise(() => {});

async function start(
  inspections: NonNullable<NodeDeps['inspections']> = {},
  switched = 'on',
): Promise<RunningNode> {
  const config = readConfig({
    KINORA_URL: url.href,
    KINORA_NODE_ID: 'node-1',
    KINORA_NODE_KEY_FILE: join(dir, 'node.pem'),
    KINORA_NODE_SCRATCH: scratch(),
    KINORA_NODE_INSPECTIONS: switched,
  });
  node = await runNode(config, {
    policy: scriptedPolicy,
    engines: [testEngine({ size: { width: 90, height: 160 } })],
    privateKey: identity.privateKey,
    clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms / 10, signal) },
    log: createLog((line) => lines.push(line), false),
    inspections: { onResult: (_inspection, result) => results.push(result), ...inspections },
  });
  return node;
}

const done = (count = 1, timeoutMs = 6000): Promise<void> =>
  edge.until(() => results.length >= count, `${count} inspections ended`, timeoutMs);
const failure = (): InspectionFailure => edge.of('inspections/fail')[0]?.json as InspectionFailure;

const recording = Buffer.from('not a film, but bytes nobody else may see');
/** An inspector that reports what a test wants, having read the file it was given. */
function scripted(
  parts: { look?: (path: string) => Promise<void> | void; portrait?: boolean } = {},
): Inspector {
  return {
    close: () => {},
    inspectMedia: () => Promise.reject(new Error('no upload is looked at here')),
    async inspect({ path, folder }) {
      await parts.look?.(path);
      const portraitFile = join(folder, 'portrait.jpg');
      if (parts.portrait) await writeFile(portraitFile, Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
      return {
        checks: [{ name: 'recording', outcome: 'passed', message: 'Good.' }],
        speech: 'unverified',
        embedding: null,
        voice: null,
        portraitFile: parts.portrait ? portraitFile : null,
      } satisfies InspectionOutcome;
    },
  };
}

describe('an inspection', () => {
  it('fetches, looks, stores the portrait, reports, and leaves nothing on disk or in the log', async () => {
    const id = edge.enqueueInspection(recording);
    let seen: Buffer | undefined;
    await start({
      inspector: scripted({
        portrait: true,
        look: (path) => {
          seen = readFileSync(path);
        },
      }),
    });
    await done();
    expect(results).toEqual(['completed']);
    expect(edge.problems).toEqual([]);
    expect(seen).toEqual(recording);
    const [upload] = edge.of('inspections/portrait');
    const { fence, report } = completionSchema.parse(edge.of('inspections/complete')[0]?.json);
    expect([upload?.jobId, fence]).toEqual([id, 1]);
    expect(report.portrait).toEqual({
      sha256: createHash('sha256')
        .update(upload?.body ?? '')
        .digest('hex'),
      size: 4,
    });
    expect(await readdir(scratch())).toEqual([]);
    expect(lines.join('')).not.toMatch(/382917|Good\.|nobody else/);
  });

  it('survives a bad network: every request is dropped or refused twice, then let through', async () => {
    const tries = new Map<string, number>();
    edge.enqueueInspection(recording);
    edge.fault = ({ operation }) => {
      if (!operation.startsWith('inspections/')) return undefined;
      const n = (tries.get(operation) ?? 0) + 1;
      tries.set(operation, n);
      return n === 1 ? 'drop' : n === 2 ? 'internal' : undefined;
    };
    await start({ inspector: scripted({ portrait: true }) });
    await done();
    expect(results).toEqual(['completed']);
    expect(edge.of('inspections/media').map(({ answered }) => answered)).toEqual(['dropped', 500, 200]);
  });

  it.each(['inspections/media', 'inspections/portrait', 'inspections/complete'] as const)(
    'is dropped without a word when the lease has gone at %s',
    async (at) => {
      edge.enqueueInspection(recording);
      edge.fault = ({ operation }) => (operation === at ? 'stale_lease' : undefined);
      await start({ inspector: scripted({ portrait: true }) });
      await done();
      expect(results).toEqual(['dropped']);
      expect(edge.of('inspections/fail')).toEqual([]);
      expect(await readdir(scratch())).toEqual([]);
    },
  );

  it('is given back when the node stops, and its recording is gone', async () => {
    edge.enqueueInspection(recording);
    let path = '';
    const running = await start({
      inspector: scripted({
        look: (at) => {
          path = at;
          return forever();
        },
      }),
    });
    await edge.until(() => path !== '', 'looking');
    await running.stop();
    expect(failure()).toMatchObject({ code: 'node_shutdown', retryable: true });
    expect(existsSync(path)).toBe(false);
  });

  it.each(['leased', 'fetched', 'inspected', 'stored'] satisfies InspectionPoint[])(
    'killed when %s: silence, and nothing is left',
    async (point) => {
      edge.enqueueInspection(recording);
      let reached = false;
      const running = await start({
        inspector: scripted({ portrait: true }),
        hook: (at) => {
          if (at !== point) return undefined;
          reached = true;
          return forever();
        },
      });
      await edge.until(() => reached, point);
      await running.kill();
      expect(edge.of('inspections/complete')).toEqual([]);
      expect(edge.of('inspections/fail')).toEqual([]);
      expect(existsSync(scratch())).toBe(false);
    },
  );

  it('is not asked for by a node that does not inspect', async () => {
    edge.enqueueInspection(recording);
    await start({ inspector: scripted() }, 'off');
    await edge.until(() => edge.of('lease').length > 1, 'leasing');
    expect(edge.of('inspections/lease')).toEqual([]);
  });
});

describe('the inspection process', () => {
  const program = async (body: string): Promise<URL> => {
    const path = join(dir, 'program.mjs');
    await writeFile(path, body);
    return pathToFileURL(path);
  };

  it('may die over a file: the edge is told that the file cannot be read, and the next one is looked at', async () => {
    const entry = await program(`import { existsSync, writeFileSync } from 'node:fs';
      process.on('message', () => {
        const marker = ${JSON.stringify(join(dir, 'died'))};
        if (existsSync(marker)) return process.send({ kind: 'outcome', outcome: { kind: 'enrolment', outcome: { checks: [{ name: 'recording', outcome: 'failed', message: 'x' }], speech: 'failed', embedding: null, voice: null, portraitFile: null } } });
        writeFileSync(marker, '');
        process.kill(process.pid, 'SIGSEGV');
      });`);
    edge.enqueueInspection(recording);
    edge.enqueueInspection(recording);
    await start({ inspector: createInspector(entry) });
    await done(2);
    expect(results).toEqual(['failed', 'completed']);
    expect(failure()).toMatchObject({ code: 'unreadable_media', retryable: false });
  });

  it('is ended when it takes longer than the lease, and the recording is tried elsewhere', async () => {
    const entry = await program(`import { writeFileSync } from 'node:fs';
      process.on('message', () => { writeFileSync(${JSON.stringify(join(dir, 'pid'))}, String(process.pid)); for (;;); });`);
    edge.leaseMs = 4500;
    edge.enqueueInspection(recording);
    await start({ inspector: createInspector(entry) });
    await done(1, 15_000);
    expect(failure()).toMatchObject({ code: 'inspection_failed', retryable: true });
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    await edge.until(() => !alive(pid), 'the process is gone');
  });

  it('gets no key and no address from the node', async () => {
    process.env.KINORA_NODE_KEY_FILE = '/secret';
    try {
      const entry = await program(
        "process.on('message', () => process.send({ kind: 'failed', error: Object.keys(process.env).sort().join() }));",
      );
      const inspector = createInspector(entry);
      const request = {
        path: '',
        folder: '',
        challenge: { digits: '000000', turns: [] },
        wantPortrait: false,
      };
      const asked = inspector.inspect(request, { signal: new AbortController().signal, withinMs: 10_000 });
      await expect(asked).rejects.toThrow(/HOME/);
      await expect(asked).rejects.not.toThrow(/KINORA/);
      inspector.close();
    } finally {
      delete process.env.KINORA_NODE_KEY_FILE;
    }
  });

  it('is not started by a node that has nothing to inspect', async () => {
    const entry = await program(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(dir, 'started'))}, '');`,
    );
    await start({ inspector: createInspector(entry) });
    await edge.until(() => edge.of('inspections/lease').length > 2, 'leasing');
    expect(existsSync(join(dir, 'started'))).toBe(false);
  });

  it('looks at a real recording with the real models, and answers garbage with a reason', async () => {
    const takes = await makeTakes();
    const take = readFileSync(takes.good);
    edge.leaseMs = 400_000;
    edge.enqueueInspection(take, { wantPortrait: false });
    edge.enqueueInspection(recording);
    edge.enqueueInspection(take.subarray(0, 4000));
    await start();
    await done(3, 400_000);
    expect(results).toEqual(['completed', 'completed', 'completed']);
    const [good, garbage, cut] = edge
      .of('inspections/complete')
      .map(({ json }) => completionSchema.parse(json).report);
    expect(good?.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(good?.embedding).toHaveLength(1024);
    // Nothing was asked to be kept for rendering.
    expect([good?.portrait, good?.voice, edge.of('inspections/portrait')]).toEqual([null, null, []]);
    for (const report of [garbage, cut]) {
      expect(report?.checks[0]).toMatchObject({ name: 'recording', outcome: 'failed' });
      expect([report?.embedding, report?.portrait]).toEqual([null, null]);
    }
    expect(await readdir(scratch())).toEqual([]);
    expect(edge.problems).toEqual([]);
  }, 900_000);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
