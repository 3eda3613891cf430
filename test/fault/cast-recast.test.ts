/**
 * Somebody asks to leave a clip and a stand-in takes their place: the clip keeps its address, its likes and everybody else; whoever left
 * has no part in it any more; and a recast that fails leaves the clip as it was.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clip } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import type { LeasedJob } from '#schemas/render.ts';
import {
  type CastBindings,
  type CastPerson,
  castBindings,
  castPerson,
  revokeEverything,
} from '../support/cast-people.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  storedKeys,
  uploadAll,
  usedCredits,
} from '../support/generation-run.ts';
import { makeRendered, type Rendered } from '../support/rendered.ts';

let edge: Edge;
let bindings: CastBindings;
let rendered: Rendered;
let again: Rendered;
let people = 0;

beforeAll(async () => {
  [edge, rendered, again] = await Promise.all([
    startEdge({ RENDER_LEASE_MS: '20000', CONSENT_LEASE_MS: '2000', CONSENT_MARGIN_MS: '100' }),
    makeRendered(),
    makeRendered({ shade: 180 }),
  ]);
  bindings = await castBindings(edge);
  await edge.node.lease();
});
afterAll(() => edge.stop());

async function deliver(job: LeasedJob, file: Rendered): Promise<void> {
  await uploadAll(edge, job, file);
  await expectStatus(edge.node.complete(job, file.output), 200);
}

/** Alice's clip with Bo and Cai in it. */
async function cast(publish = true, settings: Parameters<typeof castPerson>[3] = {}) {
  people += 1;
  const [alice, bo, cai] = await Promise.all([
    castPerson(edge, bindings, `alice-${people}`),
    castPerson(edge, bindings, `bo-${people}`),
    castPerson(edge, bindings, `cai-${people}`, settings),
  ]);
  const generation = await ask(alice.api, {
    prompt: 'two friends juggle',
    cameos: [bo.handle, cai.handle],
    dialogue: ['Catch!'],
  });
  await deliver(await leaseNext(edge), rendered);
  const { clipId } = await ending(alice.api, generation.id);
  if (clipId === undefined) throw new Error('no clip');
  if (publish) await alice.api('POST', `/api/v1/clips/${clipId}/publish`, { caption: 'Look.' });
  return { alice, bo, cai, clipId, generation };
}
type Cast = Awaited<ReturnType<typeof cast>>;

const recast = ({ alice, clipId }: Cast, without: readonly CastPerson[]) =>
  alice.api<Generation>('POST', `/api/v1/clips/${clipId}/recast`, {
    without: without.map(({ handle }) => handle),
  });

const watch = ({ clipId }: Cast) => fetch(`${edge.url}/media/${clipId}/video.mp4`);
const page = (api: CastPerson['api'], { clipId }: Cast) => api<Clip>('GET', `/api/v1/clips/${clipId}`);

