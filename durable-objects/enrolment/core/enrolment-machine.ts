/**
 * The life of one enrolment: open → receiving → claiming → queued → comparing → enrolling → accepted, with refused, review and expired
 * beside it. Invariants: a challenge takes one recording; there is one decision and nothing changes after it; files and template are
 * owed their erasure in the step that ends it, whatever ended it; nothing waits longer than its phase allows. Called by the Enrolment
 * object; pure.
 */
import type { FaceOutcome, SealedTemplate } from '#durable-objects/face-index/rpc.ts';
import type { InspectionDeath, SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import type { EnrolmentCheck, Verification } from '#schemas/http/cameo.ts';
import type { Voice } from '#schemas/likeness.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { judgeReport } from './judge-report.ts';
import * as words from './words.ts';

export type Phase =
  | 'open'
  | 'receiving'
  | 'claiming'
  | 'queued'
  | 'comparing'
  | 'enrolling'
  | 'review'
  | 'accepted'
  | 'refused'
  | 'expired';

export interface EnrolmentState {
  readonly phase: Phase;
  /** Uploads begun. */
  readonly attempt: number;
  /** When the challenge lapses, milliseconds since the epoch. */
  readonly expiresAt: number;
  /** When this phase has lasted too long; null for those that end by themselves and for the final ones. */
  readonly dueAt: number | null;
  readonly recording: { readonly size: number; readonly mediaType: string; readonly sha256: string } | null;
  readonly checks: readonly EnrolmentCheck[];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** What the likeness is made of, from the report until the decision. */
  readonly findings: {
    readonly template: SealedTemplate;
    readonly voice: Voice | null;
    readonly portrait: SealedReport['portrait'];
    readonly speechVerified: boolean;
  } | null;
  /** Why a person has to look. */
  readonly reviewOf: 'report' | 'face' | null;
  /** A person has looked at the face. */
  readonly confirmed: boolean;
}

export interface EnrolmentPolicy {
  readonly challengeMs: number;
  /** An upload that takes longer is taken for broken off. */
  readonly receivingMs: number;
  /** From the recording to the report. */
  readonly inspectionMs: number;
  readonly reviewMs: number;
  readonly speechUnverified: 'allow' | 'review';
}

export type EnrolmentInput =
  | { readonly type: 'begin' }
  | {
      readonly type: 'recorded';
      readonly attempt: number;
      readonly recording: NonNullable<EnrolmentState['recording']>;
    }
  | { readonly type: 'abandon'; readonly attempt: number }
  | { readonly type: 'claimed'; readonly fresh: boolean }
  | { readonly type: 'inspected'; readonly report: SealedReport }
  | { readonly type: 'inspection-failed'; readonly code: InspectionDeath }
  | { readonly type: 'compared'; readonly outcome: FaceOutcome }
  | { readonly type: 'enrolled' }
  | { readonly type: 'not-enrolled'; readonly message: string }
  | { readonly type: 'reviewed'; readonly decision: 'accept' | 'refuse' }
  | { readonly type: 'withdrawn' }
  /** An effect could not be carried out however often it was tried. */
  | { readonly type: 'stuck' }
  | { readonly type: 'due' };

/** `erase-attempt`: the recording of the upload that was given up; `erase-files`: everything there is. */
export type EnrolmentEffect =
  | 'claim'
  | 'inspect'
  | 'stop-inspection'
  | 'compare'
  | 'discard-template'
  | 'enrol'
  | 'erase-attempt'
  | 'erase-files'
  | 'tell-accepted'
  | 'tell-refused'
  | 'tell-review'
  /** A person has to look: a case for the moderators' desk. */
  | 'ask-desk';

export interface Transition {
  readonly state: EnrolmentState;
  readonly changed: boolean;
  readonly effects: readonly EnrolmentEffect[];
}

export function opened(now: number, policy: EnrolmentPolicy): EnrolmentState {
  const expiresAt = now + policy.challengeMs;
  return {
    phase: 'open',
    attempt: 0,
    expiresAt,
    dueAt: expiresAt,
    recording: null,
    checks: [],
    error: null,
    findings: null,
    reviewOf: null,
    confirmed: false,
  };
}

export function isFinal(phase: Phase): boolean {
  return phase === 'accepted' || phase === 'refused' || phase === 'expired';
}

/** How an accepted likeness was verified. A person who looked has heard the digits too. */
export function verificationOf({ findings, confirmed, reviewOf }: EnrolmentState): Verification {
  return findings?.speechVerified === true || confirmed || reviewOf !== null
    ? 'recording'
    : 'recording-speech-unverified';
}

/**
 * Applies one input. What comes late or twice changes nothing; refuses with challenge_expired (begin, recorded) and conflict (reviewed).
 */
export function transition(
  state: EnrolmentState,
  input: EnrolmentInput,
  policy: EnrolmentPolicy,
  now: number,
): Result<Transition> {
  const { phase } = state;
  switch (input.type) {
    case 'begin':
      if (phase !== 'open' || now >= state.expiresAt) return fail('challenge_expired');
      return to({
        ...state,
        phase: 'receiving',
        attempt: state.attempt + 1,
        dueAt: now + policy.receivingMs,
      });
    case 'recorded':
      if (input.attempt === state.attempt && state.recording?.sha256 === input.recording.sha256)
        return same(state);
      if (phase !== 'receiving' || input.attempt !== state.attempt) return fail('challenge_expired');
      return to({ ...state, phase: 'claiming', recording: input.recording, dueAt: null }, 'claim');
    case 'abandon':
      if (phase !== 'receiving' || input.attempt !== state.attempt) return same(state);
      return givenBack(state, now);
    case 'claimed':
      if (phase !== 'claiming') return same(state);
      if (!input.fresh) return refused({ ...state, checks: [words.replayed] });
      return to({ ...state, phase: 'queued', dueAt: now + policy.inspectionMs }, 'inspect');
    case 'inspected':
      return phase === 'queued' ? judged(state, input.report, policy, now) : same(state);
    case 'inspection-failed':
      if (phase !== 'queued') return same(state);
      if (input.code === 'unreadable_media') return refused({ ...state, checks: [words.unreadable] });
      return ended(state, { code: 'internal', message: words.notInspected }, ['tell-refused']);
    case 'compared':
      return phase === 'comparing' ? compared(state, input.outcome, policy, now) : same(state);
    case 'enrolled':
      if (phase !== 'enrolling') return same(state);
      return to(forgetting({ ...state, phase: 'accepted' }), 'tell-accepted', 'erase-files');
    case 'not-enrolled':
      if (phase !== 'enrolling') return same(state);
      return ended(state, { code: 'conflict', message: input.message }, ['discard-template', 'tell-refused']);
    case 'reviewed':
      if (phase !== 'review') return fail('conflict', 'This enrolment does not wait for a review.');
      if (input.decision === 'refuse') {
        return ended(state, { code: 'enrolment_refused', message: words.refusedByPerson }, ['tell-refused']);
      }
      return to(
        {
          ...state,
          phase: 'comparing',
          dueAt: null,
          confirmed: state.confirmed || state.reviewOf === 'face',
        },
        'compare',
      );
    case 'withdrawn':
      if (isFinal(phase)) return same(state);
      return ended(state, { code: 'conflict', message: words.withdrawn }, leftBehind(phase));
    case 'stuck':
      if (isFinal(phase) || phase === 'open' || phase === 'receiving') return same(state);
      return ended(state, { code: 'internal', message: words.notInspected }, [
        ...leftBehind(phase),
        'tell-refused',
      ]);
    case 'due':
      return state.dueAt === null || now < state.dueAt ? same(state) : overdue(state, now);
  }
}

function judged(
  state: EnrolmentState,
  report: SealedReport,
  policy: EnrolmentPolicy,
  now: number,
): Result<Transition> {
  const { verdict, checks } = judgeReport(report, policy.speechUnverified);
  if (verdict.kind === 'refused') return refused({ ...state, checks });
  if (verdict.kind === 'contradictory' || report.template === null) {
    return ended({ ...state, checks }, { code: 'internal', message: words.notInspected }, ['tell-refused']);
  }
  const { template, voice, portrait } = report;
  const found = {
    ...state,
    checks,
    findings: { template, voice, portrait, speechVerified: verdict.speechVerified },
  };
  if (verdict.kind === 'review') {
    return to(
      { ...found, phase: 'review', reviewOf: 'report', dueAt: now + policy.reviewMs },
      'tell-review',
      'ask-desk',
    );
  }
  return to({ ...found, phase: 'comparing', dueAt: null }, 'compare');
}

function compared(
  state: EnrolmentState,
  outcome: FaceOutcome,
  policy: EnrolmentPolicy,
  now: number,
): Result<Transition> {
  const checks = [
    ...state.checks.filter(({ name }) => name !== 'not-enrolled-elsewhere'),
    words.compared[outcome],
  ];
  if (outcome === 'stored') return to({ ...state, checks, phase: 'enrolling' }, 'enrol');
  return to(
    { ...state, checks, phase: 'review', reviewOf: 'face', dueAt: now + policy.reviewMs },
    'tell-review',
    'ask-desk',
  );
}

function overdue(state: EnrolmentState, now: number): Result<Transition> {
  switch (state.phase) {
    case 'open':
      return to(expired(state), 'erase-files');
    case 'receiving':
      return givenBack(state, now);
    case 'queued':
      return ended(state, { code: 'engine_unavailable', message: words.nobodyLooked }, [
        'stop-inspection',
        'tell-refused',
      ]);
    case 'review':
      return ended(state, { code: 'enrolment_refused', message: words.notReviewed }, ['tell-refused']);
    default:
      return same(state);
  }
}

/** The challenge is open again, or lapsed while the upload was under way. */
function givenBack(state: EnrolmentState, now: number): Result<Transition> {
  if (now >= state.expiresAt) return to(expired(state), 'erase-files');
  return to({ ...state, phase: 'open', dueAt: state.expiresAt }, 'erase-attempt');
}

function expired(state: EnrolmentState): EnrolmentState {
  return forgetting({
    ...state,
    phase: 'expired',
    error: { code: 'challenge_expired', message: words.lapsed },
  });
}

/** Refused by its checks; each of them says what to do. */
function refused(state: EnrolmentState): Result<Transition> {
  return ended(state, { code: 'enrolment_refused', message: words.refusedBy(state.checks) }, [
    'tell-refused',
  ]);
}

function ended(
  state: EnrolmentState,
  error: NonNullable<EnrolmentState['error']>,
  effects: readonly EnrolmentEffect[],
): Result<Transition> {
  return to(forgetting({ ...state, phase: 'refused', error }), ...effects, 'erase-files');
}

/** What of an enrolment that is cut short lies elsewhere. A comparison may be under way and store the template yet. */
function leftBehind(phase: Phase): EnrolmentEffect[] {
  if (phase === 'queued') return ['stop-inspection'];
  return phase === 'comparing' || phase === 'enrolling' ? ['discard-template'] : [];
}

/** A final state holds nothing of the person but what was said about the checks. */
function forgetting(state: EnrolmentState): EnrolmentState {
  return { ...state, dueAt: null, recording: null, findings: null };
}

function to(state: EnrolmentState, ...effects: readonly EnrolmentEffect[]): Result<Transition> {
  return ok({ state, changed: true, effects });
}

function same(state: EnrolmentState): Result<Transition> {
  return ok({ state, changed: false, effects: [] });
}
