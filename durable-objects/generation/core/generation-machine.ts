/**
 * The life of one generation: queued → running → finishing → ready, or failed, cancelled, quarantined. Invariants: exactly one final
 * state, nothing changes after it; progress never goes back within an attempt; nothing is made while somebody in it has not agreed;
 * after the commit point a cancel or a withdrawn consent changes nothing; every final state settles the credits once, captured only
 * for `ready`. Called by the Generation object; pure.
 */
import type { ErrorCode } from '#schemas/errors.ts';
import { type GenerationStatus, isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { type RenderStage, renderStages } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

export interface GenerationState {
  readonly status: GenerationStatus;
  readonly stage: RenderStage;
  /** 0..1 over the whole job. */
  readonly progress: number;
  /** The newest attempt seen; 0 before the first. */
  readonly attempt: number;
  /** When that attempt began, milliseconds since the epoch. */
  readonly attemptAt: number | null;
  readonly committed: boolean;
  readonly clipId: Id<'clip'> | null;
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    /** Which rule, and where, for whoever wants to show it. */
    readonly details?: Readonly<Record<string, string | number>>;
  } | null;
  readonly deadlineAt: number;
  /** People whose agreement to this generation is still awaited. */
  readonly awaiting: readonly Id<'acc'>[];
  /** Grows with every change. */
  readonly version: number;
  readonly updatedAt: number;
}

export type GenerationInput =
  | {
      readonly type: 'progress';
      readonly attempt: number;
      readonly stage: RenderStage;
      readonly progress: number;
    }
  | { readonly type: 'requeued'; readonly attempt: number }
  | { readonly type: 'finishing'; readonly stage: RenderStage }
  | { readonly type: 'commit' }
  | { readonly type: 'ready'; readonly clipId: Id<'clip'> }
  | ({ readonly type: 'fail' } & NonNullable<GenerationState['error']>)
  | ({ readonly type: 'quarantine' } & NonNullable<GenerationState['error']>)
  | { readonly type: 'cancel' }
  /** Somebody cast in it has withdrawn. */
  | { readonly type: 'withdrawn' }
  | {
      readonly type: 'reviewed';
      readonly accountId: Id<'acc'>;
      readonly decision: 'approve' | 'refuse';
      /** From the last approval to the deadline, milliseconds. */
      readonly deadlineMs: number;
    }
  | { readonly type: 'deadline' };

/** What a transition owes the rest of the system; the object turns each into outbox rows. `tell-cast`: to everybody cast in it. */
export type GenerationEffect =
  | 'capture'
  | 'release'
  | 'cancel-job'
  | 'nudge-workflow'
  | 'project'
  | 'tell-cast';

export interface Transition {
  readonly state: GenerationState;
  /** False when the input changed nothing (a repetition, or news that came too late). */
  readonly changed: boolean;
  readonly effects: readonly GenerationEffect[];
}

/** Share of the whole job that the render node's own progress covers; checking, signing and delivering share the rest. */
const renderShare = 0.9;
const stageProgress: Partial<Record<RenderStage, number>> = {
  checking: 0.92,
  signing: 0.95,
  delivering: 0.98,
  done: 1,
};

/** Once committed the clip is being handed over; this much more time is allowed before the deadline counts, milliseconds. */
export const commitGraceMs = 10 * 60_000;

/** A person who is asked to agree has this long, milliseconds. */
export const reviewMs = 7 * 86_400_000;

const withdrawnMessage =
  'Somebody in this clip withdrew their consent while it was being made. Your credits were returned.';
const refusedMessage = 'Somebody in this clip did not agree to it. Your credits were returned.';
const unansweredMessage =
  'Somebody in this clip was asked to agree and did not answer within seven days. Your credits were returned.';

/**
 * A generation as admission made it.
 * @param awaiting people who have to agree first; the deadline counts from the last agreement
 */
