/**
 * The life of one render job: waiting → leased → completed, or back to waiting, dead, cancelled. Invariants: every lease carries a
 * fencing token greater than all before it; only the node and token of the present lease can change a leased job; one final state and
 * nothing changes after it; at most `maxAttempts` leases. Called by the RenderQueue object and, with codes of its own, by the
 * InspectionQueue; pure.
 */
import { type Backoff, backoffMs } from '#durable-objects/shared/core/backoff.ts';
import type { Failure } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

export type JobStatus = 'waiting' | 'leased' | 'completed' | 'dead' | 'cancelled';
export type DeathCode = Failure['code'] | 'lease_lost';

/** @typeParam C why a node may give up */
export interface JobState<C extends string = Failure['code']> {
  readonly status: JobStatus;
  /** The newest fencing token; it is also the number of attempts made, 0 before the first lease. */
  readonly fence: number;
  /** Who holds, or last held, the lease. */
  readonly nodeId: string | null;
  /** Milliseconds since the epoch, here and below. */
  readonly leasedAt: number | null;
  /** Null unless leased. */
  readonly leaseExpiresAt: number | null;
  /** A waiting job is not leased before this. */
  readonly notBefore: number;
  /** Why it died. */
  readonly code: C | 'lease_lost' | null;
  readonly message: string | null;
  readonly settledAt: number | null;
}

export interface JobPolicy {
  readonly leaseMs: number;
  readonly maxAttempts: number;
  /** Between a failure that may pass and the next lease. */
  readonly backoff: Backoff;
}

/** Why a node gave up. */
export interface JobFailure<C extends string> {
  readonly fence: number;
  readonly code: C;
  readonly message: string;
  readonly retryable: boolean;
}

export type JobInput<C extends string = Failure['code']> =
  | { readonly type: 'lease'; readonly nodeId: string }
  | { readonly type: 'heartbeat'; readonly nodeId: string; readonly fence: number }
  | { readonly type: 'complete'; readonly nodeId: string; readonly fence: number }
  | {
      readonly type: 'fail';
      readonly nodeId: string;
      readonly failure: JobFailure<C>;
      readonly jitter: number;
    }
  | { readonly type: 'expire' }
  | { readonly type: 'cancel' };

/** `started` and `requeued` name the attempt; `settled` means a final state; `lost` names a token whose uploads are worthless. */
export type JobEffect =
  | { readonly type: 'started'; readonly attempt: number }
  | { readonly type: 'requeued'; readonly attempt: number }
  | { readonly type: 'lost'; readonly fence: number }
  | { readonly type: 'settled' };

export interface JobTransition<C extends string = Failure['code']> {
  readonly state: JobState<C>;
  readonly changed: boolean;
  readonly effects: readonly JobEffect[];
}

/** A job as it is enqueued. */
export function waitingJob(now: number): JobState<never> {
  return {
    status: 'waiting',
    fence: 0,
    nodeId: null,
    leasedAt: null,
    leaseExpiresAt: null,
    notBefore: now,
    code: null,
    message: null,
    settledAt: null,
  };
}

/** A job that was cancelled before it was enqueued: it stands in the way of the enqueue that comes too late. */
export function cancelledJob(now: number): JobState<never> {
  return { ...waitingJob(now), status: 'cancelled', settledAt: now };
}

export function isSettled(status: JobStatus): boolean {
  return status === 'completed' || status === 'dead' || status === 'cancelled';
}

/**
 * Applies one input.
 * @returns the new state and what it owes. A heartbeat of the last lease of a cancelled job is taken and changes nothing: the caller
 *   tells the node to stop. Refuses with stale_lease when node or token are not those of the present lease, and with conflict when a
 *   job that is not ready is leased.
 */
export function transition<C extends string = Failure['code']>(
  state: JobState<C>,
  input: JobInput<C>,
  policy: JobPolicy,
  now: number,
): Result<JobTransition<C>> {
  switch (input.type) {
    case 'lease': {
      if (state.status !== 'waiting' || state.notBefore > now) {
        return fail('conflict', 'This job cannot be leased now.');
      }
      const fence = state.fence + 1;
      return changed(
        {
          ...state,
          status: 'leased',
          fence,
          nodeId: input.nodeId,
          leasedAt: now,
          leaseExpiresAt: now + policy.leaseMs,
        },
        [{ type: 'started', attempt: fence }],
      );
    }
    case 'heartbeat':
      if (state.status === 'cancelled' && holds(state, input)) return unchanged(state);
      if (state.status !== 'leased' || !holds(state, input)) return fail('stale_lease');
      // The token decides, not the clock: while nobody else has leased the job, a late heartbeat is still good.
      return changed({ ...state, leaseExpiresAt: now + policy.leaseMs }, []);
    case 'complete':
      if (state.status === 'completed' && holds(state, input)) return unchanged(state);
      if (state.status !== 'leased' || !holds(state, input)) return fail('stale_lease');
      return changed({ ...state, status: 'completed', leaseExpiresAt: null, settledAt: now }, [
        { type: 'settled' },
      ]);
    case 'fail': {
      const { failure, jitter } = input;
      if (state.status !== 'leased' || !holds(state, { nodeId: input.nodeId, fence: failure.fence }))
        return fail('stale_lease');
      if (!failure.retryable || state.fence >= policy.maxAttempts)
        return changed(...died(state, failure.code, failure.message, now));
      return changed(...requeued(state, now + backoffMs(state.fence, jitter, policy.backoff)));
    }
    case 'expire':
      if (state.status !== 'leased' || state.leaseExpiresAt === null || now < state.leaseExpiresAt)
        return unchanged(state);
      if (state.fence >= policy.maxAttempts) {
        return changed(
          ...died(state, 'lease_lost', `the render node stopped answering ${state.fence} times`, now),
        );
      }
      return changed(...requeued(state, now));
    case 'cancel': {
      if (isSettled(state.status)) return unchanged(state);
      const lost: JobEffect[] = state.status === 'leased' ? [{ type: 'lost', fence: state.fence }] : [];
      return changed({ ...state, status: 'cancelled', leaseExpiresAt: null, settledAt: now }, [
        ...lost,
        { type: 'settled' },
      ]);
    }
  }
}

function holds(state: JobState<string>, claim: { readonly nodeId: string; readonly fence: number }): boolean {
  return state.fence === claim.fence && state.nodeId === claim.nodeId;
}

function requeued<C extends string>(state: JobState<C>, notBefore: number): [JobState<C>, JobEffect[]] {
  return [
    { ...state, status: 'waiting', leaseExpiresAt: null, notBefore },
    [
      { type: 'lost', fence: state.fence },
      { type: 'requeued', attempt: state.fence },
    ],
  ];
}

function died<C extends string>(
  state: JobState<C>,
  code: C | 'lease_lost',
  message: string,
  now: number,
): [JobState<C>, JobEffect[]] {
  return [
    { ...state, status: 'dead', leaseExpiresAt: null, code, message: message.slice(0, 300), settledAt: now },
    [{ type: 'lost', fence: state.fence }, { type: 'settled' }],
  ];
}

function changed<C extends string>(
  state: JobState<C>,
  effects: readonly JobEffect[],
): Result<JobTransition<C>> {
  return ok({ state, changed: true, effects });
}

function unchanged<C extends string>(state: JobState<C>): Result<JobTransition<C>> {
  return ok({ state, changed: false, effects: [] });
}
