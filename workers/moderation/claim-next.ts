/**
 * Gives a moderator the next case. Invariant: the queue proposes, the case decides: a claim exists only once the case has written it, so
 * a proposal that is out of date costs a retry and nothing else. Called by `POST /moderation/claims`.
 */
import type { ClaimGrant } from '#durable-objects/moderation-case/rpc.ts';
import type { Id } from '#schemas/ids.ts';

/** Proposals out of date in a row before the answer is "nothing": every one means that somebody else got a case. */
const attempts = 20;

/** Null when nothing waits for this moderator. */
export async function claimNext(
  env: Pick<Env, 'MODERATION_CASE' | 'MODERATION_QUEUE'>,
  moderatorId: Id<'acc'>,
): Promise<ClaimGrant | null> {
  const queue = env.MODERATION_QUEUE.getByName('main');
  const refused = new Set<Id<'case'>>();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const next = await queue.next(moderatorId);
    // Nothing but what was refused just now: the queue will have heard of it in a moment.
    if (next === null || refused.has(next.caseId)) return null;
    const claimed = await env.MODERATION_CASE.getByName(next.caseId).claim(moderatorId);
    if (claimed.ok) return claimed.value;
    // The queue has not heard yet what the case knows: this moderator is offered all others first.
    refused.add(next.caseId);
    await queue.skip(moderatorId, next.caseId);
  }
  return null;
}
