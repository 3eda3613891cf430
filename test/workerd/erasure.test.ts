/**
 * Erasure after a deletion, with the real workflow, objects, D1 and R2: what is gone, and that the receipt says exactly that, whatever
 * fails on the way.
 */
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, test, vi } from 'vitest';
import { type EraseParams, startErasure } from '#durable-objects/shared/erasure.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { clipKey } from '#schemas/consent.ts';
import { erasureSchema, erasureStores } from '#schemas/http/clips.ts';
import { cameos, clipKeys, clips } from '#schemas/tables.ts';
import { upsertCameo, upsertClip } from '#workers/projections/statements.ts';
import { beginReceipt, writeAnswer } from '#workers/workflows/erase/receipts.ts';
import { person, publishedClip } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { eventually } from '../support/objects.ts';
import { clipMessage, db } from './clip-fixtures.ts';
import {
  confirm,
  deletedClip,
  erase,
  eraseConfirmed,
  expectNothingLeft,
  inFeed,
  keysBelow,
  lineOf,
  queue,
  receiptOf,
  secret,
  watched,
} from './erasure-fixtures.ts';

describe('a deleted clip', () => {
  test('is gone from every store, and the receipt names each one and when', async () => {
    const deleted = await deletedClip();
    const receipt = await eraseConfirmed(deleted);
    await expectNothingLeft(deleted);
    expect(receipt).toMatchObject({
      subject: deleted.params.subject,
      revocationId: deleted.params.revocationId,
      complete: true,
    });
    expect(receipt.stores.map(({ store }) => store)).toEqual([...erasureStores]);
    for (const line of receipt.stores) {
      expect(line.at, line.store).not.toBeNull();
      expect(line.detail, line.store).not.toBe('');
    }
    expect(
      Object.fromEntries(receipt.stores.map(({ store, status, items }) => [store, [status, items]])),
    ).toEqual({
      rows: ['erased', 4],
      objects: ['erased', 6],
      feed: ['erased', 1],
      embeddings: ['none', 0],
      fingerprints: ['erased', 1],
      'durable-credentials': ['erased', 2],
      caches: ['none', 0],
      'render-nodes': ['erased', 1],
      evidence: ['none', 0],
    });
    expect(lineOf(receipt, 'render-nodes')?.detail).toContain(deleted.node);
    expect(JSON.stringify(receipt)).not.toContain(secret);
    expect(JSON.stringify(receipt)).not.toContain('my caption');
  });

  test('can still be counted by receipts', async () => {
    const deleted = await deletedClip();
    await eraseConfirmed(deleted);
    const kept = await db().select().from(clipKeys).where(eq(clipKeys.clipId, deleted.params.subject));
    expect(kept.map(({ key }) => key)).toContain(clipKey(deleted.params.subject));
  });

  test('its owner is told once, when everything is done', async () => {
    const deleted = await deletedClip();
    await eraseConfirmed(deleted);
    await startErasure(env, deleted.params);
    const { items } = await env.INBOX.getByName(deleted.owner.id).list({ before: null, limit: 10 });
    expect(items).toMatchObject([{ kind: 'erasure-done', clipId: deleted.params.subject, actorId: null }]);
  });

  test('what others have lies where it lay', async () => {
    const [deleted, other] = [await deletedClip(), await deletedClip('published')];
    await eraseConfirmed(deleted);
    expect(await keysBelow(`media/${other.params.subject}/`)).toHaveLength(5);
    const row = await db().select().from(clips).where(eq(clips.id, other.params.subject)).get();
    expect(row).toMatchObject({ prompt: secret, caption: 'my caption' });
    expect(await inFeed(other.params.subject, other.owner.id)).toBe(true);
    const [generationId] = other.params.generationIds;
    if (generationId === undefined) throw new Error('no job');
    expect(await env.GENERATION.getByName(generationId).admission()).toMatchObject({
      value: { request: { prompt: secret } },
    });
  });

  test('a projection that is still under way brings no word back', async () => {
    const deleted = await deletedClip('published');
    const { subject: id } = deleted.params;
    await watched(
      deleted.params,
      async () => {},
      async (workflow) => {
        await startErasure(env, deleted.params);
        await eventually('the files are gone', async () =>
          lineOf(await receiptOf(id), 'objects')?.status === 'erased' ? true : null,
        );
        expect(lineOf(await receiptOf(id), 'rows')?.status).toBe('pending');
        const withdrawn = { id, status: 'withdrawn', prompt: '', caption: '', summary: '' } as const;
        await db().batch(upsertClip(db(), clipMessage(deleted.owner.id, 4, withdrawn)));
        await confirm(deleted);
        await workflow.waitForStatus('complete');
      },
    );
    await db().batch(
      upsertClip(db(), clipMessage(deleted.owner.id, 3, { id, prompt: secret, caption: 'late' })),
    );
    await expectNothingLeft(deleted);
  });
});

