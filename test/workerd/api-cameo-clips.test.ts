/** Clips that carry a likeness: counted before, stopped by one entry, remixes and all, and the same receipt when asked again. */
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { cameoReceiptSchema } from '#schemas/http/cameo.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Page } from '#schemas/http/common.ts';
import type { Id } from '#schemas/ids.ts';
import { type Person, person, stranger } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { castIn, must } from './cameo-fixtures.ts';
import { draftInput } from './clip-fixtures.ts';

async function enrolled(): Promise<Person> {
  const who = await person();
  expect((await who.browser.post('/api/v1/local/cameo', { level: 'everyone' })).status).toBe(200);
  return who;
}

/** A published clip by `maker` with `who` in it. */
async function clipWith(who: Person, maker: Person): Promise<ClipRecord> {
  const cameo = env.CAMEO.getByName(who.id);
  const input = draftInput(maker.id, { ownerHandle: maker.handle });
  const { clipId, generationId } = input;
  const { permit } = await castIn(cameo, maker.id, { clipId, generationId, makerHandle: maker.handle });
  const { cameoId, verification, keys } = permit;
  const cast = [{ accountId: who.id, cameoId, verification, standIn: false }];
  must(
    await env.CLIP.getByName(clipId).createDraft({ ...input, cast, castKeys: keys, coOwnerIds: [who.id] }),
  );
  await cameo.generationChanged(generationId, 'ready');
  return must(
    await env.CLIP.getByName(clipId).publish(maker.id, {
      caption: 'look',
      visibility: 'public',
      showPrompt: false,
    }),
  );
}

/** A published remix: it carries everything its parent does. */
async function remixOf(
  parent: ClipRecord,
  maker: Person,
  inherits: readonly Id<'acc'>[],
): Promise<ClipRecord> {
  const { clipId, keys, depth, rootId, ownerHandle: handle } = parent;
  const input = draftInput(maker.id, {
    ownerHandle: maker.handle,
    coOwnerIds: [...inherits],
    parent: { clipId, handle, keys, depth, rootId },
  });
  const remix = env.CLIP.getByName(input.clipId);
  must(await remix.createDraft(input));
  return must(await remix.publish(maker.id, { caption: '', visibility: 'public', showPrompt: false }));
}

const preview = async (who: Person, body: unknown) =>
  (await who.browser.post('/api/v1/cameo/revocations/preview', body)).body;
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

describe('clips with my likeness', () => {
  it('one of them: it and its remixes stop for everybody, others stay', async () => {
    const [bo, ada, carl] = [await enrolled(), await person(), await person()];
    const clip = await clipWith(bo, ada);
    const other = await clipWith(bo, ada);
    const remix = await remixOf(clip, carl, [bo.id]);
    const wish = { scope: 'clip', target: clip.clipId, existing: 'delete' };
    await eventually(async () =>
      expect(await preview(bo, wish)).toMatchObject({ clips: 1, drafts: 0, remixes: 1, generations: 0 }),
    );
    expect((await bo.browser.get('/api/v1/cameo')).body).toMatchObject({ counts: { clips: 2, people: 1 } });
    // Neither its maker nor a remixer can revoke through a likeness that is not theirs.
    expect(refusal(await carl.browser.post('/api/v1/cameo/revocations', wish))).toBe('404 not_found');
    const send = () =>
      bo.browser.send('POST', '/api/v1/cameo/revocations', wish, { 'Idempotency-Key': 'this-clip' });
    const answer = await send();
    const receipt = cameoReceiptSchema.parse(answer.body);
    expect(receipt.entries).toMatchObject([{ key: `clip:${clip.clipId}`, clipId: clip.clipId }]);
    expect(receipt.stopped).toMatchObject({ clips: 1, remixes: 1, generations: 0 });
    expect([...receipt.stopped.clipIds].sort()).toEqual([clip.clipId, remix.clipId].sort());
    for (const [visitor, id] of [
      [ada.browser, clip.clipId],
      [carl.browser, remix.clipId],
      [stranger(), clip.clipId],
    ] as const) {
      expect(refusal(await visitor.get(`/api/v1/clips/${id}`))).toBe('410 clip_deleted');
    }
    expect((await stranger().get(`/api/v1/clips/${other.clipId}`)).status).toBe(200);
    expect((await send()).body).toEqual(answer.body);
  });

  it('all of them by one entry; unlisted first, then stopped', async () => {
    const [bo, ada, eve] = [await enrolled(), await person(), await person()];
    const [one, two] = [await clipWith(bo, ada), await clipWith(bo, eve)];
    const unlist = { scope: 'all', existing: 'unlist' };
    await eventually(async () => expect(await preview(bo, unlist)).toMatchObject({ clips: 2, people: 2 }));
    expect(await preview(bo, { scope: 'account', target: ada.handle, existing: 'delete' })).toMatchObject({
      clips: 1,
      people: 1,
    });
    const listed = async () =>
      ((await stranger().get(`/api/v1/accounts/${ada.handle}/clips`)).body as Page<Clip>).items.map(
        ({ id }) => id,
      );
    expect(await listed()).toEqual([one.clipId]);
    const first = cameoReceiptSchema.parse((await bo.browser.post('/api/v1/cameo/revocations', unlist)).body);
    expect(first.entries).toHaveLength(1);
    expect(first.stopped).toMatchObject({ clips: 2, remixes: 0 });
    expect(await listed()).toEqual([]);
    expect((await stranger().get(`/api/v1/clips/${one.clipId}`)).status).toBe(200);
    const last = cameoReceiptSchema.parse((await bo.browser.send('DELETE', '/api/v1/cameo')).body);
    expect(last.entries).toHaveLength(1);
    for (const { clipId } of [one, two]) {
      expect(refusal(await stranger().get(`/api/v1/clips/${clipId}`))).toBe('410 clip_deleted');
    }
    // What was made under the old consent stays stopped when consent is given again.
    await bo.browser.post('/api/v1/local/cameo', { level: 'everyone' });
    expect(refusal(await stranger().get(`/api/v1/clips/${two.clipId}`))).toBe('410 clip_deleted');
    const anew = await clipWith(bo, ada);
    expect((await stranger().get(`/api/v1/clips/${anew.clipId}`)).status).toBe(200);
  });
});
