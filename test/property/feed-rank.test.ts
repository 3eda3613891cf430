/** The feed under random publishes, removals and replays: no repeats, nothing removed, the same page twice, authors spread out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCandidatePool } from '#durable-objects/feed-shard/core/candidate-pool.ts';
import { presentPage } from '#durable-objects/feed-shard/core/present-page.ts';
import { authorGap, repeatLimit, repeatWindow } from '#durable-objects/feed-shard/core/rank.ts';
import { pageOf, type Session, startSession } from '#durable-objects/feed-shard/core/session.ts';
import type { FeedCandidate, FeedPageRequest } from '#durable-objects/feed-shard/rpc.ts';
import type { FeedMode } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';

const run = { seed: 20_261_122, numRuns: 200 };
const hour = 3_600_000;
const now = Date.parse('2026-11-22T12:00:00Z');

const request = (mode: FeedMode, more: Partial<FeedPageRequest> = {}): FeedPageRequest => ({
  mode,
  limit: 10,
  position: null,
  following: [],
  seen: [],
  blocked: [],
  ...more,
});

interface Spec {
  readonly id: number;
  readonly owner: number;
  readonly root: number;
  readonly age: number;
}
function candidate({ id, owner, root, age }: Spec, version = 1): FeedCandidate {
  const clipId: Id<'clip'> = `clip_${String(id).padStart(4, '0')}`;
  return {
    clipId,
    ownerId: `acc_${owner}`,
    rootId: `clip_r${root}`,
    keys: [`clip:${clipId}`],
    publishedAt: now - age * hour,
    version,
  };
}
const specs = (authors: number, maxLength = 80) =>
  fc
    .array(
      fc.record({ owner: fc.nat(authors - 1), root: fc.nat(60), age: fc.integer({ min: 0, max: 400 }) }),
      { minLength: 1, maxLength, size: 'max' },
    )
    .map((list) => list.map((one, id) => ({ ...one, id })));

/** Asks for a page as the object does. */
function take(
  pool: ReturnType<typeof createCandidatePool>,
  session: Session,
  seq: number,
  asked: FeedPageRequest,
) {
  const result = pageOf(pool, session, seq, asked, now);
  if (!result.ok) throw new Error(result.error.code);
  if (result.value.fresh) session.pages.push(result.value.page);
  return {
    ids: presentPage(pool, result.value.page, asked, now).map((item) => item.clipId),
    more: result.value.page.more,
  };
}

const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('next' as const), limit: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replay' as const), seq: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), id: fc.nat(90), late: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      id: fc.integer({ min: 0, max: 90 }),
      owner: fc.nat(9),
    }),
  },
);

describe.each(['discover', 'recent', 'following'] as const)('a session of %s', (mode) => {
  test('repeats nothing, shows nothing removed, replays what it was less removals', () => {
    let replays = 0;
    fc.assert(
      fc.property(specs(10, 40), fc.array(command, { maxLength: 60, size: 'max' }), (clips, commands) => {
        const pool = createCandidatePool(clips.map((spec) => candidate(spec)));
        const versions = new Map<Id<'clip'>, number>(clips.map((spec) => [candidate(spec).clipId, 1]));
        const listed = new Set<Id<'clip'>>(versions.keys());
        const following: Id<'acc'>[] = ['acc_1', 'acc_2', 'acc_3', 'acc_4'];
        const asked = request(mode, { following, blocked: ['acc_4'] });
        const session = startSession('ses_a', asked);
        const shown = new Map<Id<'clip'>, number>();
        const first: Id<'clip'>[][] = [];

        for (const one of commands) {
          if (one.kind === 'next') {
            const page = take(pool, session, session.pages.length, { ...asked, limit: one.limit });
            expect(page.ids.length).toBeLessThanOrEqual(one.limit);
            for (const id of page.ids) {
              expect(shown.has(id)).toBe(false);
              shown.set(id, first.length);
            }
            first.push(page.ids);
          }
          if (one.kind === 'replay' && first.length > 0) {
            const seq = one.seq % first.length;
            const again = take(pool, session, seq, asked);
            expect(again.ids).toEqual(first[seq]?.filter((id) => listed.has(id)));
            replays += 1;
          }
          if (one.kind === 'remove') {
            const { clipId } = candidate({ id: one.id, owner: 0, root: 0, age: 0 });
            const version = (versions.get(clipId) ?? 0) + 1;
            versions.set(clipId, version);
            pool.remove(clipId, version);
            listed.delete(clipId);
            // A publication that was overtaken on its way changes nothing.
            if (one.late)
              expect(pool.upsert(candidate({ id: one.id, owner: 0, root: 0, age: 0 }, version - 1))).toBe(
                false,
              );
          }
          if (one.kind === 'publish') {
            const known = pool.candidates[pool.row.get(`clip_${String(one.id).padStart(4, '0')}`) ?? -1];
            const spec = candidate({ id: one.id, owner: one.owner, root: one.id, age: one.id });
            const version = (versions.get(spec.clipId) ?? 0) + 1;
            versions.set(spec.clipId, version);
            expect(pool.upsert({ ...spec, version, ownerId: known?.ownerId ?? spec.ownerId })).toBe(true);
            listed.add(spec.clipId);
          }
          const latest = first.at(-1);
          const visible = latest === undefined ? [] : take(pool, session, first.length - 1, asked).ids;
          for (const id of visible) {
            expect(listed.has(id)).toBe(true);
            const ownerId = pool.candidates[pool.row.get(id) ?? -1]?.ownerId;
            expect(ownerId).not.toBe('acc_4');
            if (mode === 'following' && ownerId !== undefined) expect(following).toContain(ownerId);
          }
        }
      }),
      run,
    );
    expect(replays).toBeGreaterThan(100);
  });

  test('shows everything there is, once, and then ends', () => {
    fc.assert(
      fc.property(specs(10), fc.integer({ min: 1, max: 50 }), (clips, limit) => {
        const pool = createCandidatePool(clips.map((spec) => candidate(spec)));
        const following = [...new Set(clips.map(({ owner }): Id<'acc'> => `acc_${owner}`))];
        const asked = request(mode, { limit, following });
        const session = startSession('ses_a', asked);
        const ids: Id<'clip'>[] = [];
        for (let seq = 0; ; seq++) {
          const page = take(pool, session, seq, asked);
          ids.push(...page.ids);
          if (page.more) expect(page.ids.length).toBe(limit);
          if (!page.more) break;
        }
        expect(ids.length).toBe(clips.length);
        expect(new Set(ids).size).toBe(clips.length);
        if (mode !== 'discover') {
          const times = ids.map((id) => pool.candidates[pool.row.get(id) ?? -1]?.publishedAt ?? 0);
          expect(times).toEqual(times.toSorted((a, b) => b - a));
        }
      }),
      run,
    );
  });
});

