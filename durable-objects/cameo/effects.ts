/**
 * What a change of a likeness sets off elsewhere. Invariant: an effect is an outbox row written in the transaction of the change, and its
 * receiver takes it any number of times. Called by cameo-object.ts and the files beside it.
 */

import type { CameoState } from '#durable-objects/cameo/core/cameo-machine.ts';
import type { Denial } from '#durable-objects/cameo/core/revocation-plan.ts';
import type { StoredGrant } from '#durable-objects/cameo/store.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { NotifyInput } from '#durable-objects/inbox/rpc.ts';
import { likenessPrefix } from '#durable-objects/shared/core/portrait-key.ts';
import { startErasure } from '#durable-objects/shared/erasure.ts';
import type { Outbox } from '#durable-objects/shared/outbox.ts';
import { sendProjection } from '#durable-objects/shared/project.ts';
import type { Id } from '#schemas/ids.ts';
import type { Projection } from '#schemas/projections.ts';

export type CameoMessage =
  | { readonly kind: 'project'; readonly projection: Projection }
  | { readonly kind: 'notify'; readonly accountId: Id<'acc'>; readonly notice: NotifyInput }
  | { readonly kind: 'consent-withdrawn'; readonly generationId: Id<'gen'> }
  | {
      readonly kind: 'review-decided';
      readonly generationId: Id<'gen'>;
      readonly accountId: Id<'acc'>;
      readonly decision: 'approve' | 'refuse';
    }
  /** An enrolment that came too late has left a template and a portrait behind. */
  | { readonly kind: 'erase-leftovers'; readonly accountId: Id<'acc'>; readonly cameoId: Id<'cam'> }
  | {
      readonly kind: 'erase';
      readonly accountId: Id<'acc'>;
      readonly cameoId: Id<'cam'>;
      readonly denial: Denial;
      readonly generationIds: readonly Id<'gen'>[];
    };

/** Notices name only what they are about. */
type Notice = Pick<NotifyInput, 'dedupeKey' | 'kind' | 'text'> & Partial<NotifyInput>;

export class Effects {
  readonly #outbox: Outbox<CameoMessage>;

  constructor(outbox: Outbox<CameoMessage>) {
    this.#outbox = outbox;
  }

  projectCameo(state: CameoState, now: number): void {
    const { accountId, cameoId, status, level, verification, portrait, reviewBeforePublication, epoch } =
      state;
    const cameo = {
      accountId,
      cameoId,
      status,
      level,
      verification,
      portrait,
      reviewBeforePublication,
      epoch,
    };
    this.#project('cameo', { kind: 'cameo', version: state.version, cameo }, now);
  }

  /** A standing permission is projected only once it is revoked, with an empty purpose: so that its holder is not offered this likeness. */
  projectGrant(cameoAccountId: Id<'acc'>, stored: StoredGrant, now: number): void {
    const { id, granteeId, purpose, uses, used, until, allow, createdAt, version } = stored;
    const grant = {
      id,
      cameoAccountId,
      granteeId,
      purpose,
      uses,
      used,
      until,
      reviewBeforeGeneration: stored.reviewBeforeGeneration,
      reviewBeforePublication: stored.reviewBeforePublication,
      allow: [...allow],
      revoked: stored.revokedAt !== null,
      createdAt,
    };
    this.#project(`grant:${id}`, { kind: 'grant', version, grant }, now);
  }

  notify(accountId: Id<'acc'>, notice: Notice, now: number): void {
    const whole = {
      actorId: null,
      clipId: null,
      generationId: null,
      grantId: null,
      reviewId: null,
      ...notice,
    };
    this.#outbox.add(`inbox:${accountId}`, { kind: 'notify', accountId, notice: whole }, now);
  }

  withdrawFrom(generationId: Id<'gen'>, now: number): void {
    this.#outbox.add(generationId, { kind: 'consent-withdrawn', generationId }, now);
  }

  reviewDecided(
    generationId: Id<'gen'>,
    accountId: Id<'acc'>,
    decision: 'approve' | 'refuse',
    now: number,
  ): void {
    this.#outbox.add(generationId, { kind: 'review-decided', generationId, accountId, decision }, now);
  }

  erase(message: Omit<Extract<CameoMessage, { kind: 'erase' }>, 'kind'>, now: number): void {
    this.#outbox.add('erase', { kind: 'erase', ...message }, now);
  }

  eraseLeftovers({ accountId, cameoId }: CameoState, now: number): void {
    this.#outbox.add('erase', { kind: 'erase-leftovers', accountId, cameoId }, now);
  }

  #project(entity: string, projection: Projection, now: number): void {
    this.#outbox.add(entity, { kind: 'project', projection }, now);
  }
}

/** What delivering needs of the object. */
export interface DeliveryContext {
  readonly env: Env;
  /** The log's receipt of a denial, asked for if it has not been given: nothing is erased before it stands. */
  readonly settle: (denial: Denial) => Promise<LogReceipt>;
  /** Whether the likeness is erased at this moment. */
  readonly isErased: () => boolean;
}

/** Carries one message to its receiver. */
export async function deliver(
  { env, settle, isErased }: DeliveryContext,
  message: CameoMessage,
): Promise<void> {
  switch (message.kind) {
    case 'project':
      return sendProjection(env, message.projection);
    case 'notify':
      return env.INBOX.getByName(message.accountId).notify(message.notice);
    case 'consent-withdrawn':
      return env.GENERATION.getByName(message.generationId).consentWithdrawn();
    case 'review-decided':
      return env.GENERATION.getByName(message.generationId).reviewDecided(
        message.accountId,
        message.decision,
      );
    case 'erase-leftovers': {
      // Enrolled anew in the meantime: what lies there now belongs to that enrolment.
      if (!isErased()) return;
      await env.FACE_INDEX.getByName('main').erase(message.accountId);
      const { objects } = await env.MEDIA.list({ prefix: likenessPrefix(message.cameoId) });
      return env.MEDIA.delete(objects.map(({ key }) => key));
    }
    case 'erase': {
      const receipt = await settle(message.denial);
      const { objects } = await env.MEDIA.list({ prefix: likenessPrefix(message.cameoId) });
      return startErasure(env, {
        subject: message.cameoId,
        ownerId: message.accountId,
        revocationId: receipt.id,
        objectKeys: objects.map(({ key }) => key),
        generationIds: message.generationIds,
      });
    }
  }
}
