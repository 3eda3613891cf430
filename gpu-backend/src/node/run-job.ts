/**
 * One leased job from engine to `complete`. Whatever happens, the job ends in exactly one of: completed, failed (told to the
 * edge) or dropped (the edge has already moved on), and its scratch folder is gone. Called by run-node.ts.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Completion,
  type Failure,
  type LeasedJob,
  type OutputFile,
  outputFileSchema,
  outputFiles,
  type RenderOutput,
  type SeenFace,
  type StoredFile,
} from '#schemas/render.ts';
import type { Engine } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import { type FinishedMedia, finish } from '../finishing/finish.ts';
import type { PolicyWatcher } from '../policy/watcher.ts';
import type { Answer, EdgeClient } from './edge-client.ts';
import { HeartbeatLoop, JobEnd, type JobEndReason } from './heartbeat.ts';
import { JobProgress } from './job-progress.ts';
import { describeError, type Log } from './log.ts';
import { fetchPortraits } from './portraits.ts';
import { backoff, type Clock } from './wait.ts';

/** Where fault tests may strike; awaited, so a hook can hold the job there. */
export type JobPoint = 'leased' | 'rendering' | 'rendered' | 'uploading' | 'uploaded' | 'completed';

export interface JobParts {
  readonly client: EdgeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly engines: readonly Engine[];
  /** Looks at what is made, for the output policy. */
  readonly policy: PolicyWatcher;
  readonly scratch: string;
  readonly job: LeasedJob;
  /** Milliseconds the lease is still good for. */
  readonly leaseMs: number;
  /** Aborts with a JobEnd when the node stops. */
  readonly signal: AbortSignal;
  readonly hook: (point: JobPoint, job: LeasedJob) => Promise<void> | void;
}

export type JobResult = 'completed' | 'failed' | 'dropped';

const uploadAttempts = 6;
/** An edge that gives no answer to `complete` for this long is gone; the job is then leased again by its own clock. */
const completeForMs = 600_000;

