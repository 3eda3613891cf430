/**
 * The life of one upload: receiving → assembling → checking → ready, review, refused or failed; expired and gone beside them. Invariants:
 * nothing of an upload that ends before it is complete, or is taken back, is left; a check can be told one ending only; once it is
 * becoming a clip it is not taken back; what the desk is looking at stays until it has decided; what was only sent to be verified lasts
 * ten minutes at most. Pure; called by the Upload object.
 */
import type { InspectionDeath } from '#durable-objects/inspection-queue/rpc.ts';
import type { StoredMediaReport, UploadDecision, UploadOutcome } from '#durable-objects/upload/rpc.ts';
import type { Upload, UploadMediaType } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { Verification } from '#schemas/verdict.ts';

export type Phase =
  | 'receiving'
  | 'assembling'
  | 'checking'
  | 'review'
  | 'ready'
  | 'refused'
  | 'failed'
  | 'expired'
  /** Taken back by who sent it, or verified and answered. */
  | 'gone';

/** What a node saw, or that none could. */
export type Looked =
  | { readonly kind: 'awaited' }
  | { readonly kind: 'seen'; readonly report: StoredMediaReport }
  | { readonly kind: 'failed'; readonly death: InspectionDeath };

export interface UploadState {
  readonly purpose: 'publish' | 'verify';
  readonly phase: Phase;
  readonly stage: Upload['stage'];
  /** When this phase ends by itself, milliseconds since the epoch; null for never. */
  readonly dueAt: number | null;
  /** Until when parts are taken. */
  readonly expiresAt: number;
  /** Checks begun; each is a workflow of its own. */
  readonly run: number;
  readonly mediaType: UploadMediaType;
  /** Where the whole file lies: its own place, or that of the same bytes sent before. */
  readonly objectKey: string | null;
  readonly sha256: string | null;
  readonly looked: Looked;
  readonly verification: Verification | null;
  /** Its clip is being made: no way back. */
  readonly committed: boolean;
  readonly decision: UploadDecision | null;
  readonly clipId: Id<'clip'> | null;
  readonly caseId: Id<'case'> | null;
  readonly reason: string | null;
  /** Grows with every change; projections apply newer versions only. */
  readonly version: number;
}

export interface UploadPolicy {
  /** Time for the parts to come. */
  readonly receivingMs: number;
  /** How long the bytes of an upload that has ended are kept. */
  readonly keepMs: number;
  /** For what is only verified: everything. */
  readonly verifyMs: number;
  /** How long one that was taken back is remembered, so that what is still under way is told. */
  readonly forgetMs: number;
}

export type UploadInput =
  | { readonly type: 'complete'; readonly missing: readonly number[] }
  | { readonly type: 'assembled'; readonly objectKey: string }
  /** Assembling, or starting the check, was tried for hours. */
  | { readonly type: 'stuck' }
  | {
      readonly type: 'identified';
      readonly sha256: string;
      readonly objectKey: string;
      readonly mediaType: UploadMediaType;
    }
  | { readonly type: 'stage'; readonly stage: NonNullable<Upload['stage']> }
  | { readonly type: 'looked'; readonly looked: Exclude<Looked, { kind: 'awaited' }> }
  | { readonly type: 'verified'; readonly verification: Verification }
  | { readonly type: 'commit' }
  | { readonly type: 'settle'; readonly outcome: UploadOutcome }
  | { readonly type: 'decided'; readonly decision: UploadDecision }
  | { readonly type: 'cancel' }
  | { readonly type: 'due' };

export type UploadEffect = 'assemble' | 'check' | 'nudge' | 'stop-inspection' | 'erase';

export interface Transition {
  readonly state: UploadState;
  readonly changed: boolean;
  readonly effects: readonly UploadEffect[];
}

export function opened(
  purpose: UploadState['purpose'],
  mediaType: UploadMediaType,
  now: number,
  policy: UploadPolicy,
): UploadState {
  const expiresAt = now + (purpose === 'verify' ? policy.verifyMs : policy.receivingMs);
  return {
    purpose,
    phase: 'receiving',
    stage: null,
    dueAt: expiresAt,
    expiresAt,
    run: 0,
    mediaType,
    objectKey: null,
    sha256: null,
    looked: { kind: 'awaited' },
    verification: null,
    committed: false,
    decision: null,
    clipId: null,
    caseId: null,
    reason: null,
    version: 1,
  };
}

