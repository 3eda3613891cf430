/** The page of everything my likeness is in: with the clips as they are and as consent has them at this moment. */
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import { createId } from '#durable-objects/shared/id.ts';
import { type Appearance, appearanceSchema } from '#schemas/http/cameo.ts';
import { pageOf } from '#schemas/http/common.ts';
import type { Id } from '#schemas/ids.ts';
import { hydrateClips } from '#workers/store/clips-store.ts';
import { type Person, person } from '../support/api-actors.ts';
import { refusal } from '../support/api-browser.ts';
import { castIn, likeness, must } from './cameo-fixtures.ts';
import { db, draftInput } from './clip-fixtures.ts';

const pageSchema = pageOf(appearanceSchema);

async function appearances(who: Person, query = '') {
  const answer = await who.browser.get(`/api/v1/cameo/appearances${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return pageSchema.parse(answer.body);
}

const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

/** A clip of `maker` with `who` in it, as a draft; its cast was authorised and its rows have arrived. */
async function draftWith(maker: Person, who: Person, makeLikeness: () => ReturnType<typeof likeness>) {
  const { cameo, cameoId } = await makeLikeness();
  const { asked, permit } = await castIn(cameo, maker.id, { makerHandle: maker.handle });
  const draft = draftInput(maker.id, {
    clipId: asked.clipId,
    generationId: asked.generationId,
    ownerHandle: maker.handle,
    coOwnerIds: [who.id],
    cast: [{ accountId: who.id, cameoId, verification: 'demo', standIn: false }],
    castKeys: permit.keys,
  });
  must(await env.CLIP.getByName(asked.clipId).createDraft(draft));
  await cameo.generationChanged(asked.generationId, 'ready');
  await soon(async () => expect(await hydrateClips(db(), [asked.clipId], null)).toHaveLength(1));
  return { clipId: asked.clipId, generationId: asked.generationId, cameo };
}

const open = (who: Person) => () => likeness({ level: 'everyone' }, who.id);

test('a draft, a post, locked, hidden, stopped: each as it is now', async () => {
  const [maker, me] = [await person(), await person()];
  const { clipId } = await draftWith(maker, me, open(me));
  const now = async (): Promise<Appearance> => {
    const [item] = (await appearances(me)).items;
    if (item === undefined) throw new Error('not there');
    return item;
  };
  expect(await now()).toMatchObject({
    clipId,
    clipStatus: 'draft',
    served: true,
    locked: false,
    hidden: false,
    maker: { handle: maker.handle },
    poster: `/media/${clipId}/poster.jpg`,
  });
  const published = await maker.browser.post(`/api/v1/clips/${clipId}/publish`, { caption: 'Look who' });
  expect(published.status, JSON.stringify(published.body)).toBe(200);
  await soon(async () => expect(await now()).toMatchObject({ clipStatus: 'published', caption: 'Look who' }));

  expect((await me.browser.send('POST', `/api/v1/clips/${clipId}/lock`)).status).toBe(200);
  expect((await me.browser.send('POST', `/api/v1/clips/${clipId}/hide`)).status).toBe(200);
  await soon(async () => expect(await now()).toMatchObject({ locked: true, hidden: true, served: true }));
  expect((await me.browser.send('DELETE', `/api/v1/clips/${clipId}/hide`)).status).toBe(200);
  expect(await now()).toMatchObject({ hidden: false });

  const stopped = await me.browser.post('/api/v1/cameo/revocations', { scope: 'all', existing: 'delete' });
  expect(stopped.status, JSON.stringify(stopped.body)).toBe(200);
  // Not a moment later: the page asks the gate, it does not wait for rows.
  expect(await now()).toMatchObject({ served: false, poster: null, clipStatus: 'published' });
});

test('pages neither overlap nor skip, and end; nobody sees another’s', async () => {
  const [maker, me, other] = [await person(), await person(), await person()];
  const { cameo } = await open(me)();
  const made: Id<'gen'>[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { asked } = await castIn(cameo, maker.id, { makerHandle: maker.handle });
    made.push(asked.generationId);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof appearances>> = await appearances(
      me,
      `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...page.items.map(({ generationId }) => generationId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual([...made].sort().reverse());
  expect((await appearances(other)).items).toEqual([]);
  expect(await appearances(other, `?cursor=${createId('gen', Date.now())}`)).toEqual({
    items: [],
    nextCursor: null,
  });
  expect(refusal(await me.browser.get('/api/v1/cameo/appearances?cursor=clip_1'))).toBe('400 cursor_invalid');
});
