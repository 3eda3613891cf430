/** The queue consumer: whatever order and however often messages come, D1 and the feed end with the newest version. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { Projection } from '#schemas/projections.ts';
import { clips, generations } from '#schemas/tables.ts';
import { feedShardName } from '#workers/feed/shard.ts';
import type { ProjectionEnv } from '#workers/projections/apply.ts';
import { handleProjections } from '#workers/projections/consumer.ts';
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
    });
    await deliver([message]);
    expect(await rowOf(message.clip.id)).toEqual({ ...message.clip, version: 1 });
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

test('erasure deletes every object, more than one call takes too, and again is harmless', async () => {
  const clipId = createId('clip', Date.now());
  const objectKeys = Array.from({ length: 1_203 }, (_, i) => `clips/${clipId}/${i}`);
  for (const i of [0, 999, 1_000, 1_202]) await env.MEDIA.put(objectKeys[i] ?? '', 'x');
  const kept = `clips/${clipId}-other/0`;
  await env.MEDIA.put(kept, 'x');
  const erase: Projection = { kind: 'erase', clipId, objectKeys };
  expect((await deliver([erase])).acked).toEqual(['m0']);
  expect((await env.MEDIA.list({ prefix: `clips/${clipId}/` })).objects).toEqual([]);
  expect((await deliver([erase])).acked).toEqual(['m0']);
  expect(await env.MEDIA.head(kept)).not.toBeNull();
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

  test('one message that D1 or R2 refuses holds no other one up, and the log does not repeat its values', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const failed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const MEDIA = new Proxy(env.MEDIA, {
      get: (target, name) =>
        name === 'delete' ? () => Promise.reject(new Error('R2 is away')) : Reflect.get(target, name),
    });
    await env.DB.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON clips WHEN new.caption = 'refuse me' BEGIN SELECT RAISE(ABORT, 'refused'); END",
    );
    try {
      const good = clipMessage(owner, 1);
      const refused = clipMessage(owner, 1, { caption: 'refuse me', prompt: 'a very private prompt' });
      const erase: Projection = {
        kind: 'erase',
        clipId: createId('clip', Date.now()),
        objectKeys: ['clips/x/y'],
      };
      expect(await deliver([refused, good, erase], { ...env, MEDIA })).toEqual({
        acked: ['m1'],
        retried: ['m0', 'm2'],
      });
      expect(await rowOf(good.clip.id)).toBeDefined();
      expect(JSON.stringify([...warned.mock.calls, ...failed.mock.calls])).not.toContain('private prompt');
    } finally {
      await env.DB.exec('DROP TRIGGER refuse');
    }
  });
});
