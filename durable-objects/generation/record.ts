/** Turns what the Generation object stores into what people see. Invariant: the public record never carries the account. */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { sentenceOf } from '#schemas/errors.ts';
import type { Generation } from '#schemas/http/generations.ts';
import { remainingSeconds } from './core/generation-machine.ts';
import type { StoredGeneration } from './store.ts';

export interface QueuePosition {
  readonly ahead: number;
  readonly estimateSeconds: number | null;
}

/** @param position where it stands in the queue, as far as known; used while queued only */
export function publicRecord(
  { admitted, state, policy }: StoredGeneration,
  position: QueuePosition | null,
  now: number,
): Generation {
  const queued = state.status === 'queued';
  return {
    id: admitted.generationId,
    status: state.status,
    stage: state.stage,
    progress: state.progress,
    queuePosition: queued ? (position?.ahead ?? null) : null,
    estimateSeconds: queued ? (position?.estimateSeconds ?? null) : remainingSeconds(state, now),
    ...(state.clipId === null ? {} : { clipId: state.clipId }),
    ...errorOf(state),
    ...(policy === null ? {} : { policy }),
    ...requestOf(admitted),
    seed: admitted.seed,
    credits: admitted.credits,
    attempt: state.attempt,
    createdAt: admitted.createdAt,
    updatedAt: new Date(state.updatedAt).toISOString(),
  };
}

/** Why it ended; or, while it waits for somebody in it, that it does. Never says for whom. */
function errorOf({ error, awaiting }: StoredGeneration['state']): Pick<Generation, 'error'> {
  if (error !== null) return { error };
  if (awaiting.length === 0) return {};
  return { error: { code: 'review_pending', message: sentenceOf('review_pending') } };
}

function requestOf({
  request,
}: AdmittedGeneration): Pick<Generation, 'prompt' | 'seconds' | 'size' | 'engine' | 'remixOf'> {
  return {
    prompt: request.prompt,
    seconds: request.seconds,
    size: request.size,
    engine: request.engine,
    ...(request.remixOf === undefined ? {} : { remixOf: request.remixOf }),
  };
}
