/**
 * Fetches the photo portraits a job needs into its own scratch folder, which goes with the job. Invariant: what an engine gets is what
 * the edge named by its digest. Called by run-job.ts.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeasedJob } from '#schemas/render.ts';
import { EngineError } from '../engines/engine-error.ts';
import type { EdgeClient } from './edge-client.ts';
import { JobEnd } from './heartbeat.ts';
import { backoff, type Clock } from './wait.ts';

const maxBytes = 2 * 1024 * 1024;
const attempts = 4;

/**
 * @returns paths by cameo id; empty when nobody in the cast has a photograph
 * @throws JobEnd when the lease is another's, EngineError when a portrait cannot be had
 */
export async function fetchPortraits(
  parts: {
    readonly client: EdgeClient;
    readonly clock: Clock;
    readonly job: LeasedJob;
    readonly signal: AbortSignal;
  },
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const { cameoId, portrait } of parts.job.spec.cast) {
    if (portrait.kind !== 'photo' || paths.has(cameoId)) continue;
    const bytes = await fetchOne(parts, cameoId);
    if (createHash('sha256').update(bytes).digest('hex') !== portrait.sha256)
      throw new EngineError('engine_failed', 'A portrait is not the one that was agreed to.', {
        retryable: true,
      });
    const path = join(folder, `${cameoId}.jpg`);
    await writeFile(path, bytes, { mode: 0o600 });
    paths.set(cameoId, path);
  }
  return paths;
}

async function fetchOne(parts: Parameters<typeof fetchPortraits>[0], cameoId: string): Promise<Uint8Array> {
  const { client, clock, job, signal } = parts;
  const path = `/render/v1/jobs/${encodeURIComponent(job.jobId)}/portraits/${encodeURIComponent(cameoId)}?fence=${job.fence}`;
  for (let attempt = 1; ; attempt++) {
    const answer = await client.download(path, maxBytes, signal);
    signal.throwIfAborted();
    if (answer.kind === 'ok') return answer.value;
    if (answer.kind === 'stale') throw new JobEnd('stale');
    if (answer.kind === 'rejected' || attempt === attempts)
      throw new EngineError('engine_failed', 'A portrait this clip needs could not be fetched.', {
        retryable: answer.kind !== 'rejected',
      });
    await clock.sleep(backoff(attempt, clock.random()), signal);
    signal.throwIfAborted();
  }
}
