/**
 * What is left of deleted clips on this node (K-20). A job's scratch folder goes when the job ends and all of them when the node starts,
 * so there is normally nothing: this looks, removes what it finds, looks again, and only then confirms. Invariant: a job that is still
 * running here is never confirmed. Called by run-node.ts; works beside the lease loops, also while the node is idle.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EdgeClient } from './edge-client.ts';
import { describeError, type Log } from './log.ts';
import { backoff, type Clock } from './wait.ts';

export interface ErasureParts {
  readonly client: Pick<EdgeClient, 'erasures'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Job folders in it are named `<job>-<fence>`. */
  readonly scratch: string;
  /** Jobs this node is rendering now. */
  readonly running: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Deletions are rare and nobody waits at the screen for this. */
const everyMs = 5_000;

/** Runs until the signal aborts; never rejects. */
export async function erasureLoop(parts: ErasureParts): Promise<void> {
  const { client, clock, log, signal } = parts;
  let erased: string[] = [];
  let failures = 0;
  while (!signal.aborted) {
    const answer = await client.erasures({ erased }, signal);
    if (signal.aborted) return;
    if (answer.kind !== 'ok') {
      failures += 1;
      // The lease loop says already that the edge is away; a refusal of this alone is said once.
      if (failures === 1 && answer.kind === 'rejected')
        log('warn', 'erasures refused', { code: answer.code });
      await clock.sleep(backoff(failures + 3, clock.random(), 1_000, 60_000), signal);
      continue;
    }
    failures = 0;
    erased = await eraseAll(parts, answer.value.erase);
    // What was erased is confirmed at once; what could not be is tried again later.
    if (erased.length === 0) await clock.sleep(everyMs, signal);
  }
}

/** Answers the jobs of which nothing is left. */
async function eraseAll(parts: ErasureParts, jobIds: readonly string[]): Promise<string[]> {
  const clean: string[] = [];
  for (const jobId of jobIds) {
    if (parts.running.has(jobId)) continue;
    try {
      const removed = await eraseScratch(parts.scratch, jobId);
      parts.log('info', 'job erased', { job: jobId, folders: removed });
      clean.push(jobId);
    } catch (error) {
      parts.log('error', 'job not erased', { job: jobId, ...describeError(error) });
    }
  }
  return clean;
}

/**
 * Removes every folder of a job, of whatever attempt.
 * @returns how many there were
 * @throws Error when one is still there afterwards
 */
export async function eraseScratch(scratch: string, jobId: string): Promise<number> {
  const found = await foldersOf(scratch, jobId);
  for (const name of found) await rm(join(scratch, name), { recursive: true, force: true });
  if ((await foldersOf(scratch, jobId)).length > 0) throw new Error('a scratch folder came back');
  return found.length;
}

async function foldersOf(scratch: string, jobId: string): Promise<string[]> {
  return (await readdir(scratch)).filter((name) => name.startsWith(`${jobId}-`));
}
