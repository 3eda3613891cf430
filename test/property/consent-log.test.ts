/** The consent log's promises under random histories: nothing un-denies itself, nothing is rewritten unseen, retries add nothing. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyHead, lift, revoke } from '#durable-objects/consent/core/consent-machine.ts';
import { decide } from '#durable-objects/consent/core/decide.ts';
import { createDenialIndex } from '#durable-objects/consent/core/denial-index.ts';
import type { LogEntry } from '#durable-objects/consent/core/log-entry.ts';
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import { groupByShard, joinDecisions } from '#durable-objects/consent/core/shard-sets.ts';
import { verifyChain } from '#durable-objects/consent/core/verify-chain.ts';
import { type Capability, type ConsentKey, capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const run = { seed: 20_261_122, numRuns: 300 };

const keys: ConsentKey[] = [
  'clip:clip_a',
  'clip:clip_b',
  'account:acc_a',
  'cameo:cam_a#1',
  'cameo:cam_a#2',
  'grant:grant_a',
];
const key = fc.constantFrom(...keys);
const denies = fc.subarray([...capabilities], { minLength: 1 });
const capability = fc.constantFrom(...capabilities);

type Step =
  | {
      readonly kind: 'revoke';
      readonly key: ConsentKey;
      readonly denies: Capability[];
      readonly request: number;
    }
  | { readonly kind: 'lift'; readonly target: number; readonly request: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('revoke' as const), key, denies, request: fc.nat(40) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lift' as const), target: fc.nat(20), request: fc.nat(40) }),
  },
);

/** A log as the object keeps it, with plain maps for its tables. */
function play(steps: readonly Step[]) {
  let head = emptyHead;
  const entries: LogEntry[] = [];
  const requests = new Map<string, LogEntry>();
  const answers: { request: string; step: string; entry: LogEntry }[] = [];
  for (const one of steps) {
    const request = `${one.kind}-${one.request}`;
    const context = {
      id: `rev_${entries.length}` as const,
      at: new Date(entries.length * 1000).toISOString(),
      salt: '5a'.repeat(16),
      sha256,
    };
    const previous = requests.get(request) ?? null;
    const target: Id<'rev'> = `rev_${one.kind === 'lift' ? one.target : 0}`;
    const result =
      one.kind === 'revoke'
        ? revoke(head, one, previous, context)
        : lift(
            head,
            target,
            {
              previous,
              target: entries.find((entry) => entry.id === target) ?? null,
              liftedBy: entries.find((entry) => entry.lifts === target) ?? null,
            },
            context,
          );
    if (!result.ok) continue;
    if (result.value.appended !== null) {
      head = result.value.appended.head;
      entries.push(result.value.entry);
    }
    requests.set(request, result.value.entry);
    answers.push({ request, step: JSON.stringify(one), entry: result.value.entry });
  }
  return { head, entries, answers };
}

function deniedBy(entries: readonly LogEntry[]) {
  const index = createDenialIndex();
  for (const entry of entries) index.apply(entry);
  return index.denied;
}

const history = fc.array(step, { maxLength: 60, size: 'max' });

describe('decide', () => {
  test('one more denial never allows what was denied', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, denies)),
        fc.tuple(key, denies),
        fc.subarray(keys),
        capability,
        (before, more, set, asked) => {
          const entry = ([on, what]: readonly [ConsentKey, Capability[]], i: number) =>
            ({ id: `rev_${i}`, key: on, denies: what, lifts: null }) as const;
          const index = createDenialIndex();
          before.forEach((one, i) => {
            index.apply(entry(one, i));
          });
          const was = decide(set, asked, index.denied);
          index.apply(entry(more, before.length));
          const now = decide(set, asked, index.denied);
          if (!was.allowed) expect(now.allowed).toBe(false);
          if (set.includes(more[0]) && more[1].includes(asked)) expect(now.allowed).toBe(false);
          if (!set.includes(more[0]) || !more[1].includes(asked)) expect(now.allowed).toBe(was.allowed);
        },
      ),
      run,
    );
  });

  test('a set without keys is denied everything', () => {
    for (const asked of capabilities) expect(decide([], asked, new Map()).allowed).toBe(false);
  });

  test('the index agrees with reading the whole log', () => {
    fc.assert(
      fc.property(history, fc.subarray(keys, { minLength: 1 }), capability, (steps, set, asked) => {
        const { entries } = play(steps);
        const lifted = new Set(entries.flatMap((entry) => entry.lifts ?? []));
        const standing = entries.filter(
          (entry) =>
            entry.lifts === null &&
            !lifted.has(entry.id) &&
            set.includes(entry.key) &&
            entry.denies.includes(asked),
        );
        expect(decide(set, asked, deniedBy(entries)).allowed).toBe(standing.length === 0);
      }),
      run,
    );
  });
});

