/**
 * A clip with people in it, on the real objects: nothing is published that one of them has not agreed to, each of them can hide it, is
 * told what happens to it, and can leave it.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { migrations } from '#durable-objects/clip/migrations.ts';
import type { DraftInput, RecastInput } from '#durable-objects/clip/rpc.ts';
import { readClip } from '#durable-objects/clip/store.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import { migrate } from '#durable-objects/shared/migrations.ts';
import { clipKey } from '#schemas/consent.ts';
import type { UpdateCameo } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { castSomebody, permitOf, revokeAll } from '../support/api-likeness.ts';
import { newId } from '../support/objects.ts';
import { createAccount, draftInput } from './clip-fixtures.ts';

const publication = { caption: 'look', visibility: 'public', showPrompt: false } as const;

let owner: Id<'acc'>;
beforeEach(async () => {
  owner = await createAccount();
});

/** A draft by `owner` with somebody in it. */
async function drafted(settings: UpdateCameo = {}, more: Partial<DraftInput> = {}) {
  const { accountId, permit, generationId, clipId } = await castSomebody(owner, settings);
  const input: DraftInput = {
    ...draftInput(owner),
    clipId,
    generationId,
    coOwnerIds: [accountId],
    cast: [{ accountId, cameoId: permit.cameoId, verification: 'demo', standIn: false }],
    castKeys: permit.keys,
    ...more,
  };
  await env.CAMEO.getByName(accountId).generationChanged(generationId, 'ready');
  const clip = env.CLIP.getByName(clipId);
  expect(await clip.createDraft(input)).toMatchObject({ ok: true });
  return { input, clip, person: accountId, cameo: env.CAMEO.getByName(accountId), permit };
}

const kindsFor = (account: Id<'acc'>, clipId: Id<'clip'>, kind: string) =>
  vi.waitFor(async () => {
    const { items } = await env.INBOX.getByName(account).list({ before: null, limit: 50 });
    const found = items.filter((item) => item.clipId === clipId && item.kind === kind);
    expect(found).toHaveLength(1);
    return found[0];
  }, 10_000);

describe('publishing', () => {
  test('a draft whose person has withdrawn is not published, whatever they chose for what exists', async () => {
    for (const existing of ['keep', 'unlist', 'delete'] as const) {
      const { clip, person } = await drafted();
      expect(await revokeAll(person, existing)).toMatchObject({ ok: true });
      expect(await clip.publish(owner, publication)).toMatchObject({
        ok: false,
        error: { code: 'consent_denied' },
      });
      expect(await clip.read()).toMatchObject({ ok: true, value: { status: 'draft' } });
    }
  });

  test('what the consent log says counts, also where the likeness itself has not heard of it', async () => {
    const { clip, permit } = await drafted();
    const [key] = permit.keys;
    if (key === undefined) throw new Error('no key');
    const log = env.CONSENT_LOG.getByName('log-0');
    await log.revoke({ key, denies: ['cast'], idempotencyKey: crypto.randomUUID() });
    expect(await clip.publish(owner, publication)).toMatchObject({
      ok: false,
      error: { code: 'consent_denied' },
    });
  });

  test('what stays can be taken back further, but says nothing new', async () => {
    const { clip, person } = await drafted();
    expect(await clip.publish(owner, publication)).toMatchObject({ ok: true });
    await revokeAll(person, 'keep');
    const changed = (change: object) => clip.publish(owner, { ...publication, ...change });
    expect(await changed({ caption: 'other words' })).toMatchObject({
      ok: false,
      error: { code: 'consent_denied' },
    });
    expect(await changed({ visibility: 'unlisted' })).toMatchObject({ ok: true });
    expect(await changed({ visibility: 'public' })).toMatchObject({ ok: false });
    expect(await changed({ visibility: 'private', caption: '' })).toMatchObject({
      ok: true,
      value: { visibility: 'private', caption: '' },
    });
  });

  test('a caption against their rules is refused with the word and its place; another one is taken', async () => {
    const { clip } = await drafted({ rules: { words: ['pineapple'], denied: ['sexual'] } });
    const refused = await clip.publish(owner, { ...publication, caption: 'Eating Pineapple daily' });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'cameo_rule', details: { field: 'caption', start: 7, end: 16, text: 'Pineapple' } },
    });
    expect(await clip.publish(owner, publication)).toMatchObject({ ok: true });
  });

  test('a review before publication: refused until they agree, to these words and no others', async () => {
    const { clip, person, cameo, input } = await drafted({ reviewBeforePublication: true });
    const pending = { ok: false, error: { code: 'review_pending' } };
    expect(await clip.publish(owner, publication)).toMatchObject(pending);
    expect(await clip.publish(owner, publication)).toMatchObject(pending);
    const notice = await kindsFor(person, input.clipId, 'review-publication');
    const reviewId = notice?.reviewId;
    if (reviewId == null) throw new Error('no review');
    await cameo.decideReview(reviewId, 'approve');
    expect(await clip.publish(owner, { ...publication, caption: 'other' })).toMatchObject(pending);
    expect(await clip.publish(owner, publication)).toMatchObject({
      ok: true,
      value: { status: 'published' },
    });
  });

  test('a remix of somebody who has withdrawn since stays a draft', async () => {
    const parent = await drafted();
    await parent.clip.publish(owner, publication);
    const remix = draftInput(owner, {
      coOwnerIds: [parent.person],
      parent: {
        clipId: parent.input.clipId,
        handle: 'maker',
        keys: [clipKey(parent.input.clipId), ...parent.permit.keys],
        depth: 0,
        rootId: parent.input.clipId,
      },
    });
    const clip = env.CLIP.getByName(remix.clipId);
    await clip.createDraft(remix);
    await revokeAll(parent.person, 'keep');
    expect(await clip.publish(owner, publication)).toMatchObject({
      ok: false,
      error: { code: 'consent_denied' },
    });
  });

  test('when consent cannot be asked, nothing is published', async () => {
    const { clip } = await drafted();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await runInDurableObject(clip, async (instance) => {
      const down = { getByName: () => ({ askMany: () => Promise.reject(new Error('no gate')) }) };
      Reflect.set(instance, 'env', { ...env, REGION_GATE: down });
      const refused = await instance.publish(owner, publication);
      Reflect.set(instance, 'env', env);
      return refused;
    });
    vi.restoreAllMocks();
    expect(answer).toMatchObject({ ok: false, error: { code: 'consent_unavailable' } });
    expect(await clip.read()).toMatchObject({ ok: true, value: { status: 'draft' } });
    expect(await clip.publish(owner, publication)).toMatchObject({ ok: true });
  });
});