/** Nothing of it is left but that it was. */
export function isOver(phase: Phase): boolean {
  return phase === 'expired' || phase === 'gone';
}

function hasEnded(phase: Phase): boolean {
  return isOver(phase) || phase === 'ready' || phase === 'refused' || phase === 'failed';
}

/** Parts are taken. Refuses with upload_expired and conflict. */
export function takesParts({ phase, expiresAt }: UploadState, now: number): Result<void> {
  if (phase === 'expired' || (phase === 'receiving' && now >= expiresAt)) return fail('upload_expired');
  return phase === 'receiving'
    ? ok(undefined)
    : fail('conflict', 'This upload is complete: no part can be sent any more.');
}

/** What happens to bytes that are only looked at once. */
const verifying: ReadonlySet<UploadInput['type']> = new Set(['identified', 'looked', 'cancel', 'due']);

/** What comes late or twice changes nothing. Refuses with upload_incomplete, upload_expired, already_final, conflict. */
export function transition(
  state: UploadState,
  input: UploadInput,
  policy: UploadPolicy,
  now: number,
): Result<Transition> {
  const { phase } = state;
  if (state.purpose === 'verify' && !verifying.has(input.type))
    return fail('conflict', 'This was only sent to be verified.');
  switch (input.type) {
    case 'complete':
      return completed(state, input.missing, now);
    case 'assembled':
      if (phase !== 'assembling') return same(state);
      return to(
        state,
        { phase: 'checking', stage: 'bytes', objectKey: input.objectKey, run: state.run + 1 },
        'check',
      );
    case 'stuck':
      if (phase !== 'assembling' && phase !== 'checking') return same(state);
      return ended(state, { status: 'failed', reason: 'It could not be checked. Try again.' }, policy, now);
    case 'identified': {
      const { sha256, objectKey, mediaType } = input;
      if (phase !== 'checking' && !receives(state))
        return hasEnded(phase) ? fail('already_final') : fail('conflict');
      return to(state, { sha256, objectKey, mediaType, phase: 'checking', stage: 'credentials' });
    }
    case 'stage':
      if (phase !== 'checking') return fail('already_final');
      return state.stage === input.stage ? same(state) : to(state, { stage: input.stage });
    case 'looked':
      // A look that comes after the check gave up on it is kept for the next one.
      if (state.looked.kind === 'seen' || (phase !== 'checking' && phase !== 'failed')) return same(state);
      return to(state, { looked: input.looked }, ...(phase === 'checking' ? (['nudge'] as const) : []));
    case 'verified':
      if (phase !== 'checking') return fail('already_final');
      return to(state, { verification: input.verification, stage: 'verdict' });
    case 'commit':
      if (phase !== 'checking') return fail('already_final');
      return state.committed ? same(state) : to(state, { committed: true });
    case 'settle':
      return settled(state, input.outcome, policy, now);
    case 'decided':
      return decided(state, input.decision);
    case 'cancel':
      return cancelled(state, policy, now);
    case 'due':
      return state.dueAt === null || now < state.dueAt ? same(state) : overdue(state, policy, now);
  }
}

/** Bytes that came in one piece, to be verified. */
function receives({ purpose, phase }: UploadState): boolean {
  return purpose === 'verify' && phase === 'receiving';
}

function completed(state: UploadState, missing: readonly number[], now: number): Result<Transition> {
  switch (state.phase) {
    case 'receiving': {
      if (now >= state.expiresAt) return fail('upload_expired');
      if (missing.length > 0) {
        const some = missing.slice(0, 20).join(', ');
        const message = `${missing.length === 1 ? 'One part is' : `${missing.length} parts are`} missing: ${some}${missing.length > 20 ? ' …' : ''}.`;
        return fail('upload_incomplete', message, { missing: missing.slice(0, 600) });
      }
      return to(state, { phase: 'assembling', stage: 'bytes', dueAt: null }, 'assemble');
    }
    case 'failed':
      // Nothing was lost: the same bytes are checked again, while they are kept.
      if (state.dueAt === null) return fail('upload_expired');
      if (state.objectKey === null)
        return to(state, { phase: 'assembling', stage: 'bytes', dueAt: null, reason: null }, 'assemble');
      return to(
        state,
        {
          phase: 'checking',
          stage: 'bytes',
          dueAt: null,
          reason: null,
          run: state.run + 1,
          committed: false,
        },
        'check',
      );
    case 'expired':
      return fail('upload_expired');
    case 'gone':
      return fail('not_found', 'There is no such upload.');
    default:
      return same(state);
  }
}

