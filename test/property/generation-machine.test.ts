/**
 * The generation machine under random inputs: one final state, one settlement, progress that never goes back, and nothing made while
 * somebody in it has not agreed or after somebody has withdrawn.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commitGraceMs,
  dueAt,
  type GenerationEffect,
  type GenerationInput,
  type GenerationState,
  opened,
  reviewMs,
  transition,
} from '#durable-objects/generation/core/generation-machine.ts';
import { isFinal } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { renderStages } from '#schemas/render.ts';

const seed = 20261122;
const deadlineMs = 1_000;

const stage = fc.constantFrom(...renderStages);
const attempt = fc.integer({ min: 1, max: 4 });
const progress = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const input: fc.Arbitrary<GenerationInput> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('progress' as const), attempt, stage, progress }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('requeued' as const), attempt }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('finishing' as const),
      stage: fc.constantFrom('checking' as const, 'signing' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('commit' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ready' as const),
      clipId: fc.constantFrom('clip_a' as const, 'clip_b' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('fail' as const, 'quarantine' as const),
      code: fc.constant('engine_failed' as const),
      message: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('withdrawn' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('reviewed' as const),
      accountId: fc.constantFrom<Id<'acc'>>('acc_a', 'acc_b', 'acc_stranger'),
      decision: fc.constantFrom('approve', 'approve', 'approve', 'refuse'),
      deadlineMs: fc.constant(deadlineMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('deadline' as const) }) },
);

describe('generation machine', () => {
  test('ends once, settles once, and says nothing that goes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(input, fc.integer({ min: 0, max: 200 })), { maxLength: 60, size: 'max' }),
        fc.subarray<Id<'acc'>>(['acc_a', 'acc_b']),
        (steps, people) => {
          let now = 0;
          let state = opened(now, deadlineMs, people);
          const agreed = new Set<Id<'acc'>>();
          const owed: GenerationEffect[] = [];
          let final: GenerationState | null = null;
          for (const [step, ms] of steps) {
            now += ms;
            const moved = transition(state, step, now);
            if (final !== null) {
              // Nothing changes after the end, whatever is repeated or late.
              if (moved.ok) expect(moved.value).toEqual({ state: final, changed: false, effects: [] });
              else expect(moved.error.code).toBe('already_final');
              continue;
            }
            if (!moved.ok) {
              expect(['already_final', 'conflict']).toContain(moved.error.code);
              if (moved.error.code === 'already_final')
                expect([step.type, state.committed]).toEqual(['cancel', true]);
              continue;
            }
            const next = moved.value.state;
            if (step.type === 'reviewed' && step.decision === 'approve') agreed.add(step.accountId);
            // Whoever was asked has agreed before anything of it is made.
            if (['running', 'finishing', 'ready'].includes(next.status) || next.committed)
              expect(people.every((person) => agreed.has(person))).toBe(true);
            if (step.type === 'withdrawn') {
              if (state.committed) expect(next).toBe(state);
              else
                expect([next.status, next.error?.code]).toEqual([
                  state.status === 'queued' ? 'cancelled' : 'quarantined',
                  'consent_denied',
                ]);
            }
            if (moved.value.changed) expect(next.version).toBe(state.version + 1);
            else expect(next).toBe(state);
            expect(next.progress).toBeGreaterThanOrEqual(0);
            expect(next.progress).toBeLessThanOrEqual(1);
            if (next.attempt === state.attempt && step.type !== 'requeued')
              expect(next.progress).toBeGreaterThanOrEqual(state.progress);
            expect(next.attempt).toBeGreaterThanOrEqual(state.attempt);
            if (state.committed) expect(next.status).not.toBe('cancelled');
            if (next.status !== state.status) expect(moved.value.effects).toContain('project');
            if (next.status === 'failed' && step.type === 'deadline')
              expect(now).toBeGreaterThanOrEqual(dueAt(state));
            owed.push(...moved.value.effects);
            state = next;
            if (isFinal(state.status)) final = state;
          }
          const settlements = owed.filter((effect) => effect === 'capture' || effect === 'release');
          expect(settlements).toEqual(
            final === null ? [] : [final.status === 'ready' ? 'capture' : 'release'],
          );
          if (final !== null) expect(owed.includes('cancel-job')).toBe(final.status !== 'ready');
          expect(owed.filter((effect) => effect === 'tell-cast').length).toBe(final === null ? 0 : 1);
          if (final?.status === 'ready')
            expect([final.clipId, final.progress, final.committed]).toEqual([
              expect.stringMatching(/^clip_/),
              1,
              true,
            ]);
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });

  test('a repetition of what ended it is answered as the first time', () => {
    const run = (inputs: GenerationInput[]) =>
      inputs.reduce(
        (state, step) => {
          const moved = transition(state, step, 10);
          if (!moved.ok) throw new Error(moved.error.code);
          return moved.value.state;
        },
        opened(0, deadlineMs),
      );
    const toReady: GenerationInput[] = [
      { type: 'finishing', stage: 'checking' },
      { type: 'commit' },
      { type: 'ready', clipId: 'clip_a' },
    ];
    const ready = run(toReady);
    expect(transition(ready, { type: 'ready', clipId: 'clip_a' }, 20)).toMatchObject({
      ok: true,
      value: { changed: false },
    });
    expect(transition(ready, { type: 'commit' }, 20)).toMatchObject({ ok: true, value: { changed: false } });
    expect(transition(ready, { type: 'ready', clipId: 'clip_b' }, 20)).toMatchObject({
      ok: false,
      error: { code: 'already_final' },
    });
    for (const type of ['cancel', 'fail', 'quarantine'] as const) {
      const step: GenerationInput =
        type === 'cancel' ? { type } : { type, code: 'output_invalid', message: 'no' };
      expect(transition(run([step]), step, 20)).toMatchObject({
        ok: true,
        value: { changed: false, effects: [] },
      });
      expect(transition(ready, step, 20)).toMatchObject({ ok: false, error: { code: 'already_final' } });
    }
  });

  test('an agreement starts the clock; without one it ends after seven days, and not for a lack of time', () => {
    const asked = opened(0, deadlineMs, ['acc_a']);
    expect(transition(asked, { type: 'deadline' }, deadlineMs + 1)).toMatchObject({
      value: { changed: false },
    });
    expect(transition(asked, { type: 'deadline' }, reviewMs)).toMatchObject({
      value: { state: { status: 'failed', error: { code: 'consent_denied' } } },
    });
    const agreed = transition(
      asked,
      { type: 'reviewed', accountId: 'acc_a', decision: 'approve', deadlineMs },
      reviewMs - 1,
    );
    if (!agreed.ok) throw new Error(agreed.error.code);
    expect(agreed.value.effects).toContain('nudge-workflow');
    expect(dueAt(agreed.value.state)).toBe(reviewMs - 1 + deadlineMs);
  });

  test('a heartbeat of a lost lease does not bring the generation back to running', () => {
    let state = opened(0, deadlineMs);
    const step = (next: GenerationInput) => {
      const moved = transition(state, next, 1);
      if (moved.ok) state = moved.value.state;
    };
    step({ type: 'progress', attempt: 1, stage: 'drawing', progress: 0.5 });
    step({ type: 'requeued', attempt: 1 });
    expect([state.status, state.progress]).toEqual(['queued', 0]);
    step({ type: 'progress', attempt: 1, stage: 'encoding', progress: 0.9 });
    expect([state.status, state.stage, state.progress]).toEqual(['queued', 'waiting', 0]);
    step({ type: 'progress', attempt: 2, stage: 'reading', progress: 0 });
    step({ type: 'requeued', attempt: 1 });
    step({ type: 'progress', attempt: 1, stage: 'uploading', progress: 1 });
    expect([state.status, state.attempt, state.stage, state.progress]).toEqual(['running', 2, 'reading', 0]);
  });

  test('the deadline waits for a delivery under way, but not for ever', () => {
    let state = opened(0, deadlineMs);
    for (const step of [{ type: 'finishing', stage: 'checking' }, { type: 'commit' }] as const) {
      const moved = transition(state, step, 1);
      if (moved.ok) state = moved.value.state;
    }
    expect(transition(state, { type: 'deadline' }, deadlineMs)).toMatchObject({ value: { changed: false } });
    const late = transition(state, { type: 'deadline' }, deadlineMs + commitGraceMs);
    expect(late).toMatchObject({
      value: { state: { status: 'failed', error: { code: 'deadline_exceeded' } } },
    });
  });
});