describe('what the people in it can do', () => {
  test('hide: no list shows it, its address does; only who hid it can show it; a lock beside it is another thing', async () => {
    const { clip, input, person } = await drafted();
    await clip.publish(owner, publication);
    const allows = async (capability: 'serve' | 'list' | 'remix') =>
      (await askGate(env, homeRegion, [clipKey(input.clipId)], capability)).allowed;
    expect(await clip.hide(person)).toMatchObject({ ok: true, value: { hidden: true, locked: false } });
    expect([await allows('serve'), await allows('list'), await allows('remix')]).toEqual([true, false, true]);
    expect(await clip.unhide(owner)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await clip.hide(newId('acc'))).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    await clip.lock(person);
    expect(await clip.unhide(person)).toMatchObject({ ok: true, value: { hidden: false, locked: true } });
    expect([await allows('list'), await allows('remix')]).toEqual([true, false]);
  });

  test('everybody is told, and the one who did it is not', async () => {
    const { clip, input, person } = await drafted();
    expect(await kindsFor(person, input.clipId, 'cast-draft')).toMatchObject({ actorId: owner });
    await clip.publish(owner, publication);
    await clip.publish(owner, { ...publication, caption: 'again' });
    await kindsFor(person, input.clipId, 'cast-published');
    await clip.lock(person);
    expect(await kindsFor(owner, input.clipId, 'clip-locked')).toMatchObject({ actorId: null });
    await clip.withdraw(person);
    expect(await kindsFor(owner, input.clipId, 'clip-stopped')).toMatchObject({ actorId: null });
    const mine = await env.INBOX.getByName(person).list({ before: null, limit: 50 });
    expect(mine.items.filter(({ kind }) => kind === 'clip-stopped' || kind === 'clip-locked')).toEqual([]);
  });

  test('ask for a stand-in: the owner is told once, strangers and the owner cannot ask', async () => {
    const { clip, input, person } = await drafted();
    expect(await clip.askRecast(person, 'please')).toEqual({ ok: true, value: undefined });
    await clip.askRecast(person, 'please!');
    const notice = await kindsFor(owner, input.clipId, 'recast-requested');
    expect(notice).toMatchObject({ actorId: person, text: expect.stringContaining('please') });
    for (const other of [owner, newId('acc')])
      expect(await clip.askRecast(other, '')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

describe('a recast', () => {
  const rendition = (input: DraftInput, more: Partial<RecastInput> = {}): RecastInput => {
    const object = (name: string, mediaType: string) => ({
      key: `clips/${input.clipId}/again/${name}`,
      size: 3,
      sha256: '1'.repeat(64),
      mediaType,
    });
    return {
      ...input,
      generationId: newId('gen'),
      coOwnerIds: [],
      cast: [],
      castKeys: [],
      media: {
        video: object('video.mp4', 'video/mp4'),
        poster: object('poster.jpg', 'image/jpeg'),
        manifest: object('manifest.c2pa', 'application/c2pa'),
        captions: null,
      },
      reviewAgain: false,
      ...more,
    };
  };

  test('of a clip its person has stopped: it is served again without them, and what they wished is lifted', async () => {
    const { clip, input, person } = await drafted();
    const { video } = input.media;
    await env.MEDIA.put(video.key, 'abc');
    await clip.publish(owner, publication);
    await clip.hide(person);
    await revokeAll(person, 'delete');
    const before = await clip.read();
    if (!before.ok) throw new Error(before.error.code);
    expect((await askGate(env, homeRegion, before.value.keys, 'serve')).allowed).toBe(false);

    const again = rendition(input);
    const after = await clip.recast(again);
    if (!after.ok) throw new Error(after.error.code);
    expect(await clip.recast(again)).toMatchObject({ ok: true });
    expect(after.value).toMatchObject({
      status: 'published',
      caption: 'look',
      coOwnerIds: [],
      cast: [{ accountId: null, cameoId: null, standIn: true }],
      media: { video: { key: again.media.video.key } },
    });
    expect((await askGate(env, homeRegion, after.value.keys, 'serve')).allowed).toBe(true);
    await vi.waitFor(async () => {
      expect(await env.MEDIA.head(video.key)).toBeNull();
      expect((await askGate(env, homeRegion, after.value.keys, 'list')).allowed).toBe(true);
      expect(await clip.read()).toMatchObject({ ok: true, value: { hidden: false } });
    }, 10_000);
    await kindsFor(person, input.clipId, 'recast-done');
    for (const asked of [clip.withdraw(person), clip.lock(person)])
      expect(await asked).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  test('brings nobody in, and does not bring a deleted clip back', async () => {
    const { clip, input, person, permit } = await drafted();
    const left = await clip.recast(rendition(input));
    expect(left).toMatchObject({ ok: true });
    const back = rendition(input, { cast: input.cast, castKeys: permit.keys, coOwnerIds: [person] });
    expect(await clip.recast(back)).toMatchObject({ ok: false, error: { code: 'conflict' } });
    await clip.withdraw(owner);
    expect(await clip.recast(rendition(input))).toMatchObject({
      ok: false,
      error: { code: 'clip_deleted' },
    });
  });

  test('while it is being published: the publication is asked for again', async () => {
    const { clip, input, person } = await drafted();
    const other = newId('gen');
    await permitOf(person, { generationId: other, clipId: input.clipId, makerId: owner });
    const answer = await runInDurableObject(clip, async (instance) => {
      const gate = {
        getByName: () => ({
          askMany: async (sets: readonly unknown[]) => {
            await instance.recast(rendition(input, { generationId: other }));
            return { available: true, decisions: sets.map(() => ({ allowed: true })) };
          },
        }),
      };
      Reflect.set(instance, 'env', { ...env, REGION_GATE: gate });
      const published = await instance.publish(owner, publication);
      Reflect.set(instance, 'env', env);
      return published;
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await clip.read()).toMatchObject({ ok: true, value: { status: 'draft', generationId: other } });
    expect(await clip.publish(owner, publication)).toMatchObject({ ok: true });
  });
});

test('a clip stored before there were likenesses is read with its locks, and owes the log what it owed', async () => {
  const clip = env.CLIP.getByName(newId('clip'));
  await runInDurableObject(clip, (_, { storage }) => {
    for (const table of ['schema_migrations', 'wakes', 'outbox', 'clip'])
      storage.sql.exec(`DROP TABLE ${table}`);
    migrate(storage, migrations.slice(0, 3));
    const lock = { by: 'acc_b', number: 1, revocationId: null };
    const record = { clipId: 'clip_a', ownerId: 'acc_a', coOwnerIds: [], locked: true };
    const locks = ['locking', 'locked', 'unlocking'].map((phase) => ({ ...lock, phase }));
    storage.sql.exec(
      'INSERT INTO clip (only, state) VALUES (1, ?)',
      JSON.stringify({ kind: 'live', record, locks, lockCount: 3 }),
    );
    storage.sql.exec(
      "INSERT INTO outbox (entity, message, due_at) VALUES ('clip', ?, 0)",
      JSON.stringify({ kind: 'project', projection: { kind: 'erase', clipId: 'clip_a', objectKeys: ['a'] } }),
    );
    migrate(storage, migrations);
    expect(readClip(storage.sql)).toEqual({
      kind: 'live',
      record: {
        ...record,
        cast: [],
        spoken: [],
        hidden: false,
        pastGenerationIds: [],
        ownKeys: ['clip:clip_a', 'account:acc_a'],
      },
      wishes: ['denying', 'denied', 'lifting'].map((phase) => ({ ...lock, kind: 'lock', phase })),
      wishCount: 3,
    });
    expect(storage.sql.exec('SELECT message FROM outbox').one().message).toBe(
      '{"kind":"delete-objects","objectKeys":["a"]}',
    );
  });
});
