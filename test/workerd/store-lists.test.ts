/** Lists and accounts read from D1: pages neither repeat nor skip, nothing of anybody else's, exact profile counts. */
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection } from '#schemas/projections.ts';
import { accounts, generations } from '#schemas/tables.ts';
import { accountByHandle, accountById, followingOf, profileOf } from '#workers/store/accounts-store.ts';
import { ancestorsOf, type ClipPage, clipsOfOwner, remixesOf } from '#workers/store/clips-store.ts';
import { generationsOf } from '#workers/store/generations-store.ts';
import { createAccount, db, follow, insertClip } from './clip-fixtures.ts';

let owner: Id<'acc'>;
beforeEach(async () => {
  owner = await createAccount('owner');
});
const createClip = (clip: Partial<ClipProjection['clip']> = {}, ownerId = owner) => insertClip(ownerId, clip);

/** Walks every page; `between` runs after the first. */
async function walk(
  pageAt: (cursor: string | null) => Promise<ClipPage>,
  between?: () => Promise<unknown>,
): Promise<Id<'clip'>[]> {
  const ids: Id<'clip'>[] = [];
  let cursor: string | null = null;
  for (let n = 0; n < 50; n++) {
    const page: ClipPage = await pageAt(cursor);
    ids.push(...page.rows.map((row) => row.clip.id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
    if (n === 0) await between?.();
  }
  throw new Error('the pages do not end');
}

describe('lists', () => {
  const minute = (n: number) => new Date(Date.parse('2026-11-01T00:00:00Z') + n * 60_000).toISOString();

  test('an owner’s clips: newest first, without gaps or repeats, also when one arrives meanwhile and times are equal', async () => {
    const ids: Id<'clip'>[] = [];
    for (let i = 0; i < 11; i++)
      ids.push(await createClip({ publishedAt: minute(Math.floor(i / 3)), createdAt: minute(100 - i) }));
    const found = await walk(
      async (cursor) => {
        const page = await clipsOfOwner(db(), owner, null, { status: 'published', limit: 3, cursor });
        if (!page.ok) throw new Error(page.error.code);
        return page.value;
      },
      () => createClip({ publishedAt: minute(999) }),
    );
    const expected = ids
      .map((id, i) => ({ id, time: minute(Math.floor(i / 3)) }))
      .sort((a, b) => (a.time === b.time ? (a.id < b.id ? 1 : -1) : a.time < b.time ? 1 : -1));
    expect(found).toEqual(expected.map(({ id }) => id));
  });

  test('others see what is public, the owner all of it; drafts are listed apart; nobody sees what was withdrawn', async () => {
    const pub = await createClip({ publishedAt: minute(1) });
    const unlisted = await createClip({ visibility: 'unlisted', publishedAt: minute(2) });
    const priv = await createClip({ visibility: 'private', publishedAt: minute(3) });
    const draft = await createClip({ status: 'draft', visibility: 'private', publishedAt: null });
    await createClip({ status: 'withdrawn', publishedAt: minute(4) });
    const list = async (viewer: Id<'acc'> | null, status: 'draft' | 'published') => {
      const page = await clipsOfOwner(db(), owner, viewer, { status, limit: 50, cursor: null });
      return page.ok ? page.value.rows.map((row) => row.clip.id) : page.error.code;
    };
    expect(await list(null, 'published')).toEqual([pub]);
    expect(await list(await createAccount('x'), 'published')).toEqual([pub]);
    expect(await list(owner, 'published')).toEqual([priv, unlisted, pub]);
    expect(await list(owner, 'draft')).toEqual([draft]);
  });

  test('lineage: parent first, root last; remixes newest first', async () => {
    const root = await createClip();
    const child = await createClip({
      parentId: root,
      parentHandle: 'o',
      rootId: root,
      depth: 1,
      publishedAt: minute(1),
    });
    const grandchild = await createClip({ parentId: child, parentHandle: 'o', rootId: root, depth: 2 });
    const sibling = await createClip({
      parentId: root,
      parentHandle: 'o',
      rootId: root,
      depth: 1,
      publishedAt: minute(2),
    });
    await createClip({ parentId: root, parentHandle: 'o', rootId: root, depth: 1, visibility: 'private' });
    expect((await ancestorsOf(db(), grandchild, null)).map((row) => row.clip.id)).toEqual([child, root]);
    expect(await ancestorsOf(db(), root, null)).toEqual([]);
    const remixes = await walk(async (cursor) => {
      const page = await remixesOf(db(), root, null, { limit: 1, cursor });
      if (!page.ok) throw new Error(page.error.code);
      return page.value;
    });
    expect(remixes).toEqual([sibling, child]);
  });

  test('generations: my own, newest first', async () => {
    const other = await createAccount('other');
    const insert = async (accountId: Id<'acc'>, n: number) => {
      const id = createId('gen', Date.now());
      const record: Generation = {
        id,
        status: 'ready',
        stage: 'waiting',
        progress: 1,
        queuePosition: null,
        estimateSeconds: null,
        prompt: `p${n}`,
        seconds: 10,
        size: '720x1280',
        engine: 'sketch',
        seed: 1,
        credits: 10,
        attempt: 1,
        createdAt: minute(n),
        updatedAt: minute(n),
      };
      await db()
        .insert(generations)
        .values({ id, accountId, status: 'ready', record, version: 1, createdAt: minute(n) });
    };
    for (let n = 0; n < 5; n++) await insert(owner, n);
    await insert(other, 9);
    const first = await generationsOf(db(), owner, { limit: 3, cursor: null });
    if (!first.ok) throw new Error(first.error.code);
    expect(first.value.items.map((item) => item.prompt)).toEqual(['p4', 'p3', 'p2']);
    const rest = await generationsOf(db(), owner, { limit: 3, cursor: first.value.nextCursor });
    expect(rest).toMatchObject({
      ok: true,
      value: { items: [{ prompt: 'p1' }, { prompt: 'p0' }], nextCursor: null },
    });
  });

  test.each([
    '',
    'x',
    '!!!',
    btoa('null'),
    btoa('{"time":"yesterday","id":"a"}'),
    btoa(JSON.stringify({ time: '2026-11-01T00:00:00.000Z', id: 'a', more: 1 })),
  ])('a cursor that is not ours (%s) is refused', async (cursor) => {
    const asked = [
      clipsOfOwner(db(), owner, null, { status: 'published', limit: 3, cursor }),
      remixesOf(db(), createId('clip', 0), null, { limit: 3, cursor }),
      generationsOf(db(), owner, { limit: 3, cursor }),
    ];
    for (const result of await Promise.all(asked))
      expect(result).toMatchObject({ ok: false, error: { code: 'cursor_invalid' } });
  });
});

describe('accounts', () => {
  test('are found by id and by handle in any case', async () => {
    const account = await accountById(db(), owner);
    if (account === null) throw new Error('no account');
    expect(await accountByHandle(db(), account.handle.toUpperCase())).toEqual(account);
    expect(await accountById(db(), createId('acc', 0))).toBeNull();
    expect(await accountByHandle(db(), 'nobody-here')).toBeNull();
  });

  test('profiles count followers, following and public clips exactly', async () => {
    const [a, b] = [await createAccount('a'), await createAccount('b')];
    await follow(a, owner);
    await follow(b, owner);
    await follow(owner, a);
    await createClip();
    await createClip({ visibility: 'private' });
    await createClip({ status: 'draft' });
    await createClip({}, a);
    const account = await db().select().from(accounts).where(eq(accounts.id, owner)).get();
    const handle = account?.handle ?? '';
    expect(await profileOf(db(), handle, a)).toMatchObject({
      id: owner,
      followers: 2,
      following: 1,
      clips: 1,
      followedByMe: true,
    });
    expect((await profileOf(db(), (await accountById(db(), b))?.handle ?? '', owner))?.followedByMe).toBe(
      false,
    );
    for (const viewer of [null, owner])
      expect((await profileOf(db(), handle, viewer))?.followedByMe).toBeNull();
    expect(await profileOf(db(), 'nobody-here', null)).toBeNull();
    expect(await followingOf(db(), owner)).toEqual([a]);
    expect((await followingOf(db(), a)).concat(await followingOf(db(), b))).toEqual([owner, owner]);
  });
});