describe('discover', () => {
  /** Which rule showing `next` after `shown` would break, written from the promise and not from the code. */
  function breach(shown: readonly FeedCandidate[], next: FeedCandidate): 'none' | 'repeat' | 'near' {
    if (shown.slice(-authorGap).some((clip) => clip.ownerId === next.ownerId)) return 'near';
    const window = shown.slice(1 - repeatWindow);
    const often = (name: 'ownerId' | 'rootId') =>
      window.filter((clip) => clip[name] === next[name]).length >= repeatLimit;
    return often('ownerId') || often('rootId') ? 'repeat' : 'none';
  }
  const rank = { none: 0, repeat: 1, near: 2 };

  test('spacing is broken only where every clip left would break it as much', () => {
    let forced = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }).chain((authors) => specs(authors)),
        fc.integer({ min: 1, max: 20 }),
        (clips, limit) => {
          const left = new Map(clips.map((spec) => [candidate(spec).clipId, candidate(spec)]));
          const pool = createCandidatePool([...left.values()]);
          const session = startSession('ses_spacing', request('discover'));
          const shown: FeedCandidate[] = [];
          for (let seq = 0; left.size > 0; seq++) {
            for (const id of take(pool, session, seq, request('discover', { limit })).ids) {
              const next = left.get(id);
              if (next === undefined) throw new Error('shown twice');
              const broken = breach(shown, next);
              const least = Math.min(...[...left.values()].map((clip) => rank[breach(shown, clip)]));
              expect(rank[broken]).toBe(least);
              if (broken !== 'none') forced += 1;
              shown.push(next);
              left.delete(id);
            }
          }
        },
      ),
      run,
    );
    expect(forced).toBeGreaterThan(0);
  });

  test('the order depends on the session and on nothing else: not on arrival, restarts or page size', () => {
    fc.assert(
      fc.property(specs(10), fc.integer({ min: 1, max: 20 }), (clips, limit) => {
        const order = (list: readonly Spec[], size: number, id: string) => {
          const pool = createCandidatePool(list.map((spec) => candidate(spec)));
          const session = startSession(id, request('discover'));
          const ids: Id<'clip'>[] = [];
          for (let seq = 0; ids.length < list.length; seq++)
            ids.push(...take(pool, session, seq, request('discover', { limit: size })).ids);
          return ids;
        };
        const one = order(clips, 10, 'ses_one');
        expect(order(clips.toReversed(), limit, 'ses_one')).toEqual(one);
      }),
      run,
    );
  });

  test('a pool that clips have left orders like one that never had them', () => {
    fc.assert(
      fc.property(specs(8), fc.array(fc.nat(80), { maxLength: 60, size: 'max' }), (clips, removals) => {
        const order = (pool: ReturnType<typeof createCandidatePool>) =>
          take(pool, startSession('ses_left', request('discover')), 0, request('discover', { limit: 50 }))
            .ids;
        const pool = createCandidatePool(clips.map((spec) => candidate(spec)));
        for (const id of removals) pool.remove(candidate({ id, owner: 0, root: 0, age: 0 }).clipId, 2);
        const kept = clips.filter((spec) => !removals.includes(spec.id));
        expect(order(pool)).toEqual(order(createCandidatePool(kept.map((spec) => candidate(spec)))));
      }),
      run,
    );
  });

  test('one author who floods the pool gets no more room than the rules give', () => {
    const flood = Array.from({ length: 900 }, (_, id) => ({ id, owner: 0, root: id, age: 0.001 * id }));
    const rest = Array.from({ length: 120 }, (_, i) => ({
      id: 1_000 + i,
      owner: 1 + (i % 30),
      root: 1_000,
      age: 300 + i,
    }));
    const left = new Map([...flood, ...rest].map((spec) => [candidate(spec).clipId, candidate(spec)]));
    const pool = createCandidatePool([...left.values()]);
    const session = startSession('ses_flood', request('discover'));
    const shown: FeedCandidate[] = [];
    for (let seq = 0; seq < 12; seq++) {
      for (const id of take(pool, session, seq, request('discover', { limit: 20 })).ids) {
        const next = left.get(id);
        if (next === undefined) throw new Error('shown twice');
        const least = Math.min(...[...left.values()].map((clip) => rank[breach(shown, clip)]));
        expect(rank[breach(shown, next)]).toBe(least);
        shown.push(next);
        left.delete(id);
      }
    }
  });

  test('in a large pool too the order does not depend on the page size', () => {
    const clips = Array.from({ length: 2_000 }, (_, id) => ({
      id,
      owner: id % 37,
      root: id % 90,
      age: (id * 7) % 500,
    }));
    const order = (limit: number) => {
      const pool = createCandidatePool(clips.map((spec) => candidate(spec)));
      const session = startSession('ses_large', request('discover'));
      const ids: Id<'clip'>[] = [];
      for (let seq = 0; ids.length < 600; seq++)
        ids.push(...take(pool, session, seq, request('discover', { limit })).ids);
      return ids.slice(0, 600);
    };
    expect(order(50)).toEqual(order(1));
    expect(order(7)).toEqual(order(1));
  });

  test('two sessions differ, both lean to what is new, and everybody gets a turn early in some of them', () => {
    const clips = Array.from({ length: 300 }, (_, id) => ({ id, owner: id, root: id, age: id }));
    const pool = createCandidatePool(clips.map((spec) => candidate(spec)));
    const firsts = Array.from(
      { length: 40 },
      (_, i) => take(pool, startSession(`ses_${i}`, request('discover')), 0, request('discover')).ids,
    );
    expect(new Set(firsts.map(String)).size).toBeGreaterThan(30);
    const ages = firsts
      .flat()
      .map((id) => (now - (pool.candidates[pool.row.get(id) ?? -1]?.publishedAt ?? 0)) / hour);
    const median = ages.toSorted((a, b) => a - b)[ages.length >> 1] ?? Number.NaN;
    expect(median).toBeLessThan(15);
    expect(ages.filter((age) => age > 100).length).toBeGreaterThan(5);
  });

  test('what was seen before is left out', () => {
    const pool = createCandidatePool(
      Array.from({ length: 30 }, (_, id) => candidate({ id, owner: id, root: id, age: 1 })),
    );
    const seen = take(pool, startSession('ses_x', request('discover')), 0, request('discover')).ids;
    const asked = request('discover', { seen, limit: 50 });
    const next = take(pool, startSession('ses_y', asked), 0, asked).ids;
    expect(next.length).toBe(20);
    expect(next.filter((id) => seen.includes(id))).toEqual([]);
  });
});

