/** The job machine under random nodes, clocks and late answers: tokens grow, one lease lives, one end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isSettled,
  type JobEffect,
  type JobInput,
  type JobPolicy,
  type JobState,
  transition,
  waitingJob,
} from '#durable-objects/render-queue/core/job-machine.ts';

const seed = 20261122;
const policy: JobPolicy = { leaseMs: 1_000, maxAttempts: 3, backoff: { baseMs: 200, capMs: 1_000 } };

const nodeId = fc.constantFrom('n1', 'n2', 'n3');
const fence = fc.integer({ min: 1, max: 4 });
const input: fc.Arbitrary<JobInput> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('lease' as const), nodeId }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('heartbeat' as const), nodeId, fence }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('complete' as const), nodeId, fence }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('fail' as const),
      nodeId,
      failure: fc.record({
        fence,
        code: fc.constantFrom('engine_failed' as const, 'node_shutdown' as const),
        message: fc.string({ maxLength: 20 }),
        retryable: fc.boolean(),
      }),
      jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('expire' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const) }) },
);

/** Node and token of the lease that is alive, as an observer of the answers would note it. */
function holder(state: JobState): string | null {
  return state.status === 'leased' ? `${state.nodeId}#${state.fence}` : null;
}

describe('job machine', () => {
  test('fencing tokens grow, one lease is alive, and there is one end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(input, fc.integer({ min: 0, max: 700 })), { maxLength: 60, size: 'max' }),
        (steps) => {
          let now = 0;
          let state: JobState = waitingJob(now);
          const tokens: number[] = [];
          const effects: JobEffect[] = [];
          for (const [step, ms] of steps) {
            now += ms;
            const moved = transition(state, step, policy, now);
            if (!moved.ok) {
              expect(moved.error.code).toBe(step.type === 'lease' ? 'conflict' : 'stale_lease');
              continue;
            }
            const next = moved.value.state;
            if (isSettled(state.status)) expect(next).toBe(state);
            if (step.type === 'lease') {
              // No second lease beside a live one, none before its time.
              expect([state.status, state.notBefore <= now]).toEqual(['waiting', true]);
              tokens.push(next.fence);
            }
            if (step.type === 'complete' && moved.value.changed)
              expect(`${step.nodeId}#${step.fence}`).toBe(holder(state));
            if (step.type === 'fail')
              expect(next.status === 'dead').toBe(
                !step.failure.retryable || state.fence === policy.maxAttempts,
              );
            if (step.type === 'fail') expect(`${step.nodeId}#${step.failure.fence}`).toBe(holder(state));
            if (step.type === 'heartbeat' && next.status === 'leased') {
              expect(`${step.nodeId}#${step.fence}`).toBe(holder(state));
              expect(next.leaseExpiresAt).toBe(now + policy.leaseMs);
            }
            if (step.type === 'expire' && moved.value.changed)
              expect(state.leaseExpiresAt).toBeLessThanOrEqual(now);
            expect(next.leaseExpiresAt === null).toBe(next.status !== 'leased');
            effects.push(...moved.value.effects);
            state = next;
          }
          expect(tokens).toEqual(tokens.map((_, at) => at + 1));
          expect(tokens.length).toBeLessThanOrEqual(policy.maxAttempts);
          const attempts = (type: 'started' | 'requeued') =>
            effects
              .filter((effect) => effect.type === type)
              .map((effect) => 'attempt' in effect && effect.attempt);
          expect(attempts('started')).toEqual(tokens);
          // Every attempt ends at most once: given back, or with the job.
          expect(new Set(attempts('requeued')).size).toBe(attempts('requeued').length);
          expect(effects.filter((effect) => effect.type === 'settled').length).toBe(
            isSettled(state.status) ? 1 : 0,
          );
          const lost = effects.flatMap((effect) => (effect.type === 'lost' ? [effect.fence] : []));
          expect(lost).toEqual([...new Set(lost)]);
          // Every token but the one that lives or has won is lost.
          const kept = state.status === 'completed' || state.status === 'leased' ? [state.fence] : [];
          expect([...lost, ...kept]).toEqual(tokens);
        },
      ),
      { seed, numRuns: 3_000 },
    );
  });

  test('a failure that may pass waits longer each time, and the last one is the end', () => {
    let state: JobState = waitingJob(0);
    let now = 0;
    const waits: number[] = [];
    for (let attempt = 1; attempt <= policy.maxAttempts; attempt += 1) {
      now = state.notBefore;
      const leased = transition(state, { type: 'lease', nodeId: 'n1' }, policy, now);
      if (!leased.ok) throw new Error(leased.error.code);
      const failure = { fence: attempt, code: 'engine_failed', message: 'boom', retryable: true } as const;
      const failed = transition(
        leased.value.state,
        { type: 'fail', nodeId: 'n1', failure, jitter: 0.5 },
        policy,
        now,
      );
      if (!failed.ok) throw new Error(failed.error.code);
      state = failed.value.state;
      if (state.status === 'waiting') waits.push(state.notBefore - now);
    }
    expect(waits).toEqual([150, 300]);
    expect(state).toMatchObject({ status: 'dead', code: 'engine_failed', message: 'boom', fence: 3 });
  });

  test('a node of a cancelled job is told so on its own token and on no other', () => {
    const leased = transition(waitingJob(0), { type: 'lease', nodeId: 'n1' }, policy, 0);
    if (!leased.ok) throw new Error(leased.error.code);
    const cancelled = transition(leased.value.state, { type: 'cancel' }, policy, 1);
    if (!cancelled.ok) throw new Error(cancelled.error.code);
    const beat = (nodeId: string, fence: number) =>
      transition(cancelled.value.state, { type: 'heartbeat', nodeId, fence }, policy, 2);
    expect(beat('n1', 1)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } });
    expect(beat('n2', 1)).toMatchObject({ ok: false, error: { code: 'stale_lease' } });
    expect(
      transition(cancelled.value.state, { type: 'complete', nodeId: 'n1', fence: 1 }, policy, 2),
    ).toMatchObject({ error: { code: 'stale_lease' } });
  });
});