export function opened(
  now: number,
  deadlineMs: number,
  awaiting: readonly Id<'acc'>[] = [],
): GenerationState {
  return {
    status: 'queued',
    stage: 'waiting',
    progress: 0,
    attempt: 0,
    attemptAt: null,
    committed: false,
    clipId: null,
    error: null,
    deadlineAt: now + (awaiting.length > 0 ? reviewMs : deadlineMs),
    awaiting,
    version: 1,
    updatedAt: now,
  };
}

/**
 * Applies one input.
 * @returns the new state and what it owes; refuses with already_final (it has ended otherwise, or a cancel after the commit point) and
 *   with conflict (a step of delivery out of order). News from render nodes is never refused, only ignored.
 */
export function transition(state: GenerationState, input: GenerationInput, now: number): Result<Transition> {
  switch (input.type) {
    case 'progress':
      return ok(progressed(state, input, now));
    case 'requeued': {
      if (state.status !== 'running' || state.attempt !== input.attempt) return unchanged(state);
      return changed(state, { status: 'queued', stage: 'waiting', progress: 0, attemptAt: null }, now, [
        'project',
      ]);
    }
    case 'finishing': {
      if (isFinal(state.status)) return ended(state);
      if (state.awaiting.length > 0) return fail('conflict', 'Somebody in it has not agreed yet.');
      const stage = later(state.status === 'finishing' ? state.stage : 'checking', input.stage);
      if (state.status === 'finishing' && stage === state.stage) return unchanged(state);
      const effects: GenerationEffect[] = state.status === 'finishing' ? [] : ['project'];
      return changed(state, { status: 'finishing', stage, progress: reached(state, stage) }, now, effects);
    }
    case 'commit': {
      if (state.status === 'ready') return unchanged(state);
      if (isFinal(state.status)) return ended(state);
      if (state.status !== 'finishing') return fail('conflict', 'The clip has not been checked yet.');
      if (state.committed) return unchanged(state);
      const stage = later(state.stage, 'delivering');
      return changed(state, { committed: true, stage, progress: reached(state, stage) }, now, []);
    }
    case 'ready': {
      if (state.status === 'ready' && state.clipId === input.clipId) return unchanged(state);
      if (isFinal(state.status)) return ended(state);
      if (!state.committed) return fail('conflict', 'The clip has not passed the commit point yet.');
      return changed(state, { status: 'ready', stage: 'done', progress: 1, clipId: input.clipId }, now, [
        'capture',
        'project',
        'tell-cast',
      ]);
    }
    case 'fail':
      if (state.status === 'failed') return unchanged(state);
      if (isFinal(state.status)) return ended(state);
      return ok(stopped(state, 'failed', input, now));
    case 'quarantine':
      if (state.status === 'quarantined') return unchanged(state);
      if (isFinal(state.status)) return ended(state);
      return ok(stopped(state, 'quarantined', input, now));
    case 'cancel':
      if (state.status === 'cancelled') return unchanged(state);
      if (isFinal(state.status)) return ended(state);
      if (state.committed)
        return fail(
          'already_final',
          'The clip is being delivered and cannot be cancelled any more. Delete it instead.',
        );
      return ok(stopped(state, 'cancelled', null, now));
    case 'withdrawn': {
      // After the commit point the draft's keys are denied; before it nothing is left over.
      if (isFinal(state.status) || state.committed) return unchanged(state);
      const error = { code: 'consent_denied', message: withdrawnMessage } as const;
      return ok(stopped(state, state.status === 'queued' ? 'cancelled' : 'quarantined', error, now));
    }
    case 'reviewed': {
      if (isFinal(state.status) || !state.awaiting.includes(input.accountId)) return unchanged(state);
      if (input.decision === 'refuse') {
        return ok(stopped(state, 'failed', { code: 'consent_denied', message: refusedMessage }, now));
      }
      const awaiting = state.awaiting.filter((account) => account !== input.accountId);
      if (awaiting.length > 0) return changed(state, { awaiting }, now, []);
      const deadlineAt = now + input.deadlineMs;
      return changed(state, { awaiting, deadlineAt }, now, ['nudge-workflow', 'project']);
    }
    case 'deadline': {
      if (isFinal(state.status) || now < dueAt(state)) return unchanged(state);
      const message = 'Making this clip took too long. Your credits were returned.';
      const error =
        state.awaiting.length > 0
          ? ({ code: 'consent_denied', message: unansweredMessage } as const)
          : ({ code: 'deadline_exceeded', message } as const);
      return ok(stopped(state, 'failed', error, now));
    }
  }
}

