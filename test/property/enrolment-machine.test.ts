/** The enrolment machine under random inputs: a challenge takes one recording, there is one decision, nothing of the person is left after it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { challengeEntropy, makeChallenge } from '#durable-objects/enrolment/core/challenge.ts';
import {
  type EnrolmentEffect,
  type EnrolmentInput,
  type EnrolmentPolicy,
  isFinal,
  opened,
  transition,
  verificationOf,
} from '#durable-objects/enrolment/core/enrolment-machine.ts';
import { judgeReport } from '#durable-objects/enrolment/core/judge-report.ts';
import type { SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import { type EnrolmentCheck, enrolmentChecks } from '#schemas/http/cameo.ts';

const seed = 20_261_122;
const policy: EnrolmentPolicy = {
  challengeMs: 1_000,
  receivingMs: 200,
  inspectionMs: 500,
  reviewMs: 800,
  speechUnverified: 'allow',
};
const nodeChecks = enrolmentChecks.filter((name) => name !== 'not-enrolled-elsewhere');
const check = (
  name: EnrolmentCheck['name'],
  outcome: EnrolmentCheck['outcome'] = 'passed',
): EnrolmentCheck => ({
  name,
  outcome,
  message: `${name} ${outcome}`,
});
const template = { wrappedKey: 'k', iv: 'i', ciphertext: 'c' };
const good: SealedReport = {
  checks: nodeChecks.map((name) => check(name)),
  template,
  voice: { pitchHz: 180, brightness: 0.5, rate: 4 },
  portrait: null,
  speech: 'verified',
};

const checks = fc.array(
  fc.record({
    name: fc.constantFrom(...enrolmentChecks),
    outcome: fc.constantFrom('passed' as const, 'failed' as const, 'unverified' as const),
    message: fc.constant('m'),
  }),
  { maxLength: 12 },
);
const anyReport: fc.Arbitrary<SealedReport> = fc.record({
  checks,
  template: fc.constantFrom(template, null),
  voice: fc.constant(null),
  portrait: fc.constant(null),
  speech: fc.constantFrom('verified' as const, 'unverified' as const, 'failed' as const),
});
const report = fc.oneof({ weight: 2, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: anyReport });
const attempt = fc.integer({ min: 1, max: 3 });
const input: fc.Arbitrary<EnrolmentInput> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: 'begin' as const }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('recorded' as const),
      attempt,
      recording: fc.constantFrom(
        { size: 1, mediaType: 'video/webm', sha256: 'a' },
        { size: 2, mediaType: 'video/mp4', sha256: 'b' },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('abandon' as const), attempt }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('claimed' as const),
      fresh: fc.oneof(fc.constant(true), fc.boolean()),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('inspected' as const), report }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('inspection-failed' as const),
      code: fc.constantFrom('unreadable_media' as const, 'lease_lost' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('compared' as const),
      outcome: fc.constantFrom('stored' as const, 'similar' as const, 'other-face' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'enrolled' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('not-enrolled' as const), message: fc.constant('no') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reviewed' as const),
      decision: fc.constantFrom('accept' as const, 'refuse' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'withdrawn' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'stuck' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'due' as const }) },
);

describe('enrolment machine', () => {
  test('one recording, one decision, nothing left', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(input, fc.integer({ min: 0, max: 120 })), { maxLength: 40, size: 'max' }),
        (steps) => {
          let now = 0;
          let state = opened(now, policy);
          const owed: EnrolmentEffect[] = [];
          /** The template lies in the face index: stored there, and not taken back. */
          let stored = false;
          let accepted = false;
          for (const [step, ms] of steps) {
            now += ms;
            const moved = transition(state, step, policy, now);
            if (isFinal(state.phase)) {
              if (moved.ok) expect(moved.value).toEqual({ state, changed: false, effects: [] });
              else expect(['challenge_expired', 'conflict']).toContain(moved.error.code);
              continue;
            }
            if (!moved.ok) {
              expect(moved.error.code).toBe(step.type === 'reviewed' ? 'conflict' : 'challenge_expired');
              continue;
            }
            const { state: next, effects, changed } = moved.value;
            if (!changed) expect(next).toBe(state);
            if (step.type === 'begin' && changed) {
              expect(state.phase).toBe('open');
              expect(now).toBeLessThan(state.expiresAt);
              expect(next.attempt).toBe(state.attempt + 1);
            }
            if (step.type === 'compared' && effects.includes('enrol')) stored = true;
            if (effects.includes('discard-template')) stored = false;
            if (next.phase === 'accepted') {
              accepted = true;
              expect(verificationOf(state)).toMatch(/^recording/);
            }
            // Everything that waits for somebody else waits for a limited time.
            if (['open', 'receiving', 'queued', 'review'].includes(next.phase)) {
              expect(next.dueAt).not.toBeNull();
            }
            owed.push(...effects);
            state = next;
            reached.add(state.phase);
          }
          expect(owed.filter((effect) => effect === 'claim').length).toBeLessThanOrEqual(1);
          expect(owed.filter((effect) => effect === 'inspect').length).toBeLessThanOrEqual(1);
          expect(
            owed.filter((effect) => /^tell-(accepted|refused)$/.test(effect)).length,
          ).toBeLessThanOrEqual(1);
          if (isFinal(state.phase)) {
            expect(owed.filter((effect) => effect === 'erase-files')).toHaveLength(1);
            expect([state.findings, state.recording, state.dueAt]).toEqual([null, null, null]);
            expect(stored).toBe(accepted);
            if (state.phase !== 'accepted') expect(state.error).not.toBeNull();
          }
        },
      ),
      { seed, numRuns: 10_000 },
    );
    expect([...reached].sort()).toEqual([
      'accepted',
      'claiming',
      'comparing',
      'enrolling',
      'expired',
      'open',
      'queued',
      'receiving',
      'refused',
      'review',
    ]);
  });

  test('nobody gets in past a failed check unless a person has looked', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30, size: 'max' }), (steps) => {
        let state = opened(0, policy);
        let looked = false;
        for (const step of steps) {
          const moved = transition(state, step, policy, 1);
          if (!moved.ok) continue;
          if (step.type === 'reviewed' && step.decision === 'accept') looked = true;
          state = moved.value.state;
          if (state.phase !== 'accepted' || looked) continue;
          expect(state.checks.map(({ name }) => name)).toEqual(enrolmentChecks);
          for (const { name, outcome } of state.checks) {
            expect(name === 'spoken-digits' ? ['passed', 'unverified'] : ['passed']).toContain(outcome);
          }
        }
      }),
      { seed, numRuns: 10_000 },
    );
  });

  const reach = (...steps: EnrolmentInput[]) => {
    let state = opened(0, policy);
    for (const step of steps) {
      const moved = transition(state, step, policy, 1);
      if (!moved.ok) throw new Error(moved.error.code);
      state = moved.value.state;
    }
    return state;
  };
  const recording = { size: 1, mediaType: 'video/webm', sha256: 'a' };
  const toQueue: EnrolmentInput[] = [
    { type: 'begin' },
    { type: 'recorded', attempt: 1, recording },
    { type: 'claimed', fresh: true },
  ];

  test('an upload that was given up cannot hand in its recording after another began', () => {
    const state = reach({ type: 'begin' }, { type: 'abandon', attempt: 1 }, { type: 'begin' });
    expect(transition(state, { type: 'recorded', attempt: 1, recording }, policy, 1)).toMatchObject({
      ok: false,
      error: { code: 'challenge_expired' },
    });
    expect(transition(state, { type: 'recorded', attempt: 2, recording }, policy, 1)).toMatchObject({
      ok: true,
    });
  });

  test('a challenge is good until its last millisecond and not after', () => {
    const state = opened(0, policy);
    expect(transition(state, { type: 'begin' }, policy, policy.challengeMs - 1)).toMatchObject({ ok: true });
    expect(transition(state, { type: 'begin' }, policy, policy.challengeMs)).toMatchObject({
      ok: false,
      error: { code: 'challenge_expired' },
    });
  });

  test('digits nobody could check: allowed and said so, or a person looks', () => {
    const unheard: SealedReport = {
      ...good,
      speech: 'unverified',
      checks: nodeChecks.map((name) => check(name, name === 'spoken-digits' ? 'unverified' : 'passed')),
    };
    const inspected: EnrolmentInput = { type: 'inspected', report: unheard };
    expect(verificationOf(reach(...toQueue, inspected))).toBe('recording-speech-unverified');
    const strict = transition(reach(...toQueue), inspected, { ...policy, speechUnverified: 'review' }, 1);
    expect(strict).toMatchObject({
      ok: true,
      value: { state: { phase: 'review' }, effects: ['tell-review', 'ask-desk'] },
    });
  });

  test('a face of another account goes to review, is not stored, and a person can let it in', () => {
    const similar = reach(
      ...toQueue,
      { type: 'inspected', report: good },
      { type: 'compared', outcome: 'similar' },
    );
    expect(similar).toMatchObject({ phase: 'review', confirmed: false });
    expect(similar.checks.at(-1)).toMatchObject({ name: 'not-enrolled-elsewhere', outcome: 'failed' });
    const accepted = transition(similar, { type: 'reviewed', decision: 'accept' }, policy, 2);
    expect(accepted).toMatchObject({
      ok: true,
      value: { state: { phase: 'comparing', confirmed: true }, effects: ['compare'] },
    });
  });

  test('every failed check keeps its message and the error names the first', () => {
    const refused = reach(...toQueue, {
      type: 'inspected',
      report: {
        ...good,
        template: null,
        checks: [
          ...good.checks.filter(({ name }) => name !== 'one-face' && name !== 'sound'),
          { name: 'one-face', outcome: 'failed', message: 'Two faces. Be alone in the picture.' },
          { name: 'sound', outcome: 'failed', message: 'No sound. Turn the microphone on.' },
        ],
      },
    });
    expect(refused.phase).toBe('refused');
    expect(refused.error).toEqual({
      code: 'enrolment_refused',
      message: 'No sound. Turn the microphone on. 2 checks failed; each says what to do.',
    });
    expect(
      refused.checks.filter(({ outcome }) => outcome === 'failed').map(({ message }) => message),
    ).toEqual(['No sound. Turn the microphone on.', 'Two faces. Be alone in the picture.']);
  });
});

