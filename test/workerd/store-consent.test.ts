/** What previews, receipts and pages about likenesses read from D1: exact numbers, by index, in one round trip, for the right eyes. */
import { env } from 'cloudflare:workers';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { AppearanceRecord } from '#durable-objects/cameo/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type ConsentKey, cameoKey, clipKey, grantKey } from '#schemas/consent.ts';
import { appearanceSchema, grantSchema } from '#schemas/http/cameo.ts';
import { clipSchema } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection, GrantProjection } from '#schemas/projections.ts';
import { upsertCameo, upsertGeneration, upsertGrant } from '#workers/projections/statements.ts';
import { hydrateAppearances, presentAppearance } from '#workers/store/appearances-store.ts';
import { hydrateClips } from '#workers/store/clips-store.ts';
import {
  cameoById,
  cameoOf,
  cameosOf,
  countByKeys,
  grantsGiven,
  grantsReceived,
  keyCountsQuery,
} from '#workers/store/consent-store.ts';
import { database } from '#workers/store/database.ts';
import { presentClip } from '#workers/store/present-clip.ts';
import { createAccount, db, insertClip } from './clip-fixtures.ts';

const now = '2026-11-22T12:00:00.000Z';
let owner: Id<'acc'>;
beforeAll(async () => {
  owner = await createAccount('owner');
});

const cameoId = () => createId('cam', Date.now());

/** A clip that carries keys of its own and keys of an ancestor. */
function carrying(
  own: ConsentKey[],
  inherited: ConsentKey[] = [],
  more: Partial<ClipProjection['clip']> = {},
) {
  const id = createId('clip', Date.now());
  return insertClip(owner, {
    id,
    ownKeys: [clipKey(id), ...own],
    keys: [clipKey(id), ...own, ...inherited],
    ...more,
  });
}

describe('countByKeys', () => {
  test('tells clips, drafts and remixes apart, each clip once, whatever keys it shares', async () => {
    const [cameo, grant] = [cameoKey(cameoId(), 1), grantKey(createId('grant', Date.now()))];
    const published = [await carrying([cameo, grant]), await carrying([cameo, grant])];
    const draft = await carrying([cameo], [], { status: 'draft', visibility: 'private', publishedAt: null });
    const remix = await carrying([], [cameo, grant]);
    const remixDraft = await carrying([], [cameo], { status: 'draft', publishedAt: null });
    await carrying([cameo], [], { status: 'withdrawn' });
    await carrying([cameoKey(cameoId(), 1)]);
    // One that has the key of its own and from its parent is one of the clips, not a remix.
    const both = await carrying([cameo], [grant]);
    expect(await countByKeys(db(), [cameo, grant])).toEqual({
      clips: 3,
      drafts: 1,
      remixes: 2,
      clipIds: [...published, draft, remix, remixDraft, both].sort(),
    });
    expect(await countByKeys(db(), [grant])).toMatchObject({ clips: 2, drafts: 0, remixes: 2 });
    expect(await countByKeys(db(), [])).toEqual({ clips: 0, drafts: 0, remixes: 0, clipIds: [] });
  });

  test('counts all and names a hundred', async () => {
    const cameo = cameoKey(cameoId(), 1);
    await Promise.all(Array.from({ length: 130 }, () => carrying([cameo])));
    const counts = await countByKeys(db(), [cameo]);
    expect(counts.clips).toBe(130);
    expect(counts.clipIds).toHaveLength(100);
    expect(new Set(counts.clipIds).size).toBe(100);
  });

  test('a key of another epoch stops nothing of this one', async () => {
    const cameo = cameoId();
    await carrying([cameoKey(cameo, 1)]);
    expect(await countByKeys(db(), [cameoKey(cameo, 2)])).toMatchObject({ clips: 0 });
    expect(await countByKeys(db(), [cameoKey(cameo, 11)])).toMatchObject({ clips: 0 });
  });

  test('finds its rows by index: neither table is read from end to end', async () => {
    const query = new SQLiteSyncDialect({ casing: 'snake_case' }).sqlToQuery(
      keyCountsQuery([cameoKey(cameoId(), 1)]),
    );
    const { results } = await env.DB.prepare(`explain query plan ${query.sql}`)
      .bind(...query.params)
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail);
    expect(plan).toContainEqual(expect.stringMatching(/^SEARCH clip_keys USING .*INDEX .*\(key=\?\)/));
    expect(plan).toContainEqual(expect.stringMatching(/^SEARCH clips USING INDEX .*\(id=\?\)/));
    expect(plan.filter((line) => /^SCAN (clips|clip_keys)\b/.test(line))).toEqual([]);
  });

  test('reads as many rows as carry the key, not as many as there are', async () => {
    const [rare, common] = [cameoKey(cameoId(), 1), cameoKey(cameoId(), 1)];
    await carrying([rare]);
    const many = Array.from({ length: 3_000 }, (_, n) => [common, `clip_${String(n).padStart(26, '0')}`]);
    await env.DB.prepare(
      'insert into clip_keys (key, clip_id, inherited) select value ->> 0, value ->> 1, 0 from json_each(?)',
    )
      .bind(JSON.stringify(many))
      .run();
    const query = new SQLiteSyncDialect({ casing: 'snake_case' }).sqlToQuery(keyCountsQuery([rare]));
    const { meta } = await env.DB.prepare(query.sql)
      .bind(...query.params)
      .all();
    expect(meta.rows_read).toBeLessThan(50);
  });
});

