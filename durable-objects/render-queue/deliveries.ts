/**
 * Carries the render queue's outbox messages to their receivers. Invariant: every one of them may arrive twice: the generation ignores
 * old attempts, the event is only a nudge, erasing is erasing. Called by the RenderQueue object's outbox.
 */
import { nudgeWorkflow } from '#durable-objects/shared/workflow.ts';
import type { Id } from '#schemas/ids.ts';

export type QueueMessage =
  | { readonly kind: 'started'; readonly jobId: Id<'gen'>; readonly attempt: number }
  | { readonly kind: 'requeued'; readonly jobId: Id<'gen'>; readonly attempt: number }
  | { readonly kind: 'settled'; readonly jobId: Id<'gen'> }
  | { readonly kind: 'erase'; readonly objectKeys: readonly string[] };

/** Rejects when the receiver could not be reached. */
export async function deliver(env: Env, message: QueueMessage): Promise<void> {
  switch (message.kind) {
    case 'started': {
      const generation = env.GENERATION.getByName(message.jobId);
      return generation.progress({ attempt: message.attempt, stage: 'reading', progress: 0 });
    }
    case 'requeued':
      return env.GENERATION.getByName(message.jobId).requeued(message.attempt);
    case 'settled':
      return nudgeWorkflow(env, message.jobId);
    case 'erase':
      return env.MEDIA.delete([...message.objectKeys]);
  }
}
