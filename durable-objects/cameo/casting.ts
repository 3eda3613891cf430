/**
 * Being cast: reservation, appearance, end. Invariants: a use of a contract is counted in the transaction that gives the permit, so no
 * number of callers at once gets more than it allows; a reservation that nobody opens is given back; one that is opened after that stands
 * only if the consent it was given under still does. Called by cameo-object.ts inside its transactions.
 */
import { createId } from '#durable-objects/shared/id.ts';
import { cameoKey, grantKey } from '#schemas/consent.ts';
import { type GenerationStatus, isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { StoredAppearance } from './appearances-store.ts';
import type { CameoState } from './core/cameo-machine.ts';
import { type Asker, type Ground, isInForce, permit } from './core/permission.ts';
import { type CameoParts, useChanged, withdrawFrom } from './parts.ts';
import type { CastPermit, CastRequest } from './rpc.ts';
import type { CameoStore, StoredGrant } from './store.ts';

/** Between the permit and the Generation's first report, milliseconds: admission takes a second or two. */
export const reservationMs = 2 * 60_000;

export function askerOf(
  store: CameoStore,
  { makerId, mutual }: Pick<CastRequest, 'makerId' | 'mutual'>,
): Asker {
  return {
    accountId: makerId,
    mutual,
    revoked: store.isRevoked(makerId),
    contracts: store.contractsWith(makerId),
  };
}

/** The permit, with its use noted. Idempotent by generation. Refuses with consent_denied and cameo_rule. */
export function authorize(parts: CameoParts, request: CastRequest, now: number): Result<CastPermit> {
  const { store, appearances } = parts;
  const known = appearances.get(request.generationId);
  if (known !== null && known.status !== 'released') {
    const same = known.makerId === request.makerId && !known.withdrawn;
    return same ? ok(known.permit) : fail('consent_denied');
  }
  const state = store.cameo();
  const ground = permit(state, askerOf(store, request), request.texts, now);
  if (!ground.ok) return ground;
  // A ground without an enrolled likeness does not exist.
  if (state === null || state.verification === null || state.portrait === null) return fail('consent_denied');
  const grantId = grantFor(store, state, request.makerId, ground.value, now)?.id ?? null;
  const given: CastPermit = {
    accountId: state.accountId,
    handle: request.handle,
    displayName: request.displayName,
    cameoId: state.cameoId,
    epoch: state.epoch,
    grantId,
    keys: [cameoKey(state.cameoId, state.epoch), ...(grantId === null ? [] : [grantKey(grantId)])],
    verification: state.verification,
    portrait: state.portrait,
    voice: state.lendVoice ? state.voice : null,
    reviewBeforeGeneration: ground.value.reviewBeforeGeneration,
    reviewBeforePublication: ground.value.reviewBeforePublication,
  };
  appearances.reserve({
    generationId: request.generationId,
    clipId: request.clipId,
    makerId: request.makerId,
    makerHandle: request.makerHandle,
    grantId,
    epoch: state.epoch,
    status: 'reserved',
    withdrawn: false,
    recastRequested: false,
    permit: given,
    createdAt: new Date(now).toISOString(),
    reservedUntil: now + reservationMs,
  });
  useChanged(parts, state.accountId, grantId, now);
  return ok(given);
}

/** Every cast by somebody else hangs on a grant, so that revoking a person is one append: a contract, or a standing permission. */
function grantFor(
  store: CameoStore,
  state: CameoState,
  makerId: Id<'acc'>,
  ground: Ground,
  now: number,
): Pick<StoredGrant, 'id'> | null {
  if (ground.because === 'me') return null;
  if (ground.contract !== null) return ground.contract;
  const standing = store.standing(makerId, state.epoch);
  if (standing !== null) return standing;
  const made = standingGrant(makerId, state.epoch, now);
  store.insertGrant(made);
  return made;
}

/** A permission that a level gives one person at one epoch; terms are those of the level at each cast. */
export function standingGrant(
  granteeId: Id<'acc'>,
  epoch: number,
  now: number,
  revokedAt: string | null = null,
): StoredGrant {
  return {
    id: createId('grant', now),
    granteeId,
    purpose: '',
    implicit: true,
    epoch,
    uses: null,
    used: 0,
    until: null,
    reviewBeforeGeneration: false,
    reviewBeforePublication: false,
    allow: [],
    revokedAt,
    createdAt: new Date(now).toISOString(),
    version: 1,
  };
}

/** The generation was not admitted, or nobody opened it in time. One that was opened keeps its place. */
export function release(parts: CameoParts, row: StoredAppearance, now: number): void {
  if (row.status !== 'reserved') return;
  parts.appearances.setStatus(row.generationId, 'released');
  useChanged(parts, row.permit.accountId, row.grantId, now);
}

/** The Generation's report: opened, moved on, or ended. A final state stays. */
export function generationChanged(
  parts: CameoParts,
  generationId: Id<'gen'>,
  status: GenerationStatus,
  now: number,
): void {
  const { appearances } = parts;
  const row = appearances.get(generationId);
  if (row === null || isEnded(row.status)) return;
  const { accountId } = row.permit;
  const first = row.status === 'reserved' || row.status === 'released';
  if (row.status === 'released' && !stillGiven(parts, row, now)) withdrawFrom(parts, [row], now);
  appearances.setStatus(generationId, status);
  const ended = isFinal(status);
  if (row.status === 'released' || (ended && status !== 'ready')) {
    useChanged(parts, accountId, row.grantId, now);
  }
  if (row.makerId === accountId) return;
  if (first && !ended) announce(parts, row, now);
  if (!first && ended && status !== 'ready') {
    const text = `The clip @${row.makerHandle} was making with you was not made.`;
    const about = { generationId, actorId: row.makerId };
    parts.effects.notify(
      accountId,
      { dedupeKey: `cast-failed:${generationId}`, kind: 'cast-failed', text, ...about },
      now,
    );
  }
}

function isEnded(status: StoredAppearance['status']): boolean {
  return status !== 'reserved' && status !== 'released' && isFinal(status);
}

/** Whether the consent a late job was given still stands, and its use is still there to be had. */
function stillGiven({ store }: CameoParts, row: StoredAppearance, now: number): boolean {
  const state = store.cameo();
  if (state === null || state.status !== 'enrolled' || state.epoch !== row.epoch) return false;
  if (row.grantId === null) return true;
  const grant = store.grant(row.grantId);
  return grant !== null && isInForce(grant, now);
}

/** Told at once (K-14); and asked, where the terms say so. */
function announce({ appearances, effects }: CameoParts, row: StoredAppearance, now: number): void {
  const { generationId, clipId, makerId, makerHandle, permit: given } = row;
  const about = { generationId, clipId, actorId: makerId };
  if (!given.reviewBeforeGeneration) {
    const text = `@${makerHandle} has cast you in a clip that is being made.`;
    effects.notify(given.accountId, { dedupeKey: `cast:${generationId}`, kind: 'cast', text, ...about }, now);
    return;
  }
  const reviewId = createId('rvw', now);
  appearances.insertReview({
    id: reviewId,
    generationId,
    kind: 'before-generation',
    decision: 'pending',
    textsHash: '',
    createdAt: new Date(now).toISOString(),
  });
  const text = `@${makerHandle} would like to make a clip with you. It waits for your answer.`;
  effects.notify(
    given.accountId,
    { dedupeKey: `review:${reviewId}`, kind: 'review-generation', text, reviewId, ...about },
    now,
  );
}