test('an author blocked after a page was made is not in it any more', () => {
  const pool = createCandidatePool([0, 1, 2].map((id) => candidate({ id, owner: id, root: id, age: id })));
  const session = startSession('ses_a', request('recent'));
  const all = take(pool, session, 0, request('recent')).ids;
  expect(take(pool, session, 0, request('recent', { blocked: ['acc_1'] })).ids).toEqual(all.toSpliced(1, 1));
});

test('a page out of turn or of another mode is cursor_invalid', () => {
  const pool = createCandidatePool([candidate({ id: 1, owner: 1, root: 1, age: 1 })]);
  const session = startSession('ses_a', request('discover'));
  expect(pageOf(pool, session, 1, request('discover'), now)).toMatchObject({
    ok: false,
    error: { code: 'cursor_invalid' },
  });
  expect(pageOf(pool, session, 0, request('recent'), now)).toMatchObject({
    ok: false,
    error: { code: 'cursor_invalid' },
  });
});

test('reasons are true when they are given', () => {
  const pool = createCandidatePool([
    candidate({ id: 1, owner: 1, root: 1, age: 0.5 }),
    candidate({ id: 2, owner: 2, root: 2, age: 20 }),
    candidate({ id: 3, owner: 3, root: 3, age: 2 }),
  ]);
  const asked = request('recent', { following: ['acc_3'] });
  const session = startSession('ses_a', asked);
  const result = pageOf(pool, session, 0, asked, now);
  if (!result.ok) throw new Error('refused');
  const why = (at: number) => presentPage(pool, result.value.page, asked, at).map((item) => item.why);
  expect(why(now)).toEqual(['New this hour', 'From someone you follow', 'New today']);
  expect(why(now + 2 * hour)[0]).toBe('New today');
});
