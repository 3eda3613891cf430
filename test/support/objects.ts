/** What tests of the objects need again and again: ids, an admission, a render spec, a node that can do everything. workerd only. */
import { env } from 'cloudflare:workers';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { RenderQueueObject } from '#durable-objects/render-queue/render-queue-object.ts';
import type { LeasedWork } from '#durable-objects/render-queue/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { RenderSpec } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { LeaseRequest, OutputFile, RenderOutput } from '#schemas/render.ts';
import { engine } from './engine.ts';

export function newId<P extends 'acc' | 'gen' | 'clip' | 'cam' | 'grant'>(prefix: P): Id<P> {
  return createId(prefix, Date.now());
}

export function admission(change: Partial<AdmittedGeneration> = {}): AdmittedGeneration {
  return {
    generationId: newId('gen'),
    clipId: newId('clip'),
    accountId: newId('acc'),
    handle: 'ada',
    tier: 'free',
    request: {
      prompt: 'a ball',
      seconds: 10,
      size: '720x1280',
      cameos: [],
      dialogue: [],
      soundCues: [],
      engine: 'sketch',
    },
    seed: 7,
    credits: 10,
    parent: null,
    cast: [],
    inheritedCoOwnerIds: [],
    recastOf: null,
    createdAt: new Date().toISOString(),
    origin: 'http://localhost',
    ...change,
  };
}

export function renderSpec(change: Partial<RenderSpec> = {}): RenderSpec {
  return {
    engine: 'sketch',
    prompt: 'a ball',
    seed: 7,
    seconds: 10,
    size: '720x1280',
    dialogue: [],
    soundCues: [],
    cast: [],
    standIns: 0,
    creatorHandle: 'ada',
    ...change,
  };
}

export function leaseRequest(change: Partial<LeaseRequest> = {}): LeaseRequest {
  return { engines: [engine], waitMs: 0, software: 'test', ...change };
}

type Queue = DurableObjectStub<RenderQueueObject>;

/** Enqueues a job and answers its id. */
export async function enqueue(
  queue: Queue,
  tier: Tier = 'free',
  accountId = newId('acc'),
  spec = renderSpec(),
): Promise<Id<'gen'>> {
  const jobId = newId('gen');
  const queued = await queue.enqueue({ jobId, accountId, tier, spec });
  if (!queued.ok) throw new Error(`not queued: ${queued.error.code}`);
  return jobId;
}

export async function lease(queue: Queue, nodeId = 'node-1', request = leaseRequest()): Promise<LeasedWork> {
  const job = await queue.lease(nodeId, request);
  if (job === null) throw new Error('nothing to lease');
  return job;
}

const files: Record<Exclude<OutputFile, 'captions.vtt'>, string> = {
  'video.mp4': 'not really a film',
  'poster.jpg': 'not really a poster',
  'fingerprints.json': 'not really fingerprints',
};

/** Stores the files of a lease in quarantine as the edge does, and answers what the node then declares. */
export async function upload(queue: Queue, nodeId: string, job: LeasedWork): Promise<RenderOutput> {
  const stored: Record<string, { sha256: string; size: number }> = {};
  for (const [file, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const allowed = await queue.authorizeUpload(nodeId, job.jobId, job.fence, file as OutputFile);
    if (!allowed.ok) throw new Error(`upload refused: ${allowed.error.code}`);
    await env.MEDIA.put(allowed.value.objectKey, bytes, { sha256 });
    stored[file] = { sha256, size: bytes.length };
  }
  const { 'video.mp4': video, 'poster.jpg': poster, 'fingerprints.json': fingerprints } = stored;
  if (video === undefined || poster === undefined || fingerprints === undefined)
    throw new Error('nothing stored');
  return {
    files: { 'video.mp4': video, 'poster.jpg': poster, 'fingerprints.json': fingerprints },
    watermarkId: '0123456789',
    policy: { version: 'test', models: [{ name: 'test', version: '1' }], findings: [] },
    width: 720,
    height: 1280,
    durationMs: 10_000,
    engine: { name: 'sketch', version: '1.0.0', model: 'sketch-1' },
    summary: 'A ball.',
    loudness: -16,
    color: '#102030',
  };
}

/** Polls until `check` answers something other than null; the reason for waiting is in the message of the failure. */
export async function eventually<T>(what: string, check: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = await check();
    if (value !== null) return value;
    await scheduler.wait(25);
  }
  throw new Error(`never happened: ${what}`);
}
