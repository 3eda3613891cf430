/** A deleted clip with everything that can be left of one, its erasure, and what must be gone afterwards. Every call makes new ones. */
import { introspectWorkflowInstance, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { type EraseParams, erasureWorkflowId, startErasure } from '#durable-objects/shared/erasure.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { clipKey } from '#schemas/consent.ts';
import { type Erasure, erasureSchema } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { clips, comments, generations, likes } from '#schemas/tables.ts';
import { registerRendition } from '#workers/durable-credentials/register.ts';
import { watermarkIdOf } from '#workers/durable-credentials/watermark-id.ts';
import { feedShardName } from '#workers/feed/shard.ts';
import { upsertClip, upsertGeneration } from '#workers/projections/statements.ts';
import { readReceipt } from '#workers/workflows/erase/receipts.ts';
import { type Person, person } from '../support/api-actors.ts';
import { admission, enqueue, eventually, lease } from '../support/objects.ts';
import { clipMessage, db } from './clip-fixtures.ts';
import { newFilm } from './fingerprint-fixtures.ts';

export const queue = env.RENDER_QUEUE.getByName('main');
export const secret = 'a prompt nobody else may read';

export interface Deleted {
  readonly owner: Person;
  readonly params: EraseParams & { readonly subject: Id<'clip'> };
  readonly node: string;
}

export async function keysBelow(prefix: string): Promise<string[]> {
  return (await env.MEDIA.list({ prefix })).objects.map(({ key }) => key);
}

/** A job that a node had and that ended; nothing drives its workflow here. */
async function endedJob(clipId: Id<'clip'>, accountId: Id<'acc'>, node: string): Promise<Id<'gen'>> {
  const jobId = await enqueue(queue);
  expect((await lease(queue, node)).jobId).toBe(jobId);
  await queue.cancel(jobId);
  const generation = env.GENERATION.getByName(jobId);
  const admitted = admission({ generationId: jobId, clipId, accountId });
  await generation.open({ ...admitted, request: { ...admitted.request, prompt: secret } });
  await generation.fail('engine_failed', 'for the test');
  return jobId;
}

/** A withdrawn clip with everything that can be left of one. */
export async function deletedClip(status: 'withdrawn' | 'published' = 'withdrawn'): Promise<Deleted> {
  const owner = await person();
  const node = `node-${owner.handle}`;
  const clipId = createId('clip', Date.now());
  const generationId = await endedJob(clipId, owner.id, node);
  await db().batch(
    upsertClip(db(), clipMessage(owner.id, 3, { id: clipId, status, prompt: secret, caption: 'my caption' })),
  );
  const record = await env.GENERATION.getByName(generationId).read();
  if (!record.ok) throw new Error(record.error.code);
  await upsertGeneration(db(), {
    kind: 'generation',
    version: 1_000,
    accountId: owner.id,
    generation: { ...record.value, prompt: secret },
  });
  const files = ['video.mp4', 'poster.jpg', 'manifest.c2pa', 'captions.vtt'];
  const objectKeys = files.map((file) => `media/${clipId}/${file}`);
  for (const key of [
    ...objectKeys,
    `media/${clipId}/old/video.mp4`,
    `quarantine/${generationId}/1/video.mp4`,
  ])
    await env.MEDIA.put(key, `bytes of ${key}`);
  await registerRendition(env, {
    clipId,
    sourceId: generationId,
    watermarkId: await watermarkIdOf(env.WATERMARK_KEY, generationId),
    manifestLabel: `urn:c2pa:${clipId}`,
    storeKey: `media/${clipId}/manifest.c2pa`,
    crJsonKey: null,
    fingerprints: newFilm(2),
  });
  const createdAt = new Date().toISOString();
  await db().insert(likes).values({ clipId, accountId: owner.id, createdAt });
  await db()
    .insert(comments)
    .values({ id: createId('cmt', Date.now()), clipId, authorId: owner.id, text: 'said here', createdAt });
  await env.FEED_SHARD.getByName(feedShardName()).upsert([
    {
      clipId,
      ownerId: owner.id,
      rootId: clipId,
      keys: [clipKey(clipId)],
      publishedAt: Date.now(),
      version: 2,
    },
  ]);
  return {
    owner,
    node,
    params: {
      subject: clipId,
      ownerId: owner.id,
      revocationId: createId('rev', Date.now()),
      objectKeys,
      generationIds: [generationId],
    },
  };
}

export async function inFeed(clipId: Id<'clip'>, ownerId: Id<'acc'>): Promise<boolean> {
  const page = await env.FEED_SHARD.getByName(feedShardName()).page({
    mode: 'following',
    limit: 50,
    position: null,
    following: [ownerId],
    seen: [],
    blocked: [],
  });
  if (!page.ok) throw new Error(page.error.code);
  return page.value.items.some((item) => item.clipId === clipId);
}

export const confirm = async ({ node }: Pick<Deleted, 'node'>) =>
  queue.confirmErasures(node, await queue.confirmErasures(node, []));

export const lineOf = (receipt: Erasure | null, store: Erasure['stores'][number]['store']) =>
  receipt?.stores.find((line) => line.store === store);

export const receiptOf = (subject: EraseParams['subject']) => readReceipt(db(), subject);

type Introspector = Awaited<ReturnType<typeof introspectWorkflowInstance>>;

/** The workflow of a deletion, without its waits; what `use` changes about it ends with it. */
export async function watched<T>(
  params: EraseParams,
  modify: Parameters<Introspector['modify']>[0],
  use: (workflow: Introspector) => Promise<T>,
): Promise<T> {
  const workflow = await introspectWorkflowInstance(env.ERASE, erasureWorkflowId(params));
  try {
    await workflow.modify(async (m) => {
      await m.disableSleeps();
      await m.disableRetryDelays();
      await modify(m);
    });
    return await use(workflow);
  } finally {
    await workflow.dispose();
  }
}

/** Runs the whole workflow. */
export function erase(params: EraseParams): Promise<Erasure> {
  return watched(
    params,
    async () => {},
    async (workflow) => {
      await startErasure(env, params);
      await workflow.waitForStatus('complete');
      const receipt = await receiptOf(params.subject);
      if (receipt === null) throw new Error('no receipt');
      return erasureSchema.parse(receipt);
    },
  );
}

/** Erases with the node confirming while the workflow waits. */
export async function eraseConfirmed(deleted: Deleted): Promise<Erasure> {
  const answering = eventually('the node is asked', async () =>
    (await queue.confirmErasures(deleted.node, [])).length > 0 ? true : null,
  ).then(() => confirm(deleted));
  const receipt = await erase(deleted.params);
  await answering;
  return receipt;
}

export async function expectNothingLeft({ params, owner }: Deleted): Promise<void> {
  const { subject: clipId, generationIds } = params;
  expect(await keysBelow(`media/${clipId}/`)).toEqual([]);
  for (const id of generationIds) expect(await keysBelow(`quarantine/${id}/`)).toEqual([]);
  const row = await db().select().from(clips).where(eq(clips.id, clipId)).get();
  expect(row).toMatchObject({ prompt: '', caption: '', summary: '', status: 'withdrawn' });
  expect(await db().select().from(likes).where(eq(likes.clipId, clipId))).toEqual([]);
  const said = await db().select().from(comments).where(eq(comments.clipId, clipId));
  expect(said.map(({ text, deletedAt }) => [text, deletedAt === null])).toEqual([['', false]]);
  expect(await inFeed(clipId, owner.id)).toBe(false);
  for (const id of generationIds) {
    const generation = await db().select().from(generations).where(eq(generations.id, id)).get();
    expect(generation?.record.prompt).toBe('');
    const object = await env.GENERATION.getByName(id).admission();
    expect(object).toMatchObject({ ok: true, value: { request: { prompt: '' } } });
    await runInDurableObject(queue, (_, { storage }) => {
      const { spec } = storage.sql.exec<{ spec: string }>('SELECT spec FROM jobs WHERE id = ?', id).one();
      expect(spec).toBe('{}');
    });
  }
}
