/**
 * A clip under random commands, with the consent log answering late, twice or not at all: what the record says is what the log
 * holds, a deleted clip stays deleted, and nobody undoes another person's wish.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginLock, beginUnlock, finishLock, finishUnlock } from '#durable-objects/clip/core/clip-locks.ts';
import {
  beginWithdrawal,
  createDraft,
  finishWithdrawal,
  publish,
  readable,
} from '#durable-objects/clip/core/clip-machine.ts';
import { eraseProjection } from '#durable-objects/clip/core/clip-projection.ts';
import { absent, type ClipState } from '#durable-objects/clip/core/clip-state.ts';
import {
  type ConsentDebt,
  consentDebts,
  lockDenies,
  withdrawalDenies,
} from '#durable-objects/clip/core/consent-debts.ts';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { type Capability, type ConsentKey, maxConsentKeys } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

const run = { seed: 20_261_122, numRuns: 500 };
const owner: Id<'acc'> = 'acc_owner';
const coOwner: Id<'acc'> = 'acc_co';
const stranger: Id<'acc'> = 'acc_stranger';
const object = (key: string) => ({ key, size: 1, sha256: '00', mediaType: 'video/mp4' });

function draftInput(parentKeys: readonly ConsentKey[] | null = null): DraftInput {
  return {
    clipId: 'clip_a',
    generationId: 'gen_a',
    ownerId: owner,
    ownerHandle: 'owner',
    coOwnerIds: [coOwner],
    prompt: 'a secret prompt',
    seed: 1,
    summary: 'summary',
    engine: { name: 'sketch', version: '1', model: 'm', description: 'd' },
    size: '720x1280',
    durationMs: 10_000,
    color: '#000000',
    parent:
      parentKeys === null
        ? null
        : { clipId: 'clip_p', handle: 'p', keys: parentKeys, depth: 3, rootId: 'clip_r' },
    media: { video: object('v'), poster: object('p'), manifest: object('m'), captions: null },
    manifestLabel: 'urn:c2pa:x',
    createdAt: '2026-11-22T00:00:00.000Z',
  };
}

/** The consent log as the clip sees it: one entry per idempotency key, denials lifted by id. */
function createLog() {
  const answers = new Map<string, LogReceipt>();
  const standing = new Map<Id<'rev'>, readonly Capability[]>();
  const answer = (
    idempotencyKey: string,
    denies: readonly Capability[],
    act: (id: Id<'rev'>) => void,
  ): LogReceipt => {
    const known = answers.get(idempotencyKey);
    if (known !== undefined) return known;
    const id: Id<'rev'> = `rev_${answers.size}`;
    act(id);
    const receipt = {
      id,
      position: answers.size + 1,
      key: 'clip:clip_a',
      denies,
      at: '2026-11-22T01:00:00.000Z',
      hash: '',
      previousHash: '',
      lifted: false,
    } as const;
    answers.set(idempotencyKey, receipt);
    return receipt;
  };
  return {
    revoke: (idempotencyKey: string, denies: readonly Capability[]) =>
      answer(idempotencyKey, denies, (id) => standing.set(id, denies)),
    lift: (target: Id<'rev'>, idempotencyKey: string) =>
      answer(idempotencyKey, [], () => standing.delete(target)),
    denies: (capability: Capability) => [...standing.values()].some((denied) => denied.includes(capability)),
    get entries() {
      return answers.size;
    },
  };
}

type Log = ReturnType<typeof createLog>;

/** Both halves of a debt, so that a crash or another call can come between them. */
function ask(log: Log, debt: ConsentDebt): (state: ClipState) => ClipState {
  if (debt.kind === 'withdraw') {
    const receipt = log.revoke(debt.idempotencyKey, withdrawalDenies);
    return (state) => finishWithdrawal(state, receipt);
  }
  if (debt.kind === 'lock') {
    const { id } = log.revoke(debt.idempotencyKey, lockDenies);
    return (state) => finishLock(state, debt.number, id);
  }
  log.lift(debt.revocationId ?? log.revoke(debt.lockIdempotencyKey, lockDenies).id, debt.idempotencyKey);
  return (state) => finishUnlock(state, debt.number);
}

