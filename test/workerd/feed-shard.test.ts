/** The real feed shard: pages survive evictions, removals hold against late messages, sessions expire. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FeedCandidate, FeedPage, FeedPageRequest } from '#durable-objects/feed-shard/rpc.ts';
import { sessionTtlMs } from '#durable-objects/feed-shard/session-store.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';
import { evict } from '../support/evict.ts';

let names = 0;
const freshShard = () => env.FEED_SHARD.getByName(`test-feed-${names++}`);
type Shard = ReturnType<typeof freshShard>;

const hour = 3_600_000;
const request = (more: Partial<FeedPageRequest> = {}): FeedPageRequest => ({
  mode: 'recent',
  limit: 5,
  position: null,
  following: [],
  seen: [],
  blocked: [],
  ...more,
});

function candidates(count: number, authors = count): FeedCandidate[] {
  const owners = Array.from({ length: authors }, () => createId('acc', Date.now()));
  return Array.from({ length: count }, (_, i) => {
    const clipId = createId('clip', Date.now());
    const ownerId = owners[i % authors] ?? createId('acc', Date.now());
    return {
      clipId,
      ownerId,
      rootId: clipId,
      keys: [`clip:${clipId}`, `account:${ownerId}`],
      publishedAt: Date.now() - i * hour,
      version: 2,
    };
  });
}

function pageOrThrow(result: Result<FeedPage>): FeedPage {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
const idsOf = (page: FeedPage) => page.items.map((item) => item.clipId);
const ask = async (shard: Shard, more: Partial<FeedPageRequest> = {}) =>
  pageOrThrow(await shard.page(request(more)));

afterEach(() => {
  vi.useRealTimers();
});

describe('pages', () => {
  test('go on after an eviction, and an old one is answered again as it was', async () => {
    const shard = freshShard();
    const clips = candidates(12);
    await shard.upsert(clips);
    const first = await ask(shard);
    expect(idsOf(first)).toEqual(clips.slice(0, 5).map((clip) => clip.clipId));
    expect(first.items[0]?.keys).toEqual(clips[0]?.keys);
    await evict(shard);
    const second = await ask(shard, { position: first.next });
    expect(idsOf(second)).toEqual(clips.slice(5, 10).map((clip) => clip.clipId));
    await evict(shard);
    const [session, seq] = [first.next?.session ?? '', first.next?.seq ?? -1];
    expect(await ask(shard, { position: { session, seq } })).toEqual(second);
    expect(idsOf(await ask(shard, { position: { session, seq: 0 } }))).toEqual(idsOf(first));
    const last = await ask(shard, { position: second.next });
    expect(last.items.length).toBe(2);
    expect(last.next).toBeNull();
  });

  test('asked for twice at once are one page', async () => {
    const shard = freshShard();
    await shard.upsert(candidates(30));
    const { next } = await ask(shard, { mode: 'discover' });
    const pages = await Promise.all(
      Array.from({ length: 10 }, () => ask(shard, { mode: 'discover', position: next })),
    );
    for (const page of pages) expect(page).toEqual(pages[0]);
  });

  test('of an empty shard end at once', async () => {
    expect(await ask(freshShard(), { mode: 'discover' })).toEqual({ items: [], next: null });
  });

  test('of sessions nobody began, out of turn or of another mode are cursor_invalid; a senseless limit is bad_request', async () => {
    const shard = freshShard();
    await shard.upsert(candidates(12));
    const { next } = await ask(shard);
    const session = next?.session ?? '';
    for (const position of [
      { session: 'ses_nobody', seq: 0 },
      { session, seq: 9 },
      { session, seq: -1 },
      { session, seq: 0.5 },
    ]) {
      expect(await shard.page(request({ position }))).toMatchObject({
        ok: false,
        error: { code: 'cursor_invalid' },
      });
    }
    expect(await shard.page(request({ mode: 'discover', position: next }))).toMatchObject({
      ok: false,
      error: { code: 'cursor_invalid' },
    });
    for (const limit of [0, 51, 1.5, Number.NaN]) {
      expect(await shard.page(request({ limit }))).toMatchObject({
        ok: false,
        error: { code: 'bad_request' },
      });
    }
  });

  test('following shows only whom the viewer follows, never whom they block', async () => {
    const shard = freshShard();
    const clips = candidates(20, 4);
    await shard.upsert(clips);
    const [a, b] = [clips[0]?.ownerId, clips[1]?.ownerId];
    if (a === undefined || b === undefined) throw new Error('no clips');
    const page = await ask(shard, { mode: 'following', limit: 50, following: [a, b], blocked: [b] });
    expect(idsOf(page)).toEqual(clips.filter((clip) => clip.ownerId === a).map((clip) => clip.clipId));
    expect(new Set(page.items.map((item) => item.why))).toEqual(new Set(['From someone you follow']));
    expect((await ask(shard, { mode: 'following', following: [] })).items).toEqual([]);
  });
});

describe('a removal', () => {
  test('holds in old and new pages, after an eviction, and against a publication it overtook', async () => {
    const shard = freshShard();
    const clips = candidates(6);
    await shard.upsert(clips);
    const first = await ask(shard);
    const [gone, never] = [clips[1], candidates(1)[0]];
    if (gone === undefined || never === undefined) throw new Error('no clips');
    await shard.remove([
      { clipId: gone.clipId, version: 3 },
      { clipId: never.clipId, version: 3 },
    ]);
    await evict(shard);
    await shard.upsert([gone, never]);
    const replay = await ask(shard, { position: { session: first.next?.session ?? '', seq: 0 } });
    expect(idsOf(replay)).toEqual(idsOf(first).filter((id) => id !== gone.clipId));
    expect(idsOf(await ask(shard, { limit: 50 })).sort()).toEqual(
      clips
        .filter((clip) => clip !== gone)
        .map((clip) => clip.clipId)
        .sort(),
    );
    // Published anew: a newer version comes back.
    await shard.upsert([{ ...gone, version: 4 }]);
    expect(idsOf(await ask(shard, { limit: 50 }))).toContain(gone.clipId);
  });

  test('said again at a newer version holds up to that one, also after an eviction', async () => {
    const shard = freshShard();
    const [clip] = candidates(1);
    if (clip === undefined) throw new Error('no clip');
    for (const version of [5, 3, 6]) await shard.remove([{ clipId: clip.clipId, version }]);
    await evict(shard);
    await shard.upsert([{ ...clip, version: 6 }]);
    expect((await ask(shard)).items).toEqual([]);
    await shard.upsert([{ ...clip, version: 7 }]);
    expect(idsOf(await ask(shard))).toEqual([clip.clipId]);
  });

  test('that is older than what is known changes nothing', async () => {
    const shard = freshShard();
    const [clip] = candidates(1);
    if (clip === undefined) throw new Error('no clip');
    await shard.upsert([{ ...clip, version: 5 }]);
    await shard.remove([{ clipId: clip.clipId, version: 4 }]);
    expect(idsOf(await ask(shard))).toEqual([clip.clipId]);
  });
});

test('a session nobody used for hours is gone, a used one stays, and the sweep clears the rows', async () => {
  const shard = freshShard();
  await shard.upsert(candidates(20));
  const [idle, used] = [await ask(shard), await ask(shard)];
  const start = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: start + sessionTtlMs / 2 });
  await ask(shard, { position: used.next });
  vi.setSystemTime(start + sessionTtlMs + 1_000);
  expect(await shard.page(request({ position: idle.next }))).toMatchObject({
    ok: false,
    error: { code: 'cursor_invalid' },
  });
  await runDurableObjectAlarm(shard);
  expect((await ask(shard, { position: used.next })).items.length).toBe(5);
  const rows = await runInDurableObject(shard, (_, state) =>
    state.storage.sql.exec<{ session: string }>('SELECT DISTINCT session FROM pages').toArray(),
  );
  expect(rows).toEqual([{ session: used.next?.session }]);
});

test('evicted anywhere in a long session: no repeats, nothing removed, every clip that stayed was shown', async () => {
  const command = fc.constantFrom('page', 'page', 'page', 'evict', 'remove', 'replay');
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 30, size: 'max' }), async (commands) => {
      const shard = freshShard();
      const clips = candidates(40, 7);
      await shard.upsert(clips);
      const left = new Set<Id<'clip'>>(clips.map((clip) => clip.clipId));
      const shown = new Map<Id<'clip'>, number>();
      const removed = new Set<Id<'clip'>>();
      let session: string | null = null;
      let pages = 0;
      let more = true;
      const step = async () => {
        const page = await ask(shard, {
          mode: 'discover',
          position: session === null ? null : { session, seq: pages },
        });
        for (const id of idsOf(page)) {
          expect(shown.has(id)).toBe(false);
          expect(removed.has(id)).toBe(false);
          shown.set(id, pages);
        }
        more = page.next !== null;
        session = page.next?.session ?? session;
        pages += 1;
      };
      for (const one of commands) {
        if (one === 'evict') {
          // Only an object that runs can be evicted.
          await shard.remove([]);
          await evict(shard);
        }
        if (one === 'page' && more) await step();
        if (one === 'remove') {
          const [victim] = [...left].filter((id) => !removed.has(id)).slice(removed.size * 3);
          if (victim === undefined) continue;
          removed.add(victim);
          await shard.remove([{ clipId: victim, version: 3 }]);
        }
        if (one === 'replay' && session !== null && pages > 0) {
          const replay = await ask(shard, { mode: 'discover', position: { session, seq: 0 } });
          const first = [...shown].filter(([, page]) => page === 0).map(([id]) => id);
          expect(idsOf(replay)).toEqual(first.filter((id) => !removed.has(id)));
        }
      }
      while (more) await step();
      for (const id of left) expect(shown.has(id) || removed.has(id)).toBe(true);
    }),
    { seed: 20_261_122, numRuns: 10 },
  );
});