test('from the request to the new rendition: same address, likes and comments; the one who left is gone from it', async () => {
  const scene = await cast();
  const { alice, bo, cai, clipId, generation } = scene;
  const viewer = await edge.signIn(`viewer-${people}`);
  await viewer('PUT', `/api/v1/clips/${clipId}/like`);
  await viewer('POST', `/api/v1/clips/${clipId}/comments`, { text: 'nice' });
  const before = await expectStatus(watch(scene), 200);

  await bo.api('POST', `/api/v1/clips/${clipId}/recast-requests`, { note: 'I look tired.' });
  await eventually('the request in the inbox', async () => {
    const { items } = await bindings.INBOX.getByName(alice.id).list({ before: null, limit: 20 });
    const asked = items.filter(({ kind }) => kind === 'recast-requested');
    return asked.length === 1 && asked[0]?.text.includes('I look tired.') ? true : null;
  });
  await revokeEverything(bo);
  await expectStatus(watch(scene), 410);

  const second = await recast(scene, [bo]);
  const job = await leaseNext(edge);
  expect(job.jobId).toBe(second.id);
  expect(job.spec).toMatchObject({
    prompt: 'two friends juggle',
    seed: generation.seed,
    seconds: generation.seconds,
    size: generation.size,
    dialogue: [{ text: 'Catch!' }],
    standIns: 1,
  });
  expect(job.spec.cast.map(({ handle }) => handle)).toEqual([cai.handle]);
  await deliver(job, again);
  expect(await ending(alice.api, second.id)).toMatchObject({ status: 'ready', clipId });

  const after = await expectStatus(watch(scene), 200);
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  const clip = await page(viewer, scene);
  expect(clip).toMatchObject({ status: 'published', caption: 'Look.', counts: { likes: 1, comments: 1 } });
  expect(clip.cast.map(({ account, standIn }) => [account?.handle ?? null, standIn])).toEqual([
    [null, true],
    [cai.handle, false],
  ]);
  expect(JSON.stringify(clip)).not.toContain(bo.handle);
  const { items } = await viewer<{ items: { handle: string }[] }>('GET', `/api/v1/clips/${clipId}/co-owners`);
  expect(items.map(({ handle }) => handle)).toEqual([alice.handle, cai.handle]);
  const report = await viewer<ProvenanceReport>('GET', `/api/v1/clips/${clipId}/provenance`);
  expect(report.state).toBe('Trusted');
  expect(report.manifest?.revocationUrl).toMatch(new RegExp(`/revocations/${clipId}$`));
  await expect(bo.api('DELETE', `/api/v1/clips/${clipId}`)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await usedCredits(alice.api)).toBe(generation.credits + second.credits);
  await eventually('the old files to go and the feed to list it', async () => {
    const keys = await storedKeys(edge, `media/${clipId}/`);
    const feed = await viewer<{ items: Clip[] }>('GET', '/api/v1/feed?mode=recent&limit=50');
    const listed = feed.items.some(({ id }) => id === clipId);
    return listed && keys.length > 0 && keys.every((key) => key.includes(second.id)) ? true : null;
  });
  const row = await bindings.DB.prepare('select co_owner_ids as ids, keys from clips where id = ?')
    .bind(clipId)
    .first<{ ids: string; keys: string }>();
  const record = await bindings.CLIP.getByName(clipId).read();
  if (!record.ok || row === null) throw new Error('no clip');
  expect([JSON.parse(row.ids), JSON.parse(row.keys)]).toEqual([record.value.coOwnerIds, record.value.keys]);
});