function settleAll(log: Log, state: ClipState): ClipState {
  let now = state;
  for (const debt of consentDebts(now)) now = ask(log, debt)(now);
  return now;
}

const actor = fc.constantFrom(owner, coOwner, stranger);
const publication = fc.record({
  caption: fc.constantFrom('', 'one', 'two'),
  visibility: fc.constantFrom('public', 'unlisted', 'private'),
  showPrompt: fc.boolean(),
});
const command = fc.oneof(
  fc.record({ kind: fc.constant('draft' as const) }),
  fc.record({ kind: fc.constant('publish' as const), actor, input: publication }),
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('withdraw' as const),
      actor: fc.constantFrom(coOwner, stranger, stranger, stranger),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lock' as const), actor }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unlock' as const), actor }) },
  // The log is asked, but the answer is lost (crash), or arrives `after` some other commands.
  fc.record({ kind: fc.constant('ask and crash' as const), debt: fc.nat(3) }),
  fc.record({ kind: fc.constant('ask' as const), debt: fc.nat(3) }),
  fc.record({ kind: fc.constant('answer' as const), which: fc.nat(5) }),
);

test('record and log agree whenever nothing is owed; nobody else’s wish is undone', () => {
  let withdrawals = 0;
  let locks = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40, size: 'max' }), (commands) => {
      const log = createLog();
      let state: ClipState = absent;
      const late: ((state: ClipState) => ClipState)[] = [];
      const wished = { withdrawn: false, locks: new Set<Id<'acc'>>() };

      const take = (result: Result<ClipState>): boolean => {
        if (!result.ok) return false;
        const before = state;
        state = result.value;
        if (before.kind !== 'absent' && state.kind !== 'absent') {
          expect(state.record.keys).toEqual(before.record.keys);
          expect(state.record.version).toBeGreaterThanOrEqual(before.record.version);
          const { version: was, ...old } = before.record;
          const { version: is, ...new_ } = state.record;
          if (is === was) expect(new_).toEqual(old);
        }
        return true;
      };

      take(createDraft(state, draftInput()));
      for (const one of commands) {
        const gone = wished.withdrawn;
        if (one.kind === 'draft') take(createDraft(state, draftInput()));
        if (one.kind === 'publish') {
          const done = take(publish(state, one.actor, one.input, '2026-11-22T00:30:00.000Z'));
          expect(done).toBe(one.actor === owner && !gone);
        }
        if (one.kind === 'withdraw' && take(beginWithdrawal(state, one.actor))) {
          expect(one.actor).not.toBe(stranger);
          wished.withdrawn = true;
        }
        if (one.kind === 'lock') {
          const done = take(beginLock(state, one.actor));
          expect(done).toBe(one.actor !== stranger && !gone);
          if (done) wished.locks.add(one.actor);
        }
        if (one.kind === 'unlock' && take(beginUnlock(state, one.actor))) {
          expect(one.actor).not.toBe(stranger);
          wished.locks.delete(one.actor);
        }
        const debts = consentDebts(state);
        const debt = 'debt' in one ? debts[one.debt % Math.max(1, debts.length)] : undefined;
        if (debt !== undefined) {
          const answer = ask(log, debt);
          if (one.kind === 'ask') late.push(answer);
        }
        if (one.kind === 'answer' && late.length > 0) {
          const [answer] = late.splice(one.which % late.length, 1);
          if (answer !== undefined) take({ ok: true, value: answer(state) });
        }
        // A crash loses nothing: what is stored is all that the machine needs.
        state = JSON.parse(JSON.stringify(state)) as ClipState;
        if (state.kind === 'withdrawn') {
          expect(log.denies('serve')).toBe(true);
          expect(JSON.stringify(state.record)).not.toContain('secret');
        }
        if (state.kind === 'live' && state.record.locked)
          expect(log.denies('remix') || consentDebts(state).length > 0).toBe(true);
      }
      // Answers still under way arrive, then the alarm settles what is left.
      for (const answer of late) state = answer(state);
      state = settleAll(log, state);
      const entries = log.entries;
      expect(consentDebts(state)).toEqual([]);
      expect(settleAll(log, state)).toEqual(state);
      expect(log.entries).toBe(entries);

      expect(state.kind === 'withdrawn').toBe(wished.withdrawn);
      for (const capability of withdrawalDenies)
        if (wished.withdrawn) expect(log.denies(capability)).toBe(true);
      if (state.kind === 'live') {
        expect(state.record.locked).toBe(wished.locks.size > 0);
        expect(log.denies('remix')).toBe(wished.locks.size > 0);
        expect(log.denies('download')).toBe(wished.locks.size > 0);
        expect(log.denies('serve')).toBe(false);
        if (wished.locks.size > 0) locks += 1;
      }
      if (wished.withdrawn) withdrawals += 1;
    }),
    run,
  );
  // The histories above must have been worth looking at.
  expect(withdrawals).toBeGreaterThan(50);
  expect(locks).toBeGreaterThan(50);
});

