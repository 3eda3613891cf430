/**
 * What a deletion leaves behind is erased, store by store, and written down (K-20). The promise that nobody sees the clip any more does
 * not wait for this: the consent log has kept it before. Invariants: every step may be repeated; evidence is kept apart before anything
 * is deleted; the receipt is complete only when every store has answered, render nodes by their own confirmation.
 * Started by `startErasure` (durable-objects/shared/erasure.ts).
 */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import { cameoIdOf, clipIdOf, type EraseParams } from '#durable-objects/shared/erasure.ts';
import { feedShardNames } from '../feed/shard.ts';
import { refreshFeed } from '../projections/apply.ts';
import { counted, type StoreAnswer, type StoreName } from './erase/core/receipt.ts';
import { maxChecks, nodesAnswer, waitBefore } from './erase/core/render-nodes.ts';
import { forgetCredentials, forgetFingerprints } from './erase/credentials.ts';
import { keepEvidence } from './erase/evidence.ts';
import { inChunks } from './erase/in-chunks.ts';
import { eraseObjects, findObjects, isEnrolledAgain } from './erase/objects.ts';
import { beginReceipt, writeAnswer } from './erase/receipts.ts';
import { eraseRows, isBlankable } from './erase/rows.ts';

/** Some hours of trying: a projection, an object or a bucket that is away comes back. */
const patient = {
  retries: { limit: 14, delay: '1 second', backoff: 'exponential' },
  timeout: '10 minutes',
} as const;

export class Erase extends WorkflowEntrypoint<Env, EraseParams> {
  override async run(event: Readonly<WorkflowEvent<EraseParams>>, step: WorkflowStep): Promise<string> {
    const params = event.payload;
    const { subject, generationIds } = params;
    const queue = this.env.RENDER_QUEUE.getByName('main');

    const answer = (store: StoreName, work: () => Promise<StoreAnswer>) =>
      step.do(store, patient, async () => writeAnswer(this.env, params, store, await work()));

    await step.do('begin the receipt', patient, () => beginReceipt(this.env, params));
    const keys = await step.do('find the files', patient, () => findObjects(this.env, params));
    await answer('evidence', () => keepEvidence(this.env, params, keys));
    // Nodes are asked early: they answer while the rest is being erased.
    await step.do('ask the render nodes', patient, async () => {
      await queue.orderErasure(generationIds);
    });
    await answer('objects', () => eraseObjects(this.env, params, keys));
    await step.do('forget the requests', patient, () => this.forgetRequests(params));
    await this.awaitProjection(step, params);
    await answer('rows', () => eraseRows(this.env, params));
    await answer('feed', () => this.eraseFromFeed(params));
    await answer('embeddings', () => this.eraseEmbeddings(params));
    await answer('fingerprints', () => forgetFingerprints(this.env, params));
    await answer('durable-credentials', () => forgetCredentials(this.env, params));
    await answer('caches', async () => ({
      status: 'none',
      items: 0,
      detail:
        'No cache keeps it: every response is sent as private, no-cache, and is asked for again each time.',
    }));

    for (let check = 1; check <= maxChecks; check += 1) {
      const waiting = await step.do(`render nodes ${check}`, patient, async () => {
        const said = nodesAnswer(await queue.erasuresOf(generationIds), Date.now());
        await writeAnswer(this.env, params, 'render-nodes', said);
        return said.status === 'pending';
      });
      if (!waiting) {
        await step.do('tell the owner', patient, () => this.tellOwner(params));
        return 'complete';
      }
      await step.sleep(`wait for the render nodes ${check}`, waitBefore(check));
    }
    return `${subject}: a render node never confirmed`;
  }

  /** The deletion reaches the relational side through a queue, usually within a second. */
  private async awaitProjection(step: WorkflowStep, params: EraseParams): Promise<void> {
    for (let check = 1; check <= maxChecks; check += 1) {
      const arrived = await step.do(`look for the deletion ${check}`, patient, () =>
        isBlankable(this.env, params),
      );
      if (arrived) return;
      await step.sleep(`wait for the deletion ${check}`, waitBefore(check));
    }
  }

  /** @throws Error while one of them is still being made: a cast that was revoked ends it soon */
  private async forgetRequests({ subject, generationIds }: EraseParams): Promise<void> {
    const cameoId = cameoIdOf(subject);
    const forgot = await inChunks(generationIds, (id) => this.env.GENERATION.getByName(id).forget(cameoId));
    if (forgot.includes(false)) throw new Error('a job is still being made');
  }

  private async eraseFromFeed({ subject }: EraseParams): Promise<StoreAnswer> {
    const clipId = clipIdOf(subject);
    if (clipId === null) {
      return {
        status: 'none',
        items: 0,
        detail: 'The feed holds clips, not likenesses; clips with this one are denied by the consent log.',
      };
    }
    await refreshFeed(this.env, [clipId]);
    const shards = feedShardNames().length;
    return {
      status: 'erased',
      items: shards,
      detail: `Removed from ${counted(shards, 'feed shard')}, and kept out if it comes late.`,
    };
  }

  private async eraseEmbeddings({ subject, ownerId }: EraseParams): Promise<StoreAnswer> {
    if (clipIdOf(subject) !== null) {
      return { status: 'none', items: 0, detail: 'No embedding is made of a clip.' };
    }
    if (await isEnrolledAgain(this.env, ownerId)) {
      return {
        status: 'none',
        items: 0,
        detail: 'Erased with the deletion. The face template there is now belongs to a later enrolment.',
      };
    }
    const { erased } = await this.env.FACE_INDEX.getByName('main').erase(ownerId);
    if (erased === 0) return { status: 'none', items: 0, detail: 'There was no face template.' };
    return {
      status: 'erased',
      items: erased,
      detail: 'The face template, and the key it was encrypted under.',
    };
  }

  private async tellOwner({ subject, ownerId, revocationId }: EraseParams): Promise<void> {
    const clipId = clipIdOf(subject);
    await this.env.INBOX.getByName(ownerId).notify({
      dedupeKey: `erasure-done:${subject}:${revocationId ?? ''}`,
      kind: 'erasure-done',
      actorId: null,
      clipId,
      generationId: null,
      grantId: null,
      reviewId: null,
      text:
        clipId === null
          ? 'Your likeness has been erased from every store. The receipt names each one.'
          : 'Your deleted clip has been erased from every store. The receipt names each one.',
    });
  }
}
