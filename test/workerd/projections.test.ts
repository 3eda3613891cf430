/** The queue consumer: whatever order and however often messages come, D1 and the feed end with the newest version. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { type ConsentKey, cameoKey, clipKey, grantKey } from '#schemas/consent.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { Projection } from '#schemas/projections.ts';
import { clipKeys, clips, generations } from '#schemas/tables.ts';
import { feedShardName } from '#workers/feed/shard.ts';
import type { ProjectionEnv } from '#workers/projections/apply.ts';
import { handleProjections } from '#workers/projections/consumer.ts';
import { cameoOf, grantsGiven } from '#workers/store/consent-store.ts';
import { clipMessage, createAccount, db } from './clip-fixtures.ts';

let owner: Id<'acc'>;
beforeAll(async () => {
  owner = await createAccount();
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function deliver(bodies: readonly unknown[], to: ProjectionEnv = env) {
  const batch = createMessageBatch<unknown>(
    'kinora-projections',
    bodies.map((body, i) => ({ id: `m${i}`, timestamp: new Date(), attempts: 1, body })),
  );
  const ctx = createExecutionContext();
  await handleProjections(batch, to);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, ctx);
  return { acked: explicitAcks, retried: retryMessages.map((message) => message.msgId) };
}

const rowOf = (id: Id<'clip'>) => db().select().from(clips).where(eq(clips.id, id)).get();

async function inFeed(id: Id<'clip'>, ownerId = owner): Promise<boolean> {
  const result = await env.FEED_SHARD.getByName(feedShardName()).page({
    mode: 'following',
    limit: 50,
    position: null,
    following: [ownerId],
    seen: [],
    blocked: [],
  });
  if (!result.ok) throw new Error(result.error.code);
  return result.value.items.some((item) => item.clipId === id);
}

/** A small deterministic shuffle. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, i) => ({ item, key: Math.sin(seed * 1_000 + i * 77) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe('clips', () => {
  test('redelivered and reordered in any way, the newest version wins in D1 and in the feed', async () => {
    for (let seed = 0; seed < 12; seed++) {
      const ownerId = await createAccount();
      const first = clipMessage(ownerId, 1, { status: 'draft', visibility: 'private', publishedAt: null });
      const { id } = first.clip;
      const published = new Date().toISOString();
      const at = (version: number, more: Parameters<typeof clipMessage>[2]) =>
        clipMessage(ownerId, version, {
          ...first.clip,
          status: 'published',
          publishedAt: published,
          ...more,
        });
      const history = [
        first,
        at(2, { visibility: 'public', caption: 'two' }),
        at(3, { visibility: 'private', caption: 'three' }),
        at(4, { visibility: 'public', caption: 'four' }),
        ...(seed % 2 === 0 ? [at(5, { status: 'withdrawn', visibility: 'public', caption: '' })] : []),
      ];
      const newest = history.length;
      const messages = shuffled([...history, ...history], seed);
      const size = 1 + (seed % 4);
      for (let i = 0; i < messages.length; i += size) {
        const slice = messages.slice(i, i + size);
        expect((await deliver(slice)).acked.length).toBe(slice.length);
      }
      expect(await rowOf(id)).toMatchObject({
        version: newest,
        status: newest === 5 ? 'withdrawn' : 'published',
      });
      expect(await inFeed(id, ownerId)).toBe(newest === 4);
    }
  });

  test('only what is public is in the feed', async () => {
    for (const [visibility, expected] of [
      ['public', true],
      ['unlisted', false],
      ['private', false],
    ] as const) {
      const message = clipMessage(owner, 1, { visibility });
      await deliver([message]);
      expect(await inFeed(message.clip.id)).toBe(expected);
    }
  });

  test('every field arrives as it was sent', async () => {
    const coOwner = createId('acc', Date.now());
    const message = clipMessage(owner, 1, {
      coOwnerIds: [coOwner],
      caption: 'it’s “quoted” 🎬',
      hasCaptions: true,
      locked: true,
      showPrompt: true,
      depth: 2,
      parentHandle: 'p',
      parentId: createId('clip', Date.now()),
      cast: [
        {
          accountId: coOwner,
          cameoId: createId('cam', Date.now()),
          verification: 'recording',
          standIn: false,
        },
        { accountId: null, cameoId: null, verification: null, standIn: true },
      ],
    });
    await deliver([message]);
    const { ownKeys: _, ...row } = message.clip;
    expect(await rowOf(message.clip.id)).toEqual({ ...row, version: 1 });
  });
});

test('a generation’s newest version wins', async () => {
  const id = createId('gen', Date.now());
  const generation = (status: Generation['status']): Generation => ({
    id,
    status,
    stage: 'waiting',
    progress: 0,
    queuePosition: null,
    estimateSeconds: null,
    prompt: 'p',
    seconds: 10,
    size: '720x1280',
    engine: 'sketch',
    seed: 1,
    credits: 10,
    attempt: 1,
    createdAt: '2026-11-22T00:00:00.000Z',
    updatedAt: '2026-11-22T00:00:00.000Z',
  });
  const message = (version: number, status: Generation['status']): Projection => ({
    kind: 'generation',
    version,
    accountId: owner,
    generation: generation(status),
  });
  await deliver([message(3, 'ready')]);
  await deliver([message(2, 'running'), message(1, 'queued')]);
  const row = await db().select().from(generations).where(eq(generations.id, id)).get();
  expect(row).toMatchObject({ status: 'ready', version: 3, record: { status: 'ready' } });
});

describe('consent keys of a clip', () => {
  const keysOf = async (id: Id<'clip'>) => {
    const rows = await db().select().from(clipKeys).where(eq(clipKeys.clipId, id));
    return Object.fromEntries(rows.map((row) => [row.key, row.inherited]));
  };

  test('are those of the newest version, in whatever order and however often messages come', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const first = clipMessage(owner, 1);
      const { id } = first.clip;
      const at = (version: number, own: ConsentKey[], inherited: ConsentKey[]) =>
        clipMessage(owner, version, { ...first.clip, ownKeys: own, keys: [...own, ...inherited] });
      const cameo = cameoKey(createId('cam', Date.now()), 1);
      const grant = grantKey(createId('grant', Date.now()));
      const history = [
        at(1, [clipKey(id), cameo, grant], []),
        at(2, [clipKey(id), grant], [cameo]),
        at(3, [clipKey(id)], [cameo]),
      ];
      const messages = shuffled([...history, ...history], seed);
      for (let i = 0; i < messages.length; i += 1 + (seed % 3))
        await deliver(messages.slice(i, i + 1 + (seed % 3)));
      expect(await keysOf(id)).toEqual({ [clipKey(id)]: false, [cameo]: true });
    }
  });

  test('stay when the clip is withdrawn, so that receipts can count it', async () => {
    const message = clipMessage(owner, 1);
    await deliver([message]);
    await deliver([clipMessage(owner, 2, { ...message.clip, status: 'withdrawn', prompt: '' })]);
    expect(Object.keys(await keysOf(message.clip.id)).sort()).toEqual([...message.clip.keys].sort());
  });
});

test('a likeness’ and a contract’s newest version win', async () => {
  const [accountId, granteeId] = [await createAccount('cast'), await createAccount('maker')];
  const cameo = (version: number, level: 'nobody' | 'everyone'): Projection => ({
    kind: 'cameo',
    version,
    cameo: {
      accountId,
      cameoId: createId('cam', 1),
      status: level === 'nobody' ? 'revoked' : 'enrolled',
      level,
      verification: 'demo',
      portrait: { kind: 'photo', sha256: 'a'.repeat(64) },
      reviewBeforePublication: true,
      epoch: version,
    },
  });
  await deliver([cameo(2, 'nobody'), cameo(1, 'everyone')]);
  await deliver([cameo(1, 'everyone')]);
  expect(await cameoOf(db(), accountId)).toMatchObject({
    version: 2,
    level: 'nobody',
    status: 'revoked',
    portrait: { kind: 'photo' },
    reviewBeforePublication: true,
  });

  const id = createId('grant', Date.now());
  const grant = (version: number, used: number, revoked: boolean): Projection => ({
    kind: 'grant',
    version,
    grant: {
      id,
      cameoAccountId: accountId,
      granteeId,
      purpose: 'A birthday clip',
      uses: 3,
      used,
      until: null,
      reviewBeforeGeneration: false,
      reviewBeforePublication: true,
      allow: ['romantic'],
      revoked,
      createdAt: '2026-11-22T00:00:00.000Z',
    },
  });
  await deliver([grant(1, 0, false), grant(3, 2, true), grant(2, 1, false), grant(3, 2, true)]);
  const page = await grantsGiven(db(), accountId, { limit: 10, cursor: null }, new Date().toISOString());
  expect(page).toMatchObject({ ok: true, value: { items: [{ id, used: 2, status: 'revoked' }] } });
});

describe('what goes wrong', () => {
  test('a message that makes no sense is retried alone, and its content stays out of the log', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const good = clipMessage(owner, 1);
    const bad = {
      ...clipMessage(owner, 1),
      clip: { ...good.clip, id: 'clip_nonsense', prompt: 'a very private prompt' },
    };
    const result = await deliver([bad, good, 'a very private prompt', null, { kind: 'unknown' }]);
    expect(result.acked).toEqual(['m1']);
    expect(result.retried.sort()).toEqual(['m0', 'm2', 'm3', 'm4']);
    expect(await rowOf(good.clip.id)).toBeDefined();
    expect(logged).toHaveBeenCalled();
    expect(JSON.stringify(logged.mock.calls)).not.toContain('private prompt');
  });

  test('while the feed is away messages are retried, and applied in full when they come back', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const message = clipMessage(owner, 1);
    const away = {
      upsert: () => Promise.reject(new Error('away')),
      remove: () => Promise.reject(new Error('away')),
    };
    const FEED_SHARD = new Proxy(env.FEED_SHARD, {
      get: (target, name) => (name === 'getByName' ? () => away : Reflect.get(target, name)),
    });
    expect(await deliver([message], { ...env, FEED_SHARD })).toEqual({ acked: [], retried: ['m0'] });
    expect(await inFeed(message.clip.id)).toBe(false);
    expect((await deliver([message])).acked).toEqual(['m0']);
    expect(await inFeed(message.clip.id)).toBe(true);
  });

  test('one message that D1 refuses holds no other one up, and the log does not repeat its values', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const failed = vi.spyOn(console, 'error').mockImplementation(() => {});
    await env.DB.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON clips WHEN new.caption = 'refuse me' BEGIN SELECT RAISE(ABORT, 'refused'); END",
    );
    try {
      const good = clipMessage(owner, 1);
      const refused = clipMessage(owner, 1, { caption: 'refuse me', prompt: 'a very private prompt' });
      expect(await deliver([refused, good])).toEqual({ acked: ['m1'], retried: ['m0'] });
      expect(await rowOf(good.clip.id)).toBeDefined();
      expect(JSON.stringify([...warned.mock.calls, ...failed.mock.calls])).not.toContain('private prompt');
    } finally {
      await env.DB.exec('DROP TRIGGER refuse');
    }
  });
});
