/** A likeness under any sequence of commands: consent never comes back by itself, and nobody casts without a ground. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CameoState,
  enrol,
  erase,
  revokeAll,
  timeOfId,
  update,
} from '#durable-objects/cameo/core/cameo-machine.ts';
import { demoPortrait, demoVoice } from '#durable-objects/cameo/core/demo-portrait.ts';
import { groundsOf, isInForce, permit } from '#durable-objects/cameo/core/permission.ts';
import {
  deniesOf,
  idempotencyKeyOf,
  planDenials,
  stronger,
} from '#durable-objects/cameo/core/revocation-plan.ts';
import type { EnrolInput, GrantRecord } from '#durable-objects/cameo/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type ConsentKey, cameoKey } from '#schemas/consent.ts';
import { type ExistingChoice, existingChoices } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { cameoLevels, drawnPortraitSchema, ruleClasses, voiceSchema } from '#schemas/likeness.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const [owner, maker] = [createId('acc', start), createId('acc', start)];
const cameoId = createId('cam', start);

function enrolment(enrolmentId: Id<'enr'> | null, demo = false): EnrolInput {
  return {
    accountId: owner,
    enrolmentId,
    verification: demo ? 'demo' : 'recording',
    portrait: demoPortrait('bo'),
    voice: demoVoice('bo'),
  };
}

type Command =
  | { readonly kind: 'enrol'; readonly begunAgo: number }
  | { readonly kind: 'demo' }
  | { readonly kind: 'level'; readonly level: (typeof cameoLevels)[number] }
  | { readonly kind: 'rules'; readonly denied: (typeof ruleClasses)[number][] }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'erase' };

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('enrol' as const), begunAgo: fc.integer({ min: 0, max: 30_000 }) }),
    fc.constant({ kind: 'demo' } as const),
    fc.record({ kind: fc.constant('level' as const), level: fc.constantFrom(...cameoLevels) }),
    fc.record({ kind: fc.constant('rules' as const), denied: fc.subarray([...ruleClasses]) }),
    fc.constant({ kind: 'revoke' } as const),
    fc.constant({ kind: 'erase' } as const),
  ),
  { maxLength: 40 },
);

/** One step; refusals leave the state as it was. */
function step(state: CameoState | null, command: Command, now: number): CameoState | null {
  const settle = (result: ReturnType<typeof update>) => (result.ok ? result.value : state);
  switch (command.kind) {
    case 'enrol':
      return settle(enrol(state, enrolment(createId('enr', now - command.begunAgo)), cameoId, now));
    case 'demo':
      return settle(enrol(state, enrolment(null, true), cameoId, now));
    case 'level':
      return settle(update(state, { level: command.level }));
    case 'rules':
      return settle(update(state, { rules: { words: [], denied: command.denied } }));
    case 'revoke':
      return state === null ? null : revokeAll(state, now);
    case 'erase':
      return state === null ? null : erase(state, now);
  }
}

