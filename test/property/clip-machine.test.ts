/**
 * A clip under random commands, with the consent log answering late, twice or not at all: what the record says is what the log
 * holds, a deleted clip stays deleted, nobody undoes another person's wish, and whoever leaves by a recast leaves nothing behind.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginWithdrawal,
  createDraft,
  finishWithdrawal,
  publish,
  readable,
} from '#durable-objects/clip/core/clip-machine.ts';
import { noticesOf } from '#durable-objects/clip/core/clip-notices.ts';
import { saysMore } from '#durable-objects/clip/core/clip-publication.ts';
import { objectKeysOf, recast } from '#durable-objects/clip/core/clip-recast.ts';
import { absent, type ClipState, type WishKind } from '#durable-objects/clip/core/clip-state.ts';
import {
  beginLift,
  beginWish,
  finishLift,
  finishWish,
  wishDenies,
} from '#durable-objects/clip/core/clip-wishes.ts';
import {
  type ConsentDebt,
  consentDebts,
  withdrawalDenies,
} from '#durable-objects/clip/core/consent-debts.ts';
import type { ClipCast, DraftInput, RecastInput } from '#durable-objects/clip/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { type Capability, type ConsentKey, maxConsentKeys } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

const run = { seed: 20_261_122, numRuns: 500 };
const owner: Id<'acc'> = 'acc_owner';
const coOwner: Id<'acc'> = 'acc_co';
const inherited: Id<'acc'> = 'acc_inherited';
const stranger: Id<'acc'> = 'acc_stranger';
const member = (accountId: Id<'acc'>): ClipCast => ({
  accountId,
  cameoId: `cam_${accountId.slice(4)}`,
  verification: 'demo',
  standIn: false,
});
const keyOf = (accountId: Id<'acc'>): ConsentKey => `cameo:cam_${accountId.slice(4)}#1`;
const object = (key: string) => ({ key, size: 1, sha256: '00', mediaType: 'video/mp4' });

function draftInput(parentKeys: readonly ConsentKey[] | null = null): DraftInput {
  return {
    clipId: 'clip_a',
    generationId: 'gen_a',
    ownerId: owner,
    ownerHandle: 'owner',
    coOwnerIds: [coOwner, inherited],
    cast: [member(owner), member(coOwner)],
    castKeys: [keyOf(owner), keyOf(coOwner)],
    prompt: 'a secret prompt',
    spoken: [{ field: 'dialogue.0.text', text: 'a secret line' }],
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
      salt: '',
      regions: [],
      waitedMs: 0,
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
  if (debt.kind === 'lift') {
    const { denial, number } = debt;
    const target = debt.revocationId ?? log.revoke(denial.idempotencyKey, denial.denies).id;
    log.lift(target, debt.idempotencyKey);
    return (state) => finishLift(state, number);
  }
  const receipt = log.revoke(debt.idempotencyKey, debt.denies);
  if (debt.kind === 'withdraw') return (state) => finishWithdrawal(state, receipt);
  return (state) => finishWish(state, debt.number, receipt.id);
}

function settleAll(log: Log, state: ClipState): ClipState {
  let now = state;
  for (const debt of consentDebts(now)) now = ask(log, debt)(now);
  return now;
}

/** A rendition by another generation that shows these people and still inherits one. */
function recastInput(generationId: Id<'gen'>, people: readonly Id<'acc'>[]): RecastInput {
  return {
    ...draftInput(),
    generationId,
    cast: people.map(member),
    castKeys: people.map(keyOf),
    coOwnerIds: [...people.filter((person) => person !== owner), inherited],
    media: {
      video: object(`v-${generationId}`),
      poster: object('p2'),
      manifest: object('m2'),
      captions: null,
    },
    reviewAgain: false,
  };
}