describe('likenesses', () => {
  test('by account, by id and for many accounts', async () => {
    const [a, b] = [await createAccount('a'), await createAccount('b')];
    const id = cameoId();
    await upsertCameo(db(), {
      kind: 'cameo',
      version: 1,
      cameo: {
        accountId: a,
        cameoId: id,
        status: 'enrolled',
        level: 'mutuals',
        verification: 'demo',
        portrait: { kind: 'photo', sha256: 'b'.repeat(64) },
        reviewBeforePublication: false,
        epoch: 4,
      },
    });
    expect(await cameoOf(db(), a)).toMatchObject({ cameoId: id, level: 'mutuals', epoch: 4 });
    expect(await cameoOf(db(), b)).toBeNull();
    expect(await cameoById(db(), id)).toMatchObject({ accountId: a });
    expect(await cameoById(db(), cameoId())).toBeNull();
    expect([...(await cameosOf(db(), [a, b])).keys()]).toEqual([a]);
    expect((await cameosOf(db(), [])).size).toBe(0);
  });
});

describe('contracts', () => {
  const grant = (
    cameoAccountId: Id<'acc'>,
    granteeId: Id<'acc'>,
    more: Partial<GrantProjection['grant']> = {},
  ) =>
    upsertGrant(db(), {
      kind: 'grant',
      version: 1,
      grant: {
        id: createId('grant', Date.now()),
        cameoAccountId,
        granteeId,
        purpose: 'for a test',
        uses: null,
        used: 0,
        until: null,
        reviewBeforeGeneration: true,
        reviewBeforePublication: false,
        allow: ['romantic'],
        revoked: false,
        createdAt: now,
        ...more,
      },
    });

  test('given and received, both sides named, with what has become of them', async () => {
    const [me, friend] = [await createAccount('me'), await createAccount('friend')];
    await grant(me, friend, { purpose: '1 active', createdAt: '2026-11-22T10:00:05.000Z', uses: 2, used: 1 });
    await grant(me, friend, { purpose: '2 used', createdAt: '2026-11-22T10:00:04.000Z', uses: 2, used: 2 });
    await grant(me, friend, { purpose: '3 over', createdAt: '2026-11-22T10:00:03.000Z', until: now });
    await grant(me, friend, {
      purpose: '4 taken back',
      createdAt: '2026-11-22T10:00:02.000Z',
      revoked: true,
      uses: 1,
      used: 1,
    });
    await grant(me, friend, {
      purpose: '5 still good',
      createdAt: '2026-11-22T10:00:01.000Z',
      until: '2026-11-22T12:00:00.001Z',
    });
    const given = await grantsGiven(db(), me, { limit: 10, cursor: null }, now);
    if (!given.ok) throw new Error(given.error.code);
    expect(given.value.items.map(({ purpose, status }) => `${purpose}: ${status}`)).toEqual([
      '1 active: active',
      '2 used: used-up',
      '3 over: expired',
      '4 taken back: revoked',
      '5 still good: active',
    ]);
    for (const item of given.value.items) expect(grantSchema.parse(item)).toEqual(item);
    expect(given.value.items[0]).toMatchObject({ grantor: { id: me }, grantee: { id: friend } });
    const received = await grantsReceived(db(), friend, { limit: 10, cursor: null }, now);
    expect(received).toEqual(given);
    for (const none of [
      await grantsGiven(db(), friend, { limit: 10, cursor: null }, now),
      await grantsReceived(db(), me, { limit: 10, cursor: null }, now),
    ])
      expect(none).toEqual({ ok: true, value: { items: [], nextCursor: null } });
  });

  test('in pages that neither overlap nor skip, also within one millisecond', async () => {
    const [me, friend] = [await createAccount('me'), await createAccount('friend')];
    for (let n = 0; n < 7; n += 1) await grant(me, friend);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof grantsGiven>> = await grantsGiven(
        db(),
        me,
        { limit: 3, cursor },
        now,
      );
      if (!page.ok) throw new Error(page.error.code);
      seen.push(...page.value.items.map(({ id }) => id));
      cursor = page.value.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(await grantsGiven(db(), me, { limit: 3, cursor: 'x' }, now)).toMatchObject({
      ok: false,
      error: { code: 'cursor_invalid' },
    });
  });
});