describe('a likeness', () => {
  test('consent comes back only by an act that began after it was withdrawn, at a new epoch', () => {
    fc.assert(
      fc.property(commands, (list) => {
        let state: CameoState | null = null;
        let withdrawn: number | null = null;
        const stopped = new Set<number>();
        for (const [index, command] of list.entries()) {
          const now = start + index * 10_000;
          const before: CameoState | null = state;
          state = step(state, command, now);
          if (state === null) continue;
          expect(state.epoch).toBeGreaterThanOrEqual(before?.epoch ?? 1);
          expect(state.version).toBeGreaterThanOrEqual(before?.version ?? 1);
          if (JSON.stringify(state) !== JSON.stringify(before) && state.closedAt === before?.closedAt) {
            expect(state.version).toBe((before?.version ?? 0) + 1);
          }
          expect(state.rules.denied).toContain('sexual');
          if (command.kind === 'revoke' || command.kind === 'erase') {
            withdrawn = now;
            stopped.add(state.epoch);
            expect(state.status).not.toBe('enrolled');
          }
          if (before?.status !== 'enrolled' && state.status === 'enrolled') {
            expect(stopped.has(state.epoch)).toBe(false);
            if (command.kind === 'enrol' && withdrawn !== null) {
              expect(now - command.begunAgo).toBeGreaterThan(withdrawn);
            }
            if (command.kind !== 'level') expect(state.level).toBe('only-me');
          }
          if (state.status === 'none') {
            expect([state.portrait, state.voice, state.verification]).toEqual([null, null, null]);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('an enrolment is applied once, whatever came between', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const id = createId('enr', start - 1);
        const first = enrol(null, enrolment(id), cameoId, start);
        if (!first.ok) throw new Error(first.error.code);
        let state: CameoState | null = first.value;
        for (const [index, command] of list.slice(0, 15).entries()) {
          state = step(state, command, start + (index + 1) * 10_000);
        }
        if (state === null) throw new Error('it does not go away');
        const again = enrol(state, enrolment(id), cameoId, start + 1_000_000);
        expect(again).toEqual({ ok: true, value: state });
      }),
    );
  });

  test('an id tells when it was made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 - 1 }), (time) => {
        expect(timeOfId(createId('enr', time))).toBe(time);
      }),
    );
  });
});

const contracts: fc.Arbitrary<GrantRecord[]> = fc.array(
  fc.record({
    id: fc.constant(createId('grant', start)),
    granteeId: fc.constant(maker),
    purpose: fc.constant('a film'),
    implicit: fc.constant(false),
    uses: fc.option(fc.integer({ min: 1, max: 3 })),
    used: fc.integer({ min: 0, max: 4 }),
    until: fc.option(fc.constantFrom(new Date(start - 1).toISOString(), new Date(start + 1).toISOString())),
    reviewBeforeGeneration: fc.boolean(),
    reviewBeforePublication: fc.boolean(),
    allow: fc.subarray([...ruleClasses]),
    revokedAt: fc.option(fc.constant(new Date(start).toISOString())),
    createdAt: fc.constant(new Date(start).toISOString()),
  }),
  { maxLength: 4 },
);

describe('permission', () => {
  const asked = fc.record({
    level: fc.constantFrom(...cameoLevels),
    status: fc.constantFrom('enrolled', 'revoked', 'none'),
    mutual: fc.boolean(),
    revoked: fc.boolean(),
    self: fc.boolean(),
    contracts,
  });
  const base = enrol(null, enrolment(null), cameoId, start);
  if (!base.ok) throw new Error(base.error.code);
  const enrolled = base.value;

  test('has a ground that holds now, and none beyond the level', () => {
    fc.assert(
      fc.property(asked, ({ level, status, mutual, revoked, self, contracts: held }) => {
        const state: CameoState = { ...enrolled, level, status };
        const asker = { accountId: self ? owner : maker, mutual, revoked, contracts: self ? [] : held };
        const grounds = groundsOf(state, asker, start);
        if (status !== 'enrolled' || level === 'nobody') expect(grounds).toEqual([]);
        if (!self && level === 'only-me') expect(grounds).toEqual([]);
        for (const { because, contract } of grounds) {
          if (because === 'me') expect(self).toBe(true);
          if (because === 'grant') expect(contract !== null && isInForce(contract, start)).toBe(true);
          if (because === 'mutual')
            expect(mutual && !revoked && ['mutuals', 'everyone'].includes(level)).toBe(true);
          if (because === 'everyone') expect(!revoked && level === 'everyone').toBe(true);
        }
        const open = held.some((contract) => isInForce(contract, start));
        if (status === 'enrolled' && level === 'approved' && !self) expect(grounds.length > 0).toBe(open);
      }),
      { numRuns: 3000 },
    );
  });

  test('nothing allows what is never allowed; a contract allows what it says', () => {
    const sexual = [{ field: 'prompt', text: 'a naked man' }];
    const vote = [{ field: 'prompt', text: 'vote for her' }];
    fc.assert(
      fc.property(asked, ({ mutual, revoked, contracts: held }) => {
        const state: CameoState = { ...enrolled, level: 'everyone' };
        const asker = { accountId: maker, mutual, revoked, contracts: held };
        expect(permit(state, asker, sexual, start).ok).toBe(false);
        const allowed = permit(state, asker, vote, start);
        const granted = held.some((one) => isInForce(one, start) && one.allow.includes('political'));
        expect(allowed.ok).toBe(granted);
        if (allowed.ok) expect(allowed.value.allow).toContain('political');
      }),
      { numRuns: 1000 },
    );
  });

  test('a contract ends when it says, to the millisecond, and with its last use', () => {
    const contract = { revokedAt: null, until: new Date(start).toISOString(), uses: 2, used: 1 };
    const whole = {
      ...contract,
      id: createId('grant', start),
      granteeId: maker,
      purpose: 'x',
      implicit: false,
    } as const;
    const terms = {
      reviewBeforeGeneration: false,
      reviewBeforePublication: false,
      allow: [],
      createdAt: contract.until,
    };
    expect(isInForce({ ...whole, ...terms }, start - 1)).toBe(true);
    expect(isInForce({ ...whole, ...terms }, start)).toBe(false);
    expect(isInForce({ ...whole, ...terms, used: 2 }, start - 1)).toBe(false);
  });
});