describe('reports', () => {
  test('are judged by their gravest word, whatever a node repeats or leaves out', () => {
    fc.assert(
      fc.property(anyReport, fc.constantFrom('allow' as const, 'review' as const), (seen, speech) => {
        const { verdict, checks: judged } = judgeReport(seen, speech);
        expect(judged.map(({ name }) => name)).toEqual(nodeChecks);
        const failed = seen.checks.some(
          ({ name, outcome }) => outcome === 'failed' && name !== 'not-enrolled-elsewhere',
        );
        if (failed || seen.speech === 'failed') expect(verdict.kind).toBe('refused');
        if (verdict.kind === 'passed') {
          for (const name of nodeChecks) {
            const outcomes = new Set(
              seen.checks.filter((one) => one.name === name).map(({ outcome }) => outcome),
            );
            if (name !== 'spoken-digits') expect([...outcomes]).toEqual(['passed']);
          }
          expect(seen.template).not.toBeNull();
          if (verdict.speechVerified) expect(seen.speech).toBe('verified');
        }
      }),
      { seed, numRuns: 5_000 },
    );
  });
});

describe('challenges', () => {
  test('have six digits and three turns, not all the same, and every order occurs', () => {
    const orders = new Set<string>();
    const digits = new Set<string>();
    fc.assert(
      fc.property(fc.uint32Array({ minLength: challengeEntropy, maxLength: challengeEntropy }), (entropy) => {
        const challenge = makeChallenge(entropy);
        expect(challenge.digits).toMatch(/^\d{6}$/);
        expect(challenge.turns).toHaveLength(3);
        expect(new Set(challenge.turns).size).toBeGreaterThan(1);
        orders.add(challenge.turns.join());
        for (const [position, digit] of [...challenge.digits].entries()) digits.add(`${position}${digit}`);
      }),
      { seed, numRuns: 5_000 },
    );
    expect(orders.size).toBe(24);
    expect(digits.size).toBe(60);
  });

  test('are not made of too little randomness', () => {
    expect(() => makeChallenge(new Uint32Array(challengeEntropy - 1))).toThrow('randomness');
  });
});
