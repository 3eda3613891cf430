/**
 * The two things the Upload object does to an `IngestClip` workflow: start it and wake it. Invariant: both may be repeated, because they
 * are called from outbox deliveries; only a failure that may pass is thrown.
 */
import type { Id } from '#schemas/ids.ts';
import { uploadChangedEvent } from './rpc.ts';

/** Every check of an upload is a workflow of its own. */
function instanceOf(uploadId: Id<'upl'>, run: number): string {
  return run === 1 ? uploadId : `${uploadId}-${run}`;
}

/** Starts a check; one that exists already is as good. */
export async function startIngest(
  env: Pick<Env, 'INGEST_CLIP'>,
  uploadId: Id<'upl'>,
  run: number,
): Promise<void> {
  try {
    await env.INGEST_CLIP.create({ id: instanceOf(uploadId, run), params: { uploadId } });
  } catch (error) {
    if (!has(error, 'already_exists')) throw error;
  }
}

/** Wakes a check. One that was never started or has ended needs no waking. */
export async function nudgeIngest(
  env: Pick<Env, 'INGEST_CLIP'>,
  uploadId: Id<'upl'>,
  run: number,
): Promise<void> {
  try {
    const instance = await env.INGEST_CLIP.get(instanceOf(uploadId, run));
    const { status } = await instance.status();
    if (status === 'complete' || status === 'errored' || status === 'terminated') return;
    await instance.sendEvent({ type: uploadChangedEvent, payload: {} });
  } catch (error) {
    if (!has(error, 'not_found')) throw error;
  }
}

/** Workflow errors carry their code in the message, as `(instance.not_found)`; there is no class or field to test. */
function has(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.includes(code);
}
