/**
 * Carries the clip's outbox messages to their receivers. Invariant: every one of them may arrive twice: projections carry versions,
 * notices and erasures a key of their own, deleting is deleting. Called by the Clip object's outbox.
 */
import type { NotifyInput } from '#durable-objects/inbox/rpc.ts';
import { type EraseParams, startErasure } from '#durable-objects/shared/erasure.ts';
import { sendProjection } from '#durable-objects/shared/project.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection } from '#schemas/projections.ts';

export type ClipMessage =
  | { readonly kind: 'project'; readonly projection: ClipProjection }
  | { readonly kind: 'notify'; readonly to: Id<'acc'>; readonly notice: NotifyInput }
  /** Everything a withdrawn clip leaves behind. */
  | { readonly kind: 'erase'; readonly params: EraseParams }
  /** The rendition that a recast replaced. */
  | { readonly kind: 'delete-objects'; readonly objectKeys: readonly string[] };

/** Rejects when the receiver could not be reached. */
export async function deliver(env: Env, message: ClipMessage): Promise<void> {
  switch (message.kind) {
    case 'project':
      return sendProjection(env, message.projection);
    case 'notify':
      return env.INBOX.getByName(message.to).notify(message.notice);
    case 'erase':
      return startErasure(env, message.params);
    case 'delete-objects':
      return env.MEDIA.delete([...message.objectKeys]);
  }
}
