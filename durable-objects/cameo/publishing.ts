/**
 * What a person in a clip says before it is made and before it is shown. Invariants: an agreement to a publication holds for the texts it
 * was asked about and no others; a decision is made once; nothing is asked of somebody who cast themselves. Called by cameo-object.ts
 * inside its transactions.
 */
import { createHash } from 'node:crypto';
import { createId } from '#durable-objects/shared/id.ts';
import { isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { StoredAppearance, StoredReview } from './appearances-store.ts';
import { offenceAgainst, refuseRule } from './core/permission.ts';
import type { RuleText } from './core/rules.ts';
import type { CameoParts } from './parts.ts';

/** New captions that may be put before a person for one clip; then it stays as it is. */
const reviewsPerClip = 10;

/** Refuses with cameo_rule, review_pending and consent_denied. */
export function admitPublication(
  parts: CameoParts,
  generationId: Id<'gen'>,
  texts: readonly RuleText[],
  now: number,
): Result<void> {
  const { store, appearances } = parts;
  const row = appearances.get(generationId);
  const state = store.cameo();
  if (row === null || state === null || row.withdrawn || row.status === 'released')
    return fail('consent_denied');
  // Withdrawn and given again is consent to new clips, not to this one.
  if (state.status !== 'enrolled' || state.epoch !== row.epoch) return fail('consent_denied');
  const grant = row.grantId === null ? null : store.grant(row.grantId);
  if (row.grantId !== null && (grant === null || grant.revokedAt !== null)) return fail('consent_denied');
  const offence = offenceAgainst(state, grant?.allow ?? [], texts);
  if (offence !== null) return refuseRule(offence);
  return row.permit.reviewBeforePublication ? reviewed(parts, row, texts, now) : ok(undefined);
}

function reviewed(
  parts: CameoParts,
  row: StoredAppearance,
  texts: readonly RuleText[],
  now: number,
): Result<void> {
  const textsHash = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  const reviews = parts.appearances
    .reviewsOf(row.generationId)
    .filter(({ kind }) => kind === 'before-publication');
  const same = reviews.find((review) => review.textsHash === textsHash);
  if (same?.decision === 'approved') return ok(undefined);
  if (same?.decision === 'refused') {
    return fail('consent_denied', 'Somebody in this clip does not want it published like this.');
  }
  if (same === undefined) {
    if (reviews.length >= reviewsPerClip) {
      return fail('consent_denied', 'This clip was put before somebody in it too many times.');
    }
    askForPublication(parts, row, { reviews, textsHash, texts }, now);
  }
  return fail('review_pending');
}

/** One question at a time: a changed caption takes the place of the one that still waits. */
function askForPublication(
  { appearances, effects }: CameoParts,
  row: StoredAppearance,
  {
    reviews,
    textsHash,
    texts,
  }: {
    readonly reviews: readonly StoredReview[];
    readonly textsHash: string;
    readonly texts: readonly RuleText[];
  },
  now: number,
): void {
  const { generationId, clipId, makerId, makerHandle } = row;
  for (const review of reviews) {
    if (review.decision === 'pending') {
      appearances.updateReview(review.id, { ...review, decision: 'refused' });
    }
  }
  const reviewId = createId('rvw', now);
  appearances.insertReview({
    id: reviewId,
    generationId,
    kind: 'before-publication',
    decision: 'pending',
    textsHash,
    createdAt: new Date(now).toISOString(),
  });
  const caption = texts.find(({ field }) => field === 'caption')?.text ?? '';
  const quoted = caption === '' ? 'without a caption' : `as “${caption}”`;
  const notice = {
    dedupeKey: `review:${reviewId}`,
    kind: 'review-publication',
    text: `@${makerHandle} would like to publish a clip with you ${quoted}. It waits for your answer.`,
    actorId: makerId,
    clipId,
    generationId,
    reviewId,
  } as const;
  effects.notify(row.permit.accountId, notice, now);
}

/** Idempotent. Refuses with not_found, conflict, already_final and consent_denied. */
export function decideReview(
  { appearances, effects }: CameoParts,
  reviewId: Id<'rvw'>,
  decision: 'approve' | 'refuse',
  now: number,
): Result<StoredAppearance> {
  const review = appearances.review(reviewId);
  const row = review === null ? null : appearances.get(review.generationId);
  if (review === null || row === null) return fail('not_found', 'There is no such request.');
  const decided = decision === 'approve' ? 'approved' : 'refused';
  if (review.decision === decided) return ok(row);
  if (review.decision !== 'pending') return fail('conflict', 'You have answered this already.');
  const beforeGeneration = review.kind === 'before-generation';
  if (beforeGeneration && row.status !== 'reserved' && row.status !== 'released' && isFinal(row.status)) {
    return fail('already_final', 'This clip is not being made any more.');
  }
  if (row.withdrawn && decision === 'approve') {
    return fail('conflict', 'You have withdrawn your consent for this clip.');
  }
  appearances.updateReview(reviewId, { decision: decided, textsHash: review.textsHash });
  const { generationId, clipId, makerId } = row;
  const { accountId } = row.permit;
  if (beforeGeneration) effects.reviewDecided(generationId, accountId, decision, now);
  const what = beforeGeneration ? 'made' : 'published like this';
  const said = decision === 'approve' ? 'agrees' : 'does not agree';
  const notice = {
    dedupeKey: `decided:${reviewId}`,
    kind: decision === 'approve' ? 'review-approved' : 'review-refused',
    text: `Somebody in your clip ${said} to it being ${what}.`,
    clipId,
    generationId,
    reviewId,
  } as const;
  effects.notify(makerId, notice, now);
  return ok(row);
}