/** Runs one job; never rejects. */
export async function runJob(parts: JobParts): Promise<JobResult> {
  const { client, clock, log, job } = parts;
  const fields = { job: job.jobId, fence: job.fence, attempt: job.attempt, engine: job.spec.engine };
  const startedAt = clock.now();
  const abort = new AbortController();
  const end = (reason: JobEndReason): void => abort.abort(new JobEnd(reason));
  const onStop = (): void => abort.abort(parts.signal.reason);
  if (parts.signal.aborted) onStop();
  else parts.signal.addEventListener('abort', onStop, { once: true });
  const progress = new JobProgress();
  const heartbeat = new HeartbeatLoop({ client, clock, job, leaseMs: parts.leaseMs, progress, end });
  const beating = heartbeat.run();
  const workDir = join(parts.scratch, `${job.jobId}-${job.fence}`);
  log('info', 'job leased', fields);
  try {
    const { output, faces } = await render({ ...parts, signal: abort.signal }, workDir, progress, heartbeat);
    heartbeat.patient = true;
    await completeJob(parts, { fence: job.fence, output, faces: [...faces] }, abort.signal);
    heartbeat.stop();
    await parts.hook('completed', job);
    log('info', 'job completed', {
      ...fields,
      seconds: Math.round((clock.now() - startedAt) / 100) / 10,
      loudness: output.loudness,
    });
    return 'completed';
  } catch (error) {
    heartbeat.stop();
    return await settle(parts, error, fields);
  } finally {
    heartbeat.stop();
    parts.signal.removeEventListener('abort', onStop);
    await beating;
    await rm(workDir, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function render(
  parts: JobParts,
  workDir: string,
  progress: JobProgress,
  heartbeat: HeartbeatLoop,
): Promise<{ output: RenderOutput; faces: readonly SeenFace[] }> {
  const { job, signal, hook } = parts;
  const report = (stage: Parameters<JobProgress['report']>[0], value: number): void => {
    if (progress.report(stage, value)) heartbeat.nudge();
  };
  await untilAborted(hook('leased', job), signal);
  const engine = parts.engines.find((candidate) => candidate.capability.name === job.spec.engine);
  if (!engine)
    throw new EngineError('engine_refused', `This node does not have the engine "${job.spec.engine}".`, {
      retryable: true,
    });
  parts.policy.warm(signal);
  const [engineDir, outDir] = [join(workDir, 'engine'), join(workDir, 'out')];
  await mkdir(engineDir, { recursive: true });
  await mkdir(outDir, { recursive: true });
  await untilAborted(hook('rendering', job), signal);
  const portraits = await fetchPortraits(parts, engineDir);
  const output = await untilAborted(
    engine.render(job.spec, { signal, workDir: engineDir, portraits, report }),
    signal,
  );
  const { biometricsAllowed } = engine.capability;
  const watch = parts.policy.open({ faces: biometricsAllowed, signal });
  const media = await finish(output, {
    handle: job.spec.creatorHandle,
    outDir,
    signal,
    watermark: { id: job.watermark.id, key: Buffer.from(job.watermark.key, 'base64') },
    watch,
    report,
  });
  await untilAborted(hook('rendered', job), signal);
  report('uploading', 0);
  const files = await uploadAll(parts, media, report);
  await untilAborted(hook('uploaded', job), signal);
  const { policy, faces } = await untilAborted(watch.finish(), signal);
  const { name, version } = engine.capability;
  const made: RenderOutput = {
    files,
    width: media.width,
    height: media.height,
    durationMs: media.durationMs,
    loudness: media.loudness,
    color: media.color,
    engine: { name, version, model: output.report.model.slice(0, 64) },
    summary: output.report.summary.slice(0, 500),
    watermarkId: job.watermark.id,
    policy,
  };
  return { output: made, faces };
}

async function uploadAll(
  parts: JobParts,
  media: FinishedMedia,
  report: (stage: 'uploading', value: number) => void,
): Promise<RenderOutput['files']> {
  const stored: Partial<Record<OutputFile, StoredFile>> = {};
  const names = outputFileSchema.options.filter((name) => media.files[name] !== undefined);
  for (const [index, name] of names.entries()) {
    const path = media.files[name];
    if (path === undefined) continue;
    const file = await hashFile(path);
    if (file.size > outputFiles[name].maxBytes)
      throw new EngineError('output_invalid', `${name} is larger than the edge accepts.`);
    await untilAborted(parts.hook('uploading', parts.job), parts.signal);
    await uploadFile(parts, name, path, file);
    stored[name] = file;
    report('uploading', (index + 1) / names.length);
  }
  const { 'video.mp4': video, 'poster.jpg': poster, 'fingerprints.json': fingerprints } = stored;
  if (!video || !poster || !fingerprints)
    throw new EngineError('output_invalid', 'Finishing left no video, no poster or no fingerprints.');
  return { ...stored, 'video.mp4': video, 'poster.jpg': poster, 'fingerprints.json': fingerprints };
}

async function uploadFile(parts: JobParts, name: OutputFile, path: string, file: StoredFile): Promise<void> {
  const { client, clock, job, log, signal } = parts;
  for (let attempt = 1; ; attempt++) {
    const answer = await client.upload(job.jobId, name, job.fence, path, file, signal);
    signal.throwIfAborted();
    if (answer.kind === 'ok') return;
    if (answer.kind === 'stale') throw new JobEnd('stale');
    if (answer.kind === 'rejected')
      throw new EngineError('output_invalid', `The edge refused ${name}: ${answer.code}.`, {
        retryable: false,
      });
    log('warn', 'upload failed, trying again', {
      job: job.jobId,
      file: name,
      attempt,
      reason: answer.reason,
    });
    if (attempt === uploadAttempts)
      throw new EngineError('out_of_resources', `${name} could not be uploaded.`);
    await clock.sleep(backoff(attempt, clock.random()), signal);
    signal.throwIfAborted();
  }
}

async function completeJob(parts: JobParts, completion: Completion, signal: AbortSignal): Promise<void> {
  const { client, clock, job, log } = parts;
  const until = clock.now() + completeForMs;
  for (let attempt = 1; ; attempt++) {
    const answer = await client.complete(job.jobId, completion, signal);
    if (answer.kind === 'ok') return;
    signal.throwIfAborted();
    if (answer.kind === 'stale') throw new JobEnd('stale');
    if (answer.kind === 'rejected')
      throw new EngineError('output_invalid', `The edge refused the result: ${answer.code}.`, {
        retryable: false,
      });
    log('warn', 'complete not answered, trying again', { job: job.jobId, attempt, reason: answer.reason });
    if (clock.now() > until) throw new JobEnd('lease-lost');
    await clock.sleep(backoff(attempt, clock.random(), 300, 8000), signal);
    signal.throwIfAborted();
  }
}

/** Tells the edge what went wrong, unless the edge already knows better. */
async function settle(
  parts: JobParts,
  error: unknown,
  fields: Readonly<Record<string, string | number>>,
): Promise<JobResult> {
  const { client, clock, job, log } = parts;
  if (error instanceof JobEnd && error.reason !== 'shutdown') {
    log('info', 'job dropped', { ...fields, reason: error.reason });
    return 'dropped';
  }
  const shutdown = error instanceof JobEnd;
  const failure = toFailure(error, job.fence);
  log(shutdown ? 'info' : 'error', 'job failed', {
    ...fields,
    code: failure.code,
    retryable: failure.retryable,
    ...(shutdown ? {} : describeError(error)),
  });
  for (let attempt = 1; attempt <= (shutdown ? 1 : 5); attempt++) {
    const answer: Answer<unknown> = await client.fail(job.jobId, failure, shutdown ? 1500 : 8000);
    if (answer.kind !== 'transient') break;
    if (parts.signal.aborted) break;
    await clock.sleep(backoff(attempt, clock.random()), parts.signal);
  }
  return 'failed';
}

function toFailure(error: unknown, fence: number): Failure {
  if (error instanceof JobEnd)
    return { fence, code: 'node_shutdown', message: 'The render node was shut down.', retryable: true };
  if (error instanceof EngineError)
    return { fence, code: error.code, message: error.message.slice(0, 300), retryable: error.retryable };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'ENOMEM' || code === 'EMFILE') {
    return {
      fence,
      code: 'out_of_resources',
      message: 'The render node ran out of space or memory.',
      retryable: true,
    };
  }
  return {
    fence,
    code: 'engine_failed',
    message: 'The engine failed while making this clip.',
    retryable: true,
  };
}

/** Waits for work that may ignore the signal; when it aborts, the work is left behind. */
function untilAborted<T>(work: Promise<T> | T, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function hashFile(path: string): Promise<StoredFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { sha256: hash.digest('hex'), size: (await stat(path)).size };
}
