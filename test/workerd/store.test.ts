/** Clips read from D1: exact counts, each viewer's own story, and only what each may see. */
import { env } from 'cloudflare:workers';
import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { clipSchema } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection } from '#schemas/projections.ts';
import { comments, likes } from '#schemas/tables.ts';
import { hydrateClips } from '#workers/store/clips-store.ts';
import { canList, canSee } from '#workers/store/core/visibility.ts';
import { database } from '#workers/store/database.ts';
import { presentClip } from '#workers/store/present-clip.ts';
import { createAccount, db, follow, insertClip } from './clip-fixtures.ts';

let owner: Id<'acc'>;
beforeEach(async () => {
  owner = await createAccount('owner');
});

const createClip = (clip: Partial<ClipProjection['clip']> = {}, ownerId = owner) => insertClip(ownerId, clip);
const like = (clipId: Id<'clip'>, accountId: Id<'acc'>) =>
  db().insert(likes).values({ clipId, accountId, createdAt: new Date().toISOString() }).onConflictDoNothing();
async function only(id: Id<'clip'>, viewerId: Id<'acc'> | null) {
  const [row] = await hydrateClips(db(), [id], viewerId);
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('hydrateClips', () => {
  test('answers in the order asked, leaves out what is unknown, in one round trip for a hundred and fifty', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, () => createClip()));
    const asked = [...ids].reverse();
    asked.splice(7, 0, createId('clip', Date.now()));
    const prepare = vi.spyOn(env.DB, 'prepare');
    const rows = await hydrateClips(database(env), asked, owner);
    expect(prepare).toHaveBeenCalledTimes(1);
    prepare.mockRestore();
    expect(rows.map((row) => row.clip.id)).toEqual([...ids].reverse());
    expect(await hydrateClips(db(), [], owner)).toEqual([]);
  });

  test('tells every viewer their own story', async () => {
    const [fan, other] = [await createAccount('fan'), await createAccount('other')];
    const [mine, theirs] = [await createClip(), await createClip({}, other)];
    await like(mine, fan);
    await follow(fan, owner);
    const rows = await hydrateClips(db(), [mine, theirs], fan);
    expect(rows.map(({ liked, followsOwner }) => ({ liked, followsOwner }))).toEqual([
      { liked: true, followsOwner: true },
      { liked: false, followsOwner: false },
    ]);
    expect(rows.map((row) => row.owner.id)).toEqual([owner, other]);
    for (const viewer of [null, other])
      expect(await only(mine, viewer)).toMatchObject({ liked: false, followsOwner: false, likes: 1 });
  });

  test('counts exactly after concurrent likes, unlikes and repeats', async () => {
    const id = await createClip();
    const fans = Array.from({ length: 60 }, () => createId('acc', Date.now()));
    await Promise.all(fans.flatMap((fan) => [like(id, fan), like(id, fan)]));
    const leaving = fans.slice(0, 23);
    await Promise.all([
      ...leaving.map((fan) =>
        db()
          .delete(likes)
          .where(and(eq(likes.clipId, id), eq(likes.accountId, fan))),
      ),
      ...fans.slice(23).map((fan) => like(id, fan)),
    ]);
    expect((await only(id, fans[0] ?? null)).likes).toBe(37);
    expect((await only(id, fans[0] ?? null)).liked).toBe(false);
    expect((await only(id, fans[59] ?? null)).liked).toBe(true);
  });

  test('counts comments that stand and remixes that everybody sees', async () => {
    const id = await createClip();
    const comment = (deletedAt: string | null) =>
      db()
        .insert(comments)
        .values({
          id: createId('cmt', Date.now()),
          clipId: id,
          authorId: owner,
          text: 't',
          createdAt: new Date().toISOString(),
          deletedAt,
        });
    await comment(null);
    await comment(null);
    await comment(new Date().toISOString());
    for (const more of [
      {},
      {},
      { visibility: 'unlisted' },
      { visibility: 'private' },
      { status: 'draft' },
      { status: 'withdrawn' },
    ] as const) {
      await createClip({ parentId: id, parentHandle: 'owner', rootId: id, depth: 1, ...more });
    }
    expect(await only(id, null)).toMatchObject({ comments: 2, remixes: 2, likes: 0 });
  });
});

describe('presentClip', () => {
  test('fits the schema, and shows the prompt to those in it or when the owner showed it', async () => {
    const coOwner = await createAccount('co');
    const hidden = await createClip({ coOwnerIds: [coOwner] });
    const shown = await createClip({ showPrompt: true });
    const prompt = async (id: Id<'clip'>, viewer: Id<'acc'> | null) => {
      const clip = presentClip(await only(id, viewer), viewer);
      expect(clipSchema.parse(clip)).toEqual(clip);
      return clip.prompt;
    };
    expect(await prompt(hidden, null)).toBeNull();
    expect(await prompt(hidden, await createAccount('stranger'))).toBeNull();
    expect(await prompt(hidden, owner)).toContain('nobody else');
    expect(await prompt(hidden, coOwner)).toContain('nobody else');
    expect(await prompt(shown, null)).toContain('nobody else');
  });

  test('says who the viewer is to the clip, whether it can be remixed and whether its parent is there', async () => {
    const coOwner = await createAccount('co');
    const parent = await createClip();
    const gone = await createClip({ status: 'withdrawn' });
    const child = (parentId: Id<'clip'>) =>
      createClip({
        parentId,
        parentHandle: 'owner',
        rootId: parentId,
        depth: 1,
        coOwnerIds: [coOwner],
        hasCaptions: true,
      });
    const [a, b] = [await child(parent), await child(gone)];
    expect(presentClip(await only(a, coOwner), coOwner)).toMatchObject({
      viewer: { isOwner: false, isCoOwner: true },
      parent: { id: parent, handle: 'owner', available: true },
      media: { video: `/media/${a}/video.mp4`, captions: `/media/${a}/captions.vtt` },
      remixable: true,
    });
    expect(presentClip(await only(b, owner), owner)).toMatchObject({
      viewer: { isOwner: true },
      parent: { available: false },
    });
    const locked = await createClip({ locked: true });
    expect(presentClip(await only(locked, null), null)).toMatchObject({
      remixable: false,
      parent: null,
      media: { captions: null },
    });
  });
});

test('visibility: the whole table', () => {
  const [owns, cast, other]: Id<'acc'>[] = ['acc_o', 'acc_c', 'acc_x'];
  if (owns === undefined || cast === undefined || other === undefined) throw new Error('no ids');
  const clip = (
    status: 'draft' | 'published' | 'withdrawn',
    visibility: 'public' | 'unlisted' | 'private',
  ) => ({ ownerId: owns, coOwnerIds: [cast], status, visibility });
  const table = [
    ['published', 'public', true, true, true],
    ['published', 'unlisted', true, true, false],
    ['published', 'private', true, false, false],
    ['draft', 'public', true, false, false],
    ['draft', 'private', true, false, false],
    ['withdrawn', 'public', false, false, false],
  ] as const;
  for (const [status, visibility, insiders, others, listed] of table) {
    for (const insider of [owns, cast]) expect(canSee(clip(status, visibility), insider)).toBe(insiders);
    for (const viewer of [other, null]) {
      expect(canSee(clip(status, visibility), viewer)).toBe(others);
      expect(canList(clip(status, visibility), viewer)).toBe(listed);
    }
  }
});