const actor = fc.constantFrom(owner, coOwner, inherited, stranger);
const wishKind = fc.constantFrom<WishKind>('lock', 'hide');
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
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wish' as const), wish: wishKind, actor }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lift' as const), wish: wishKind, actor }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('recast' as const),
      generationId: fc.constantFrom<Id<'gen'>>('gen_b', 'gen_c'),
      people: fc.constantFrom<readonly Id<'acc'>[]>([owner, coOwner], [owner], [coOwner], [], [stranger]),
    }),
  },
  // The log is asked, but the answer is lost (crash), or arrives `after` some other commands.
  fc.record({ kind: fc.constant('ask and crash' as const), debt: fc.nat(3) }),
  fc.record({ kind: fc.constant('ask' as const), debt: fc.nat(3) }),
  fc.record({ kind: fc.constant('answer' as const), which: fc.nat(5) }),
);

test('record and log agree whenever nothing is owed; nobody else’s wish is undone', () => {
  let withdrawals = 0;
  let wishes = 0;
  let departures = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40, size: 'max' }), (commands) => {
      const log = createLog();
      let state: ClipState = absent;
      const late: ((state: ClipState) => ClipState)[] = [];
      const wished = {
        withdrawn: false,
        lock: new Set<Id<'acc'>>(),
        hide: new Set<Id<'acc'>>(),
        /** Who is in it. */
        people: new Set<Id<'acc'>>([owner, coOwner]),
        generations: ['gen_a'] as Id<'gen'>[],
      };
      const hasSay = (account: Id<'acc'>) =>
        account === owner || account === inherited || wished.people.has(account);

      const take = (result: Result<ClipState>): boolean => {
        if (!result.ok) return false;
        const before = state;
        state = result.value;
        for (const { to, notice } of noticesOf(before, state)) {
          expect([coOwner, inherited, owner]).toContain(to);
          expect(JSON.stringify(notice)).not.toContain('secret');
        }
        if (before.kind !== 'absent' && state.kind !== 'absent') {
          if (before.record.generationId === state.record.generationId)
            expect(state.record.keys).toEqual(before.record.keys);
          expect(state.record.cast.length).toBe(before.record.cast.length);
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
        if (one.kind === 'withdraw') {
          const done = take(beginWithdrawal(state, one.actor));
          expect(done).toBe(hasSay(one.actor));
          if (done) wished.withdrawn = true;
        }
        if (one.kind === 'wish') {
          const done = take(beginWish(state, one.wish, one.actor));
          expect(done).toBe(hasSay(one.actor) && !gone);
          if (done) wished[one.wish].add(one.actor);
        }
        if (one.kind === 'lift' && take(beginLift(state, one.wish, one.actor))) {
          expect(hasSay(one.actor)).toBe(true);
          wished[one.wish].delete(one.actor);
        }
        if (one.kind === 'recast') {
          const repeated = wished.generations.at(-1) === one.generationId;
          const known = wished.generations.includes(one.generationId);
          // A generation delivers once; a late repetition of an older one is not delivered by the workflow.
          if (known && !repeated) continue;
          const done = take(recast(state, recastInput(one.generationId, one.people)));
          const comesIn = one.people.some((person) => !wished.people.has(person));
          expect(done).toBe(!gone && (repeated || !comesIn));
          if (done && !repeated) {
            wished.generations.push(one.generationId);
            wished.people = new Set(one.people);
            for (const kind of ['lock', 'hide'] as const)
              for (const person of wished[kind]) if (!hasSay(person)) wished[kind].delete(person);
            departures += 1;
          }
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
        if (state.kind === 'live' && state.record.hidden)
          expect(log.denies('list') || consentDebts(state).length > 0).toBe(true);
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
        expect([state.record.locked, state.record.hidden]).toEqual([
          wished.lock.size > 0,
          wished.hide.size > 0,
        ]);
        for (const kind of ['lock', 'hide'] as const)
          for (const capability of wishDenies[kind])
            expect(log.denies(capability)).toBe(wished[kind].size > 0);
        expect(log.denies('serve')).toBe(false);
        const named = state.record.cast.flatMap(({ accountId }) => accountId ?? []);
        expect(new Set(named)).toEqual(wished.people);
        for (const person of [owner, coOwner])
          expect(state.record.keys.includes(keyOf(person))).toBe(wished.people.has(person));
        expect(state.record.coOwnerIds.includes(coOwner)).toBe(wished.people.has(coOwner));
        if (wished.lock.size + wished.hide.size > 0) wishes += 1;
      }
      if (wished.withdrawn) withdrawals += 1;
    }),
    run,
  );
  // The histories above must have been worth looking at.
  expect(withdrawals).toBeGreaterThan(50);
  expect(wishes).toBeGreaterThan(50);
  expect(departures).toBeGreaterThan(50);
});