test('a remix carries every key of its parent, once, and refuses more than a clip can hold', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(200), { maxLength: 100, size: 'max' }),
      fc.boolean(),
      (numbers, repeatsOwner) => {
        const inherited: ConsentKey[] = numbers.map((n) => `cameo:cam_${n}#1` as const);
        const parentKeys: ConsentKey[] = repeatsOwner ? [...inherited, 'account:acc_owner'] : inherited;
        const made = createDraft(absent, draftInput(parentKeys));
        const expected = new Set<ConsentKey>(['clip:clip_a', 'account:acc_owner', ...parentKeys]);
        if (expected.size > maxConsentKeys) {
          expect(made).toMatchObject({ ok: false, error: { code: 'lineage_too_large' } });
          return;
        }
        if (!made.ok || made.value.kind === 'absent') throw new Error('refused');
        expect(new Set(made.value.record.keys)).toEqual(expected);
        expect(made.value.record.keys.length).toBe(expected.size);
        expect(made.value.record).toMatchObject({ depth: 4, rootId: 'clip_r' });
      },
    ),
    run,
  );
});

test('publishing the same twice changes nothing, another caption makes a version, the first publication is kept', () => {
  const input = { caption: 'one', visibility: 'public', showPrompt: false } as const;
  const made = createDraft(absent, draftInput());
  if (!made.ok) throw new Error('refused');
  const first = publish(made.value, owner, input, '2026-11-22T00:30:00.000Z');
  if (!first.ok || first.value.kind !== 'live') throw new Error('refused');
  const again = publish(first.value, owner, input, '2026-11-22T02:00:00.000Z');
  expect(again).toEqual(first);
  const changed = publish(first.value, owner, { ...input, caption: 'two' }, '2026-11-22T02:00:00.000Z');
  if (!changed.ok || changed.value.kind !== 'live') throw new Error('refused');
  expect(changed.value.record.version).toBe(first.value.record.version + 1);
  expect(changed.value.record.publishedAt).toBe('2026-11-22T00:30:00.000Z');
});

test('a withdrawn draft is gone, a withdrawn publication says so; every stored object is named for erasure', () => {
  const made = createDraft(absent, {
    ...draftInput(),
    media: { ...draftInput().media, captions: object('c') },
  });
  if (!made.ok) throw new Error('refused');
  const shown = publish(
    made.value,
    owner,
    { caption: '', visibility: 'public', showPrompt: false },
    '2026-11-22T00:30:00.000Z',
  );
  if (!shown.ok) throw new Error('refused');
  const end = (state: ClipState) => {
    const begun = beginWithdrawal(state, coOwner);
    if (!begun.ok) throw new Error('refused');
    return settleAll(createLog(), begun.value);
  };
  expect(readable(end(made.value))).toMatchObject({ ok: false, error: { code: 'not_found' } });
  const withdrawn = readable(end(shown.value));
  expect(withdrawn).toMatchObject({ ok: true, value: { status: 'withdrawn', prompt: '' } });
  if (withdrawn.ok)
    expect(eraseProjection(withdrawn.value)).toMatchObject({ objectKeys: ['v', 'p', 'm', 'c'] });
});