describe('what fails on the way', () => {
  const steps = [
    'begin the receipt',
    'find the files',
    'evidence',
    'ask the render nodes',
    'objects',
    'forget the requests',
    'look for the deletion 1',
    'rows',
    'feed',
    'embeddings',
    'fingerprints',
    'durable-credentials',
    'caches',
    'render nodes 1',
    'tell the owner',
  ];
  test.each(steps)('%s, twice: the same receipt, nothing left', async (name) => {
    const deleted = await deletedClip();
    await queue.orderErasure(deleted.params.generationIds);
    await confirm(deleted);
    await watched(
      deleted.params,
      (m) => m.mockStepError({ name }, new Error('struck'), 2),
      async (workflow) => {
        await startErasure(env, deleted.params);
        await workflow.waitForStatus('complete');
      },
    );
    const receipt = await receiptOf(deleted.params.subject);
    expect(receipt?.complete).toBe(true);
    expect(lineOf(receipt, 'objects')).toMatchObject({ status: 'erased', items: 6 });
    await expectNothingLeft(deleted);
  });

  test('a repeated step does not change what the first account says', async () => {
    const subject = createId('clip', Date.now());
    const deletion = { subject, revocationId: createId('rev', Date.now()) };
    await beginReceipt(env, deletion);
    await writeAnswer(env, deletion, 'objects', { status: 'erased', items: 4, detail: 'four' });
    const first = await receiptOf(subject);
    await writeAnswer(env, deletion, 'objects', { status: 'none', items: 0, detail: 'none' });
    await beginReceipt(env, deletion);
    expect(await receiptOf(subject)).toEqual(first);
    expect(first?.complete).toBe(false);
  });

  test('starting twice is one erasure', async () => {
    const deleted = await deletedClip();
    const create = vi.spyOn(env.ERASE, 'create');
    try {
      await Promise.all([startErasure(env, deleted.params), startErasure(env, deleted.params)]);
      await startErasure(env, deleted.params);
      expect(create).toHaveBeenCalledTimes(3);
    } finally {
      create.mockRestore();
    }
    await eventually('the node is asked', async () =>
      (await queue.confirmErasures(deleted.node, [])).length > 0 ? true : null,
    );
    await confirm(deleted);
    await eventually('complete', async () =>
      (await receiptOf(deleted.params.subject))?.complete ? true : null,
    );
  });
});