describe('denials', () => {
  const choice = fc.constantFrom<ExistingChoice>(...existingChoices);
  const keys = [1, 2, 3, 4].map((epoch) => cameoKey(cameoId, epoch));

  test('each choice denies what the one before it does, and more', () => {
    for (const [index, existing] of existingChoices.entries()) {
      const weaker = existingChoices[index - 1];
      if (weaker === undefined) continue;
      expect(deniesOf(existing)).toEqual(expect.arrayContaining([...deniesOf(weaker)]));
      expect(deniesOf(existing).length).toBeGreaterThan(deniesOf(weaker).length);
      expect(stronger(existing, weaker)).toBe(existing);
    }
    expect(deniesOf('keep')).not.toContain('serve');
    expect(deniesOf('unlist')).not.toContain('serve');
  });

  test('in any order of wishes every key ends as denied as the strongest, with one entry per strength', () => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 1, maxLength: 12 }), (wishes) => {
        const known = new Map<ConsentKey, ExistingChoice>();
        const entries = new Set<string>();
        let strongest: ExistingChoice = 'keep';
        for (const wish of wishes) {
          strongest = stronger(strongest, wish);
          const plan = planDenials(wish, keys.slice(-1), keys, (key) => known.get(key) ?? null);
          expect(plan[0]?.key).toBe(keys.at(-1));
          expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length);
          for (const denial of plan) {
            expect(stronger(denial.existing, wish)).toBe(denial.existing);
            known.set(denial.key, stronger(known.get(denial.key) ?? 'keep', denial.existing));
            entries.add(idempotencyKeyOf(cameoId, denial));
          }
          for (const key of keys) expect(known.get(key)).toBe(strongest);
        }
        expect(entries.size).toBeLessThanOrEqual(keys.length * existingChoices.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('drawn people', () => {
  test('are valid, always the same for a handle, and varied', () => {
    const seen = { skin: new Set(), hair: new Set(), shirt: new Set(), whole: new Set() };
    for (let index = 0; index < 500; index++) {
      const portrait = demoPortrait(`person-${index}`);
      expect(drawnPortraitSchema.parse(portrait)).toEqual(portrait);
      expect(voiceSchema.parse(demoVoice(`person-${index}`))).toEqual(demoVoice(`person-${index}`));
      expect(demoPortrait(`person-${index}`)).toEqual(portrait);
      seen.skin.add(portrait.skin);
      seen.hair.add(portrait.hair);
      seen.shirt.add(portrait.shirt);
      seen.whole.add(JSON.stringify(portrait));
    }
    expect(seen.skin.size).toBe(8);
    expect(seen.hair.size).toBe(8);
    expect(seen.shirt.size).toBe(8);
    expect(seen.whole.size).toBeGreaterThan(480);
  });
});