test('a remix carries every key of its parent, once, and refuses more than a clip can hold', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(200), { maxLength: 100, size: 'max' }),
      fc.boolean(),
      (numbers, repeatsOwner) => {
        const carried: ConsentKey[] = numbers.map((n) => `cameo:cam_${n}#1` as const);
        const parentKeys: ConsentKey[] = repeatsOwner ? [...carried, 'account:acc_owner'] : carried;
        const made = createDraft(absent, draftInput(parentKeys));
        const own: ConsentKey[] = ['clip:clip_a', 'account:acc_owner', keyOf(owner), keyOf(coOwner)];
        const expected = new Set<ConsentKey>([...own, ...parentKeys]);
        if (expected.size > maxConsentKeys) {
          expect(made).toMatchObject({ ok: false, error: { code: 'lineage_too_large' } });
          return;
        }
        if (!made.ok || made.value.kind === 'absent') throw new Error('refused');
        expect(new Set(made.value.record.keys)).toEqual(expected);
        expect(made.value.record.keys.length).toBe(expected.size);
        expect(made.value.record).toMatchObject({ depth: 4, rootId: 'clip_r', ownKeys: own });
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
    expect(objectKeysOf(withdrawn.value)).toEqual(['v', 'p', 'm', 'c', 'm.crjson.json', 'fingerprints.json']);
});

test('taking something back is never asked about, saying or showing more always is', () => {
  const made = createDraft(absent, draftInput());
  if (!made.ok) throw new Error('refused');
  const shown = publish(
    made.value,
    owner,
    { caption: 'one', visibility: 'unlisted', showPrompt: false },
    '2026-11-22T00:30:00.000Z',
  );
  if (!shown.ok || made.value.kind !== 'live' || shown.value.kind !== 'live') throw new Error('refused');
  const change = (input: Partial<Parameters<typeof saysMore>[1]>) => ({
    caption: 'one',
    visibility: 'unlisted' as const,
    showPrompt: false,
    ...input,
  });
  expect(saysMore(made.value.record, change({ visibility: 'private', caption: '' }))).toBe(true);
  const { record } = shown.value;
  for (const less of [{}, { caption: '' }, { visibility: 'private' as const }])
    expect(saysMore(record, change(less))).toBe(false);
  for (const more of [{ caption: 'two' }, { visibility: 'public' as const }, { showPrompt: true }])
    expect(saysMore(record, change(more))).toBe(true);
});

test('a recast keeps address, caption and publication, and asks for the publication again where a review was agreed', () => {
  const made = createDraft(absent, draftInput());
  if (!made.ok) throw new Error('refused');
  const input = { caption: 'one', visibility: 'public', showPrompt: true } as const;
  const shown = publish(made.value, owner, input, '2026-11-22T00:30:00.000Z');
  if (!shown.ok) throw new Error('refused');
  const quiet = recast(shown.value, recastInput('gen_b', [owner]));
  if (!quiet.ok || quiet.value.kind !== 'live') throw new Error('refused');
  expect(quiet.value.record).toMatchObject({
    clipId: 'clip_a',
    status: 'published',
    visibility: 'public',
    caption: 'one',
    publishedAt: '2026-11-22T00:30:00.000Z',
    pastGenerationIds: ['gen_a'],
    coOwnerIds: [inherited],
  });
  expect(JSON.stringify(quiet.value.record)).not.toContain('acc_co"');
  expect(noticesOf(shown.value, quiet.value).map(({ to, notice }) => [to, notice.kind])).toEqual([
    [coOwner, 'recast-done'],
    [inherited, 'recast-done'],
  ]);
  const reviewed = recast(shown.value, { ...recastInput('gen_b', [owner]), reviewAgain: true });
  expect(reviewed).toMatchObject({ ok: true, value: { record: { status: 'draft', visibility: 'private' } } });
});