describe('a likeness', () => {
  async function erasedLikeness(version: number) {
    const owner = await person();
    const cameoId = createId('cam', Date.now());
    await upsertCameo(db(), {
      kind: 'cameo',
      version,
      cameo: {
        accountId: owner.id,
        cameoId,
        status: 'none',
        level: 'nobody',
        verification: 'recording',
        portrait: { kind: 'photo', sha256: 'c'.repeat(64) },
        reviewBeforePublication: false,
        epoch: 1,
      },
    });
    await env.MEDIA.put(`likeness/${cameoId}/portrait.jpg`, 'a face');
    const params: EraseParams = {
      subject: cameoId,
      ownerId: owner.id,
      revocationId: createId('rev', Date.now()),
      objectKeys: [],
      generationIds: [],
    };
    return { owner, cameoId, params };
  }

  test('portrait, row and template go; the clips it was in belong to others', async () => {
    const { owner, cameoId, params } = await erasedLikeness(1);
    const maker = await person();
    const clipId = await publishedClip(maker);
    const receipt = await erase(params);
    expect(receipt.complete).toBe(true);
    expect(await keysBelow(`likeness/${cameoId}/`)).toEqual([]);
    expect(await db().select().from(cameos).where(eq(cameos.cameoId, cameoId)).get()).toMatchObject({
      portrait: null,
      verification: null,
    });
    expect(lineOf(receipt, 'objects')).toMatchObject({ status: 'erased', items: 1 });
    expect(lineOf(receipt, 'rows')).toMatchObject({ status: 'erased', items: 1 });
    expect(lineOf(receipt, 'feed')?.status).toBe('none');
    expect((await maker.browser.get(`/api/v1/clips/${clipId}`)).status).toBe(200);
    const mine = await owner.browser.get('/api/v1/cameo/erasure');
    expect(erasureSchema.parse(mine.body)).toEqual(receipt);
  });

  test('enrolled and erased again, it is erased again', async () => {
    const { cameoId, params } = await erasedLikeness(1);
    const first = await erase(params);
    await env.MEDIA.put(`likeness/${cameoId}/portrait.jpg`, 'a face again');
    const again = { ...params, revocationId: createId('rev', Date.now()) };
    const second = await erase(again);
    expect(await keysBelow(`likeness/${cameoId}/`)).toEqual([]);
    expect(second.revocationId).toBe(again.revocationId);
    expect(second.revocationId).not.toBe(first.revocationId);
  });
});

describe('over HTTP', () => {
  test('the receipt is for those the clip belonged to', async () => {
    const deleted = await deletedClip();
    const [coOwner, other] = [await person(), await person()];
    const { subject: id } = deleted.params;
    await db()
      .update(clips)
      .set({ coOwnerIds: [coOwner.id] })
      .where(eq(clips.id, id));
    const address = `/api/v1/clips/${id}/erasure`;
    const before = erasureSchema.parse((await deleted.owner.browser.get(address)).body);
    expect(before).toMatchObject({ subject: id, complete: false });
    expect(before.stores.every(({ status }) => status === 'pending')).toBe(true);
    const receipt = await eraseConfirmed(deleted);
    for (const who of [deleted.owner, coOwner])
      expect(erasureSchema.parse((await who.browser.get(address)).body)).toEqual(receipt);
    expect(refusal(await other.browser.get(address))).toBe('404 not_found');
  });

  test('what was not deleted has no receipt', async () => {
    const owner = await person();
    const clipId = await publishedClip(owner);
    expect(refusal(await owner.browser.get(`/api/v1/clips/${clipId}/erasure`))).toBe('404 not_found');
    expect(refusal(await owner.browser.get('/api/v1/cameo/erasure'))).toBe('404 not_found');
  });

  test('deleting a clip leads to its receipt by itself', async () => {
    const owner = await person();
    const clipId = await publishedClip(owner);
    expect((await owner.browser.send('DELETE', `/api/v1/clips/${clipId}`)).status).toBe(200);
    const receipt = await eventually('the receipt', async () => {
      const answer = await owner.browser.get(`/api/v1/clips/${clipId}/erasure`);
      const parsed = erasureSchema.parse(answer.body);
      return lineOf(parsed, 'rows')?.status === 'erased' ? parsed : null;
    });
    expect(receipt.revocationId).toMatch(/^rev_/);
  });
});