describe('the cast of a clip', () => {
  test('is named on every clip of a page in one round trip; a stand-in is nobody', async () => {
    const [a, b] = [await createAccount('a'), await createAccount('b')];
    const likeness = (accountId: Id<'acc'>) => ({
      accountId,
      cameoId: cameoId(),
      verification: 'demo' as const,
      standIn: false,
    });
    const standIn = { accountId: null, cameoId: null, verification: null, standIn: true };
    const ids = [
      await insertClip(owner, { cast: [likeness(b), standIn, likeness(a)], coOwnerIds: [a, b] }),
      await insertClip(owner, { cast: [] }),
      await insertClip(owner, { cast: [likeness(a)], coOwnerIds: [a] }),
    ];
    const prepare = vi.spyOn(env.DB, 'prepare');
    const rows = await hydrateClips(database(env), ids, a);
    expect(prepare).toHaveBeenCalledTimes(1);
    prepare.mockRestore();
    const shown = rows.map((row) => presentClip(row, a));
    for (const clip of shown) expect(clipSchema.parse(clip)).toEqual(clip);
    expect(shown.map(({ cast }) => cast.map(({ account }) => account?.id ?? null))).toEqual([
      [b, null, a],
      [],
      [a],
    ]);
    expect(shown[0]?.cast[0]).toMatchObject({ account: { displayName: 'b', demo: false }, standIn: false });
    expect(shown.map(({ viewer }) => viewer.isCoOwner)).toEqual([true, false, true]);
  });
});

