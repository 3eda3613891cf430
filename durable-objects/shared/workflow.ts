/**
 * The two things objects do to a `GenerateClip` workflow: start it and wake it. Invariant: both may be repeated, because they are
 * called from outbox deliveries; only a failure that may pass is thrown.
 */
import { renderSettledEvent } from '#durable-objects/render-queue/rpc.ts';
import type { Id } from '#schemas/ids.ts';

/** Starts the workflow of a generation; one that exists already is as good. */
export async function createWorkflow(
  env: Pick<Env, 'GENERATE_CLIP'>,
  generationId: Id<'gen'>,
): Promise<void> {
  try {
    await env.GENERATE_CLIP.create({ id: generationId, params: { generationId } });
  } catch (error) {
    if (!has(error, 'already_exists')) throw error;
  }
}

/** Wakes the workflow of a generation. One that was never started or has ended needs no waking. */
export async function nudgeWorkflow(env: Pick<Env, 'GENERATE_CLIP'>, generationId: Id<'gen'>): Promise<void> {
  try {
    const instance = await env.GENERATE_CLIP.get(generationId);
    const { status } = await instance.status();
    if (status === 'complete' || status === 'errored' || status === 'terminated') return;
    await instance.sendEvent({ type: renderSettledEvent, payload: {} });
  } catch (error) {
    if (!has(error, 'not_found')) throw error;
  }
}

/** Workflow errors carry their code in the message, as `(instance.not_found)`; there is no class or field to test. */
function has(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.includes(code);
}