function settled(
  state: UploadState,
  outcome: UploadOutcome,
  policy: UploadPolicy,
  now: number,
): Result<Transition> {
  if (state.phase !== 'checking') {
    const told = state.phase === outcome.status;
    return told ? same(state) : fail('already_final');
  }
  if (outcome.status === 'review') {
    const { caseId, reason } = outcome;
    return to(state, { phase: 'review', stage: null, caseId, reason, decision: null });
  }
  return ended(state, outcome, policy, now);
}

function ended(
  state: UploadState,
  outcome: Exclude<UploadOutcome, { status: 'review' }>,
  policy: UploadPolicy,
  now: number,
): Result<Transition> {
  const clipId = 'clipId' in outcome ? outcome.clipId : null;
  const caseId = ('caseId' in outcome ? outcome.caseId : null) ?? state.caseId;
  const { status, reason } = outcome;
  const end = { phase: status, stage: null, committed: false, reason, clipId, caseId };
  // What may be tried again keeps its bytes, and what is evidence; everything else is needed no more.
  const kept = status === 'failed' || (status === 'refused' && caseId !== null);
  if (kept) return to(state, { ...end, dueAt: now + policy.keepMs });
  return to(state, { ...end, ...bytesForgotten }, 'erase');
}

const bytesForgotten = { dueAt: null, objectKey: null, looked: { kind: 'awaited' } } as const;

/** The desk speaks about what waits for it, and may allow what a rule or an earlier decision refused while the bytes are kept. */
function decided(state: UploadState, decision: UploadDecision): Result<Transition> {
  const next = { phase: 'checking', stage: 'verdict', decision, reason: null } as const;
  if (state.phase === 'review') return to(state, next, 'nudge');
  const allowed = state.phase === 'refused' && state.objectKey !== null && decision.outcome === 'publish';
  return allowed ? to(state, { ...next, dueAt: null, run: state.run + 1 }, 'check') : same(state);
}

function cancelled(state: UploadState, policy: UploadPolicy, now: number): Result<Transition> {
  const { phase, committed, caseId } = state;
  if (isOver(phase)) return same(state);
  if (phase === 'review') {
    return fail(
      'conflict',
      'A moderator is looking at this upload. It can be deleted once they have decided.',
    );
  }
  if (phase === 'refused' && caseId !== null && state.objectKey !== null) {
    return fail(
      'conflict',
      'This upload is part of a moderation case. It is erased 30 days after the decision.',
    );
  }
  if (committed) return fail('conflict', 'This upload is just becoming a clip. Delete the draft instead.');
  return gone(state, policy, now);
}

function overdue(state: UploadState, policy: UploadPolicy, now: number): Result<Transition> {
  const { phase, purpose } = state;
  if (isOver(phase)) return same(state);
  if (purpose === 'verify') return gone(state, policy, now);
  switch (phase) {
    case 'receiving':
      return to(
        forgetting(state),
        { phase: 'expired', reason: 'Not all of it came within a day.', dueAt: now + policy.keepMs },
        'erase',
      );
    case 'refused':
    case 'failed':
      // What was said about it stays readable; the bytes go.
      return to(state, bytesForgotten, 'stop-inspection', 'erase');
    default:
      return same(state);
  }
}

function gone(state: UploadState, policy: UploadPolicy, now: number): Result<Transition> {
  return to(forgetting(state), { phase: 'gone', dueAt: now + policy.forgetMs }, 'stop-inspection', 'erase');
}

/** Whether nothing of it is needed any more, not even that it was. */
export function isForgettable({ phase, dueAt }: UploadState, now: number): boolean {
  return isOver(phase) && dueAt !== null && now >= dueAt;
}

function forgetting(state: UploadState): UploadState {
  return {
    ...state,
    ...bytesForgotten,
    stage: null,
    verification: null,
  };
}

function to(
  state: UploadState,
  change: Partial<UploadState>,
  ...effects: readonly UploadEffect[]
): Result<Transition> {
  return ok({ state: { ...state, ...change, version: state.version + 1 }, changed: true, effects });
}

function same(state: UploadState): Result<Transition> {
  return ok({ state, changed: false, effects: [] });
}