describe('appearances', () => {
  const record = (change: Partial<AppearanceRecord>): AppearanceRecord => ({
    generationId: createId('gen', Date.now()),
    clipId: createId('clip', Date.now()),
    makerId: owner,
    grantId: null,
    epoch: 1,
    status: 'ready',
    review: null,
    withdrawn: false,
    recastRequested: false,
    createdAt: now,
    ...change,
  });
  async function job(prompt: string): Promise<Id<'gen'>> {
    const id = createId('gen', Date.now());
    const generation: Generation = {
      id,
      status: 'ready',
      stage: 'done',
      progress: 1,
      queuePosition: null,
      estimateSeconds: null,
      prompt,
      seconds: 10,
      size: '720x1280',
      engine: 'sketch',
      seed: 1,
      credits: 10,
      attempt: 1,
      createdAt: now,
      updatedAt: now,
    };
    await upsertGeneration(db(), { kind: 'generation', version: 1, accountId: owner, generation });
    return id;
  }

  test('jobs, drafts and posts with their words, in order, in one round trip', async () => {
    const me = await createAccount('cast');
    const draft = await insertClip(owner, {
      coOwnerIds: [me],
      status: 'draft',
      visibility: 'private',
      publishedAt: null,
      caption: '',
    });
    const post = await insertClip(owner, {
      coOwnerIds: [me],
      caption: 'Look',
      locked: true,
      color: '#112233',
    });
    await insertClip(owner, { parentId: post, parentHandle: 'owner', rootId: post, depth: 1 });
    const records = [
      record({ generationId: await job('being made'), status: 'running' }),
      record({ generationId: await job('a draft'), clipId: draft }),
      record({ generationId: await job('a post'), clipId: post, recastRequested: true }),
    ];
    const roundTrips = vi.spyOn(env.DB, 'batch');
    const found = await hydrateAppearances(database(env), records, me);
    expect(roundTrips).toHaveBeenCalledTimes(1);
    roundTrips.mockRestore();
    const shown = found.map((item) => presentAppearance(item, { served: true, hidden: false }));
    for (const item of shown) expect(appearanceSchema.parse(item)).toEqual(item);
    expect(shown).toMatchObject([
      { prompt: 'being made', clipId: null, clipStatus: null, served: false, poster: null, remixes: 0 },
      {
        prompt: 'a draft',
        clipId: draft,
        clipStatus: 'draft',
        served: true,
        poster: `/media/${draft}/poster.jpg`,
      },
      {
        prompt: 'a post',
        caption: 'Look',
        clipStatus: 'published',
        locked: true,
        color: '#112233',
        remixes: 1,
        recastRequested: true,
      },
    ]);
    expect(shown[0]?.maker.id).toBe(owner);
  });

  test('what consent has stopped shows no picture; what was deleted stays stopped', async () => {
    const me = await createAccount('cast');
    const stopped = await insertClip(owner, { coOwnerIds: [me] });
    const deleted = await insertClip(owner, { coOwnerIds: [me], status: 'withdrawn' });
    const found = await hydrateAppearances(
      db(),
      [record({ clipId: stopped }), record({ clipId: deleted })],
      me,
    );
    const [a, b] = found;
    if (a === undefined || b === undefined) throw new Error('not found');
    expect(presentAppearance(a, { served: false, hidden: true })).toMatchObject({
      served: false,
      hidden: true,
      poster: null,
      clipStatus: 'published',
    });
    expect(presentAppearance(b, { served: true, hidden: true })).toMatchObject({
      served: false,
      hidden: false,
      poster: null,
      clipStatus: 'withdrawn',
    });
  });

  test('only a review that waits is asked about', async () => {
    const me = await createAccount('cast');
    const review = (decision: 'pending' | 'approved') => ({
      id: createId('rvw', Date.now()),
      kind: 'before-publication' as const,
      decision,
    });
    const waiting = review('pending');
    const found = await hydrateAppearances(
      db(),
      [record({ review: waiting }), record({ review: review('approved') })],
      me,
    );
    const shown = found.map((item) => presentAppearance(item, { served: true, hidden: false }));
    expect(shown.map(({ review, reviewId }) => ({ review, reviewId }))).toEqual([
      { review: 'before-publication', reviewId: waiting.id },
      { review: null, reviewId: null },
    ]);
  });

  test('a clip in which a stand-in took somebody’s place is theirs no more', async () => {
    const [me, stays] = [await createAccount('left'), await createAccount('stays')];
    const clip = await insertClip(owner, { coOwnerIds: [stays] });
    const records = [record({ generationId: await job('private words'), clipId: clip })];
    expect(await hydrateAppearances(db(), records, me)).toEqual([]);
    expect(await hydrateAppearances(db(), records, stays)).toHaveLength(1);
    expect(await hydrateAppearances(db(), [], me)).toEqual([]);
  });
});