describe('chain', () => {
  test('every history verifies, positions grow by one', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, head } = play(steps);
        expect(verifyChain(entries, sha256, head)).toEqual({ valid: true, head });
        expect(entries.map((entry) => entry.position)).toEqual(entries.map((_, i) => i + 1));
      }),
      run,
    );
  });

  test('any changed field is found', () => {
    const field = fc.constantFrom(
      'position',
      'id',
      'key',
      'denies',
      'lifts',
      'at',
      'previousHash',
      'hash' as const,
    );
    fc.assert(
      fc.property(history, fc.nat(), field, (steps, at, name) => {
        const { entries, head } = play(steps);
        fc.pre(entries.length > 0);
        const i = at % entries.length;
        const original = entries[i];
        if (original === undefined) return;
        const flip = (hex: string) => (hex.startsWith('0') ? `1${hex.slice(1)}` : `0${hex.slice(1)}`);
        const changed: LogEntry = {
          position: { ...original, position: original.position + 1 },
          id: { ...original, id: `${original.id}x` as const },
          key: { ...original, key: 'account:acc_z' as const },
          denies: { ...original, denies: original.denies.slice(1) },
          lifts: { ...original, lifts: original.lifts === null ? ('rev_0' as const) : null },
          at: { ...original, at: `${original.at}0` },
          previousHash: { ...original, previousHash: flip(original.previousHash) },
          hash: { ...original, hash: flip(original.hash) },
        }[name];
        expect(verifyChain(entries.with(i, changed), sha256, head).valid).toBe(false);
      }),
      run,
    );
  });

  test('a changed entry with a hash made to fit is found by its successor or the head', () => {
    fc.assert(
      fc.property(history, fc.nat(), (steps, at) => {
        const { entries, head } = play(steps);
        fc.pre(entries.length > 0);
        const i = at % entries.length;
        const forged = play([{ kind: 'revoke', key: 'account:acc_z', denies: ['cast'], request: 0 }])
          .entries[0];
        if (forged === undefined) throw new Error('no forgery');
        expect(verifyChain(entries.with(i, { ...forged, position: i + 1 }), sha256, head).valid).toBe(false);
      }),
      run,
    );
  });

  test('a dropped, swapped or repeated entry is found', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(), (steps, at, to) => {
        const { entries, head } = play(steps);
        fc.pre(entries.length > 1);
        const i = at % entries.length;
        const j = to % entries.length;
        const [one, other] = [entries[i], entries[j]];
        if (one === undefined || other === undefined) return;
        expect(verifyChain(entries.toSpliced(i, 1), sha256, head).valid).toBe(false);
        expect(verifyChain(entries.toSpliced(i, 0, one), sha256, head).valid).toBe(false);
        if (i !== j) expect(verifyChain(entries.with(i, other).with(j, one), sha256, head).valid).toBe(false);
      }),
      run,
    );
  });
});

test('one idempotency key makes one entry, and answers it every time', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { entries, answers } = play(steps);
      const byRequest = Map.groupBy(answers, (answer) => answer.request);
      for (const same of byRequest.values())
        expect(new Set(same.map(({ entry }) => entry.position)).size).toBe(1);
      expect(entries.length).toBeLessThanOrEqual(byRequest.size);
      // Lifting twice under two keys gives the denial back once.
      const lifts = entries.flatMap((entry) => entry.lifts ?? []);
      expect(new Set(lifts).size).toBe(lifts.length);
    }),
    run,
  );
});

test('a key under another denial is refused, not answered with the old receipt', () => {
  const context = { id: 'rev_x', at: '2026-11-22T00:00:00.000Z', salt: '', sha256 } as const;
  const first = revoke(emptyHead, { key: 'clip:clip_a', denies: ['serve'] }, null, context);
  if (!first.ok) throw new Error('refused');
  const other = revoke(emptyHead, { key: 'clip:clip_b', denies: ['serve'] }, first.value.entry, context);
  expect(other).toMatchObject({ ok: false, error: { code: 'idempotency_mismatch' } });
});

test('splitting by shard and joining decides as one log would', () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.subarray(keys), { maxLength: 8 }),
      capability,
      fc.integer({ min: 1, max: 5 }),
      (steps, sets, asked, shards) => {
        const denied = deniedBy(play(steps).entries);
        const shardOf = (one: ConsentKey) => consentShard(one, shards);
        const answers = groupByShard(sets, shardOf).map(({ shard, parts }) => ({
          parts,
          // A shard knows only what was appended to it.
          decisions: parts.map((part) =>
            decide(part.keys, asked, new Map([...denied].filter(([one]) => shardOf(one) === shard))),
          ),
        }));
        const joined = joinDecisions(sets.length, answers);
        expect(joined.map(({ allowed }) => allowed)).toEqual(
          sets.map((set) => decide(set, asked, denied).allowed),
        );
      },
    ),
    run,
  );
});

test('a shard that leaves a question out is a fault, never a pass', () => {
  const parts = [{ set: 0, keys: [...keys] }];
  expect(() => joinDecisions(1, [{ parts, decisions: [] }])).toThrow();
});