/** When the deadline counts for this state, milliseconds since the epoch. */
export function dueAt(state: GenerationState): number {
  return state.committed ? state.deadlineAt + commitGraceMs : state.deadlineAt;
}

/** Seconds an attempt will still take if it goes on as it began; null while too little is known. */
export function remainingSeconds(state: GenerationState, now: number): number | null {
  if (isFinal(state.status)) return 0;
  if (state.status === 'queued' || state.attemptAt === null || state.progress < 0.05) return null;
  const elapsed = (now - state.attemptAt) / 1000;
  return Math.max(1, Math.round((elapsed * (1 - state.progress)) / state.progress));
}

function progressed(
  state: GenerationState,
  input: { readonly attempt: number; readonly stage: RenderStage; readonly progress: number },
  now: number,
): Transition {
  const ignored = { state, changed: false, effects: [] };
  if ((state.status !== 'queued' && state.status !== 'running') || input.attempt < state.attempt)
    return ignored;
  if (state.awaiting.length > 0) return ignored;
  const progress = Math.min(1, Math.max(0, input.progress)) * renderShare;
  if (input.attempt > state.attempt) {
    return next(
      state,
      { status: 'running', stage: input.stage, progress, attempt: input.attempt, attemptAt: now },
      now,
      state.status === 'running' ? [] : ['project'],
    );
  }
  // A heartbeat of an attempt whose lease was lost: the job waits for the next one.
  if (state.status === 'queued') return ignored;
  const stage = later(state.stage, input.stage);
  if (stage === state.stage && progress <= state.progress) return ignored;
  return next(state, { stage, progress: Math.max(state.progress, progress) }, now, []);
}

/** Every ending but `ready`: the credits go back, the job and the workflow stop, everybody in it learns of it. */
function stopped(
  state: GenerationState,
  status: 'failed' | 'quarantined' | 'cancelled',
  error: GenerationState['error'],
  now: number,
): Transition {
  const short =
    error === null
      ? null
      : {
          code: error.code,
          message: error.message.slice(0, 500),
          ...(error.details === undefined ? {} : { details: error.details }),
        };
  return next(state, { status, error: short, awaiting: [] }, now, [
    'release',
    'cancel-job',
    'nudge-workflow',
    'project',
    'tell-cast',
  ]);
}

function later(a: RenderStage, b: RenderStage): RenderStage {
  return renderStages.indexOf(b) > renderStages.indexOf(a) ? b : a;
}

function reached(state: GenerationState, stage: RenderStage): number {
  return Math.max(state.progress, stageProgress[stage] ?? 0);
}

function next(
  state: GenerationState,
  change: Partial<GenerationState>,
  now: number,
  effects: readonly GenerationEffect[],
): Transition {
  return {
    state: { ...state, ...change, version: state.version + 1, updatedAt: now },
    changed: true,
    effects,
  };
}

function changed(
  state: GenerationState,
  change: Partial<GenerationState>,
  now: number,
  effects: readonly GenerationEffect[],
): Result<Transition> {
  return ok(next(state, change, now, effects));
}

function unchanged(state: GenerationState): Result<Transition> {
  return ok({ state, changed: false, effects: [] });
}

function ended(state: GenerationState): Result<Transition> {
  return fail('already_final', `This generation is ${state.status} and cannot be changed.`, {
    status: state.status,
  });
}
