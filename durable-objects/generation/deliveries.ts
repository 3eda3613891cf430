/**
 * Carries the generation's outbox messages to their receivers. Invariant: every one of them may arrive twice: a settlement is made once,
 * cancelling and nudging are repeatable, likenesses and projections take the newest word. Called by the Generation object's outbox.
 */
import { log } from '#durable-objects/shared/log.ts';
import { sendProjection } from '#durable-objects/shared/project.ts';
import { nudgeWorkflow } from '#durable-objects/shared/workflow.ts';
import type { GenerationStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { GenerationProjection } from '#schemas/projections.ts';

export type GenerationMessage =
  | {
      readonly kind: 'settle';
      readonly accountId: Id<'acc'>;
      readonly generationId: Id<'gen'>;
      readonly settlement: 'capture' | 'release';
    }
  | { readonly kind: 'cancel-job'; readonly generationId: Id<'gen'> }
  | { readonly kind: 'nudge-workflow'; readonly generationId: Id<'gen'> }
  /** What was kept for the desk of an output that was refused. */
  | { readonly kind: 'clear-quarantine'; readonly generationId: Id<'gen'> }
  | {
      readonly kind: 'cast-changed';
      /** Somebody cast in it. */
      readonly accountId: Id<'acc'>;
      readonly generationId: Id<'gen'>;
      readonly status: GenerationStatus;
    }
  | { readonly kind: 'project'; readonly projection: GenerationProjection };

/** Rejects when the receiver could not be reached. */
export async function deliver(env: Env, message: GenerationMessage): Promise<void> {
  switch (message.kind) {
    case 'settle': {
      const { accountId, generationId, settlement } = message;
      const settled = await env.ACCOUNT.getByName(accountId).settle(generationId, settlement);
      // The ledger's answer is final; asking again would not change it.
      if (!settled.ok) {
        log('error', 'settlement refused', { generationId, settlement, code: settled.error.code });
      }
      return;
    }
    case 'cancel-job':
      return env.RENDER_QUEUE.getByName('main').cancel(message.generationId);
    case 'nudge-workflow':
      return nudgeWorkflow(env, message.generationId);
    case 'clear-quarantine': {
      // A handful of files per lease, and few leases: one page.
      const { objects } = await env.MEDIA.list({ prefix: `quarantine/${message.generationId}/` });
      return env.MEDIA.delete(objects.map(({ key }) => key));
    }
    case 'cast-changed':
      return env.CAMEO.getByName(message.accountId).generationChanged(message.generationId, message.status);
    case 'project':
      return sendProjection(env, message.projection);
  }
}