describe('who may and what for', () => {
  let scene: Cast;
  beforeAll(async () => {
    scene = await cast();
  });

  test('the owner alone, and only for people who are in it', async () => {
    const { bo, clipId } = scene;
    const body = { without: [bo.handle] };
    await expect(bo.api('POST', `/api/v1/clips/${clipId}/recast`, body)).rejects.toMatchObject({
      code: 'forbidden',
    });
    const stranger = await edge.signIn('a-stranger');
    await expect(stranger('POST', `/api/v1/clips/${clipId}/recast`, body)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      scene.alice.api('POST', `/api/v1/clips/${clipId}/recast`, { without: ['a-stranger'] }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      scene.alice.api('POST', `/api/v1/clips/${clipId}/recast`, { without: [] }),
    ).rejects.toMatchObject({ code: 'bad_request' });
    for (const api of [stranger, scene.alice.api])
      await expect(
        api('POST', `/api/v1/clips/${clipId}/recast-requests`, { note: '' }),
      ).rejects.toMatchObject({ status: expect.any(Number) });
  });

  test('a repeated request makes one rendition', async () => {
    const headers = { 'idempotency-key': 'again' };
    const path = `/api/v1/clips/${scene.clipId}/recast`;
    const body = { without: [scene.bo.handle] };
    const first = await scene.alice.api<Generation>('POST', path, body, headers);
    expect((await scene.alice.api<Generation>('POST', path, body, headers)).id).toBe(first.id);
    await scene.alice.api('DELETE', `/api/v1/generations/${first.id}`);
  });

  test('never for a deleted clip', async () => {
    await scene.cai.api('DELETE', `/api/v1/clips/${scene.clipId}`);
    await expect(recast(scene, [scene.bo])).rejects.toMatchObject({ code: 'clip_deleted' });
  });
});

describe('a recast that fails', () => {
  test('because somebody who stays withdraws from anything new: the clip stays as it was', async () => {
    const scene = await cast();
    const etag = (await watch(scene)).headers.get('etag');
    const second = await recast(scene, [scene.bo]);
    const job = await leaseNext(edge);
    await revokeEverything(scene.cai, 'keep');
    await edge.node.upload(job, 'video.mp4', new Uint8Array([1, 2, 3]));
    const end = await ending(scene.alice.api, second.id);
    expect(end.error?.code).toBe('consent_denied');
    expect(await usedCredits(scene.alice.api)).toBe(scene.generation.credits);
    const still = await expectStatus(watch(scene), 200);
    expect(still.headers.get('etag')).toBe(etag);
    expect((await page(scene.alice.api, scene)).cast.every(({ standIn }) => !standIn)).toBe(true);
  });

  test('because the clip is deleted while it is made: nothing of it is kept, nothing is paid', async () => {
    const scene = await cast();
    const second = await recast(scene, [scene.bo]);
    const job = await leaseNext(edge);
    await scene.cai.api('DELETE', `/api/v1/clips/${scene.clipId}`);
    await deliver(job, again);
    const end = await ending(scene.alice.api, second.id);
    expect(['failed', 'quarantined', 'cancelled']).toContain(end.status);
    expect(await usedCredits(scene.alice.api)).toBe(scene.generation.credits);
    await expectStatus(watch(scene), 410);
    await eventually('the rendition to go', async () =>
      (await storedKeys(edge, `media/${scene.clipId}/${second.id}/`)).length === 0 ? true : null,
    );
  });

  test('because the clip is deleted between the commit point and the exchange', async () => {
    await using instances = await edge.kinora.introspectWorkflow('GENERATE_CLIP');
    const scene = await cast();
    await instances.modifyAll((modify) =>
      modify.mockStepError({ name: 'make the draft' }, new Error('held by the test'), 3),
    );
    const second = await recast(scene, [scene.bo]);
    await deliver(await leaseNext(edge), again);
    await eventually('the commit', async () => {
      const { stage } = await scene.alice.api<Generation>('GET', `/api/v1/generations/${second.id}`);
      return stage === 'delivering' ? true : null;
    });
    await scene.cai.api('DELETE', `/api/v1/clips/${scene.clipId}`);
    const end = await ending(scene.alice.api, second.id);
    expect(end).toMatchObject({ status: 'failed', error: { code: 'clip_deleted' } });
    expect(await usedCredits(scene.alice.api)).toBe(scene.generation.credits);
    await expectStatus(watch(scene), 410);
  });

  test('of two at the same time, the one that would bring somebody back', async () => {
    const scene = await cast();
    const withoutBo = await recast(scene, [scene.bo]);
    const withoutCai = await recast(scene, [scene.cai]);
    const [first, second] = [await leaseNext(edge), await leaseNext(edge)];
    const jobs = new Map([first, second].map((job) => [job.jobId, job]));
    for (const { id } of [withoutBo, withoutCai]) {
      const job = jobs.get(id);
      if (job === undefined) throw new Error('not leased');
      await deliver(job, again);
      await ending(scene.alice.api, id);
    }
    expect(await ending(scene.alice.api, withoutBo.id)).toMatchObject({ status: 'ready' });
    expect(await ending(scene.alice.api, withoutCai.id)).toMatchObject({
      status: 'failed',
      error: { code: 'conflict' },
    });
    const { cast: shown } = await page(scene.alice.api, scene);
    expect(shown.map(({ account }) => account?.handle ?? null)).toEqual([null, scene.cai.handle]);
    expect(await usedCredits(scene.alice.api)).toBe(scene.generation.credits + withoutBo.credits);
    await expectStatus(watch(scene), 200);
  });
});

test('where somebody who stays reviews before publication, the new rendition waits for them', async () => {
  const scene = await cast(false, { reviewBeforePublication: true });
  const { alice, bo, cai, clipId } = scene;
  const publish = () => alice.api<Clip>('POST', `/api/v1/clips/${clipId}/publish`, { caption: 'Look.' });
  const approve = async (count: number) => {
    const reviewId = await eventually('the question', async () => {
      const { items } = await bindings.INBOX.getByName(cai.id).list({ before: null, limit: 20 });
      const asked = items.filter(({ kind }) => kind === 'review-publication');
      return asked.length === count ? (asked[0]?.reviewId ?? null) : null;
    });
    await cai.api('POST', `/api/v1/cameo/reviews/${reviewId}`, { decision: 'approve' });
  };
  await expect(publish()).rejects.toMatchObject({ code: 'review_pending' });
  await approve(1);
  expect((await publish()).status).toBe('published');
  const second = await recast(scene, [bo]);
  await deliver(await leaseNext(edge), again);
  await ending(alice.api, second.id);
  expect((await page(alice.api, scene)).status).toBe('draft');
  await expectStatus(watch(scene), 404);
  await expect(publish()).rejects.toMatchObject({ code: 'review_pending' });
  await approve(2);
  expect((await publish()).status).toBe('published');
  await expectStatus(watch(scene), 200);
});

test('a remix inherits the people of its parent: they are asked, they have a say, and they leave with the parent', async () => {
  const scene = await cast(true, { rules: { words: ['pineapple'], denied: ['sexual'] } });
  const { bo, clipId } = scene;
  const dora = await castPerson(edge, bindings, `dora-${people}`);
  const wants = (prompt: string) => ask(dora.api, { remixOf: clipId, prompt });
  await expect(wants('with a pineapple')).rejects.toMatchObject({ code: 'cameo_rule' });
  const generation = await wants('at night');
  await deliver(await leaseNext(edge), rendered);
  const { clipId: remixId } = await ending(dora.api, generation.id);
  const remix = await bo.api<Clip>('GET', `/api/v1/clips/${remixId}`);
  expect(remix).toMatchObject({ status: 'draft', viewer: { isCoOwner: true }, cast: [] });
  await expect(
    dora.api('POST', `/api/v1/clips/${remixId}/publish`, { caption: 'Pineapple!' }),
  ).rejects.toMatchObject({ code: 'cameo_rule' });
  await dora.api('POST', `/api/v1/clips/${remixId}/publish`, { caption: 'Night.' });
  await expect(
    dora.api('POST', `/api/v1/clips/${remixId}/recast`, { without: [bo.handle] }),
  ).rejects.toMatchObject({ code: 'conflict' });

  const parent = await recast(scene, [bo]);
  await deliver(await leaseNext(edge), again);
  await ending(scene.alice.api, parent.id);
  const second = await dora.api<Generation>('POST', `/api/v1/clips/${remixId}/recast`, {
    without: [bo.handle],
  });
  await deliver(await leaseNext(edge), again);
  expect(await ending(dora.api, second.id)).toMatchObject({ status: 'ready', clipId: remixId });
  await revokeEverything(bo);
  await expectStatus(fetch(`${edge.url}/media/${remixId}/video.mp4`), 200);
  await expectStatus(watch(scene), 200);
  await scene.cai.api('DELETE', `/api/v1/clips/${remixId}`);
  await expectStatus(fetch(`${edge.url}/media/${remixId}/video.mp4`), 410);
});
