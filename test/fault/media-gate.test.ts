/**
 * The media gate over real renditions: ranges, revalidation, who may see what, and a deletion that nothing outruns. Real signing, so both
 * Workers run.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clip, ReceiptBody } from '#schemas/http/clips.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { type ApiClient, createClient } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  nothingIn,
  uploadAll,
} from '../support/generation-run.ts';
import { makeRendered, type Rendered } from '../support/rendered.ts';

let edge: Edge;
let rendered: Rendered;
let owner: ApiClient;
let stranger: ApiClient;

beforeAll(async () => {
  [edge, rendered] = await Promise.all([startEdge({ RENDER_LEASE_MS: '5000' }), makeRendered()]);
  await edge.node.lease();
  owner = await edge.signIn('owner');
  stranger = await edge.signIn('stranger');
});
afterAll(() => edge.stop());

async function draft(api: ApiClient, change: Record<string, unknown> = {}): Promise<Clip> {
  const generation = await ask(api, change);
  const job = await leaseNext(edge);
  await uploadAll(edge, job, rendered);
  await expectStatus(edge.node.complete(job, rendered.output), 200);
  const end = await ending(api, generation.id);
  return api<Clip>('GET', `/api/v1/clips/${end.clipId}`);
}

async function published(
  api: ApiClient,
  change: Record<string, unknown> = {},
  input: object = {},
): Promise<Clip> {
  return api<Clip>('POST', `/api/v1/clips/${(await draft(api, change)).id}/publish`, {
    caption: 'Here.',
    ...input,
  });
}

const get = (clip: Clip, headers: Record<string, string> = {}, path = clip.media.video) =>
  fetch(`${edge.url}${path}`, { headers });

describe('ranges', () => {
  let clip: Clip;
  let whole: Uint8Array;
  beforeAll(async () => {
    clip = await published(owner);
    whole = new Uint8Array(await (await expectStatus(get(clip), 200)).arrayBuffer());
  });

  test.each([
    ['bytes=100-199', 100, 200],
    ['bytes=0-0', 0, 1],
    ['bytes=-50', -50, undefined],
    ['bytes=500-', 500, undefined],
    ['bytes=10-999999999', 10, undefined],
  ])('%s', async (range, from, to) => {
    const answer = await expectStatus(get(clip, { range }), 206);
    const expected = whole.slice(from, to);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(expected);
    const start = from < 0 ? whole.length + from : from;
    expect(answer.headers.get('content-range')).toBe(
      `bytes ${start}-${start + expected.length - 1}/${whole.length}`,
    );
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  });

  test.each(['bytes=999999999-', 'bytes=5-2', 'bytes=abc', 'bytes=-'])(
    '%s makes no sense: 416 with the size',
    async (range) => {
      const answer = await expectStatus(get(clip, { range }), 416);
      expect(answer.headers.get('content-range')).toBe(`bytes */${whole.length}`);
      expect(await answer.json()).toMatchObject({ error: { code: 'range_not_satisfiable' } });
    },
  );

  test('several ranges or another unit: the whole file', async () => {
    for (const range of ['bytes=0-1,5-6', 'lines=1-2']) await expectStatus(get(clip, { range }), 200);
  });

  test('an unchanged file is not sent again, a changed one is sent whole', async () => {
    const etag = (await get(clip)).headers.get('etag') ?? '';
    await expectStatus(get(clip, { 'if-none-match': etag }), 304);
    await expectStatus(get(clip, { range: 'bytes=0-9', 'if-range': etag }), 206);
    await expectStatus(get(clip, { range: 'bytes=0-9', 'if-range': '"another"' }), 200);
  });

  test('HEAD tells the size and sends nothing', async () => {
    const answer = await expectStatus(fetch(`${edge.url}${clip.media.video}`, { method: 'HEAD' }), 200);
    expect(answer.headers.get('content-length')).toBe(String(whole.length));
    expect((await answer.arrayBuffer()).byteLength).toBe(0);
  });

  test('the stored rendition verifies, and its manifest can be downloaded', async () => {
    const report = await createClient(edge.url)<ProvenanceReport>(
      'GET',
      `/api/v1/clips/${clip.id}/provenance`,
    );
    expect(report.state).toBe('Trusted');
    const manifest = await expectStatus(get(clip, {}, clip.media.manifest), 200);
    expect(manifest.headers.get('content-type')).toBe('application/c2pa');
  });
});

describe('who may see it', () => {
  test('a draft: its owner only', async () => {
    const clip = await draft(owner);
    await expectStatus(get(clip), 404);
    await expect(stranger('GET', `/api/v1/clips/${clip.id}`)).rejects.toMatchObject({ code: 'not_found' });
    await expect(stranger('POST', `/api/v1/clips/${clip.id}/publish`, {})).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(stranger('DELETE', `/api/v1/clips/${clip.id}`)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      stranger('POST', '/api/v1/generations', { prompt: 'mine now', remixOf: clip.id }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect((await owner<Clip>('GET', `/api/v1/clips/${clip.id}`)).prompt).toBe('a ball');
  });

  test('a published clip: everyone, its prompt nobody else unless shown', async () => {
    const hidden = await published(owner);
    await expectStatus(get(hidden), 200);
    expect((await stranger<Clip>('GET', `/api/v1/clips/${hidden.id}`)).prompt).toBeNull();
    const shown = await published(owner, {}, { showPrompt: true });
    expect((await stranger<Clip>('GET', `/api/v1/clips/${shown.id}`)).prompt).toBe('a ball');
    await expect(stranger('DELETE', `/api/v1/clips/${shown.id}`)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  test('a private clip: its owner only, at once when it is made private', async () => {
    const clip = await published(owner);
    await expectStatus(get(clip), 200);
    await owner('POST', `/api/v1/clips/${clip.id}/publish`, { visibility: 'private' });
    await expectStatus(get(clip), 404);
  });
});

describe('deleting', () => {
  test('stops video, poster, manifest, page and listing before it answers, and leaves a public record', async () => {
    const clip = await published(owner);
    const etag = (await get(clip)).headers.get('etag') ?? '';
    const receipt = await owner<ReceiptBody>('DELETE', `/api/v1/clips/${clip.id}`);
    for (const path of [clip.media.video, clip.media.poster, clip.media.manifest])
      await expectStatus(get(clip, { 'if-none-match': etag, range: 'bytes=0-9' }, path), 410);
    await expect(stranger('GET', `/api/v1/clips/${clip.id}`)).rejects.toMatchObject({ code: 'clip_deleted' });
    const { items } = await createClient(edge.url)<{ items: Clip[] }>(
      'GET',
      '/api/v1/feed?mode=recent&limit=50',
    );
    expect(items.map((item) => item.id)).not.toContain(clip.id);
    const record = await createClient(edge.url)<{ revoked: boolean; revocation: { hash: string } }>(
      'GET',
      `/revocations/${clip.id}`,
    );
    expect(record).toMatchObject({
      revoked: true,
      revocation: { hash: receipt.hash, position: receipt.position },
    });
    expect(await owner<ReceiptBody>('DELETE', `/api/v1/clips/${clip.id}`)).toEqual(receipt);
    await nothingIn(edge, `media/${clip.id}/`);
  });

  test('stops ten viewers who are already asking', async () => {
    const clip = await published(owner);
    await get(clip);
    let answered = Number.POSITIVE_INFINITY;
    const late: number[] = [];
    const viewer = async () => {
      for (let request = 0; request < 10; request += 1) {
        const started = performance.now();
        const { status, body } = await get(clip, { range: 'bytes=0-99' });
        await body?.cancel();
        if (started > answered) late.push(status);
      }
    };
    const viewers = Array.from({ length: 10 }, viewer);
    await owner('DELETE', `/api/v1/clips/${clip.id}`);
    answered = performance.now();
    await Promise.all([...viewers, viewer()]);
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late)).toEqual(new Set([410]));
  });

  test('reaches the remixes, which carry their parent’s keys', async () => {
    const parent = await published(owner, {}, { showPrompt: true });
    const remix = await published(stranger, { remixOf: parent.id, prompt: 'at night' });
    expect(remix.parent).toMatchObject({ id: parent.id, handle: 'owner' });
    await expectStatus(get(remix), 200);
    const { manifest } = await createClient(edge.url)<ProvenanceReport>(
      'GET',
      `/api/v1/clips/${remix.id}/provenance`,
    );
    expect(manifest?.ingredients).toMatchObject([{ clipId: parent.id, relationship: 'inputTo' }]);
    await owner('DELETE', `/api/v1/clips/${parent.id}`);
    await expectStatus(get(remix), 410);
    await eventually('the feed without it', async () => {
      const { items } = await createClient(edge.url)<{ items: Clip[] }>(
        'GET',
        '/api/v1/feed?mode=recent&limit=50',
      );
      return items.some((item) => item.id === remix.id) ? null : true;
    });
  });

  test('while a remix is being made: the remix never becomes a draft', async () => {
    const parent = await published(owner);
    const generation = await ask(stranger, { remixOf: parent.id, prompt: 'too late' });
    const job = await leaseNext(edge);
    await uploadAll(edge, job, rendered);
    await owner('DELETE', `/api/v1/clips/${parent.id}`);
    await expectStatus(edge.node.complete(job, rendered.output), 200);
    const end = await ending(stranger, generation.id);
    expect(end.clipId).toBeUndefined();
    expect(['quarantined', 'failed']).toContain(end.status);
  });

  test('a locked clip is watched and not remixed', async () => {
    const clip = await published(owner);
    await owner('POST', `/api/v1/clips/${clip.id}/lock`);
    await expectStatus(get(clip), 200);
    await expect(
      stranger('POST', '/api/v1/generations', { prompt: 'x', remixOf: clip.id }),
    ).rejects.toMatchObject({ code: 'clip_locked' });
    await owner('DELETE', `/api/v1/clips/${clip.id}/lock`);
    const generation = await ask(stranger, { remixOf: clip.id, prompt: 'x' });
    await stranger('DELETE', `/api/v1/generations/${generation.id}`);
  });
});

describe('asking for what cannot be', () => {
  const wrong: [string, Record<string, unknown>, string][] = [
    ['an empty prompt', { prompt: '  ' }, 'bad_request'],
    ['a prompt over the limit', { prompt: 'x'.repeat(2001) }, 'bad_request'],
    ['a prompt of another type', { prompt: 7 }, 'bad_request'],
    ['too many seconds', { prompt: 'x', seconds: 21 }, 'bad_request'],
    ['seconds as text', { prompt: 'x', seconds: '10' }, 'bad_request'],
    ['a size nobody offers', { prompt: 'x', size: '1x1' }, 'bad_request'],
    ['a field that does not exist', { prompt: 'x', sedonds: 4 }, 'bad_request'],
    ['an engine that does not exist', { prompt: 'x', engine: 'dream' }, 'capability_missing'],
    [
      'a parent that does not exist',
      { prompt: 'x', remixOf: 'clip_01jd0000000000000000000000' },
      'not_found',
    ],
    ['a parent that is no id', { prompt: 'x', remixOf: '../../etc' }, 'bad_request'],
    ['somebody who did not agree', { prompt: 'x', cameos: ['owner'] }, 'consent_denied'],
  ];
  test.each(wrong)('%s', async (_, body, code) => {
    const api = await edge.signIn('mistaken');
    await expect(api('POST', '/api/v1/generations', body)).rejects.toMatchObject({ code });
    const { credits } = await api<{ credits: { held: number; used: number } }>('GET', '/api/v1/me');
    expect(credits).toMatchObject({ held: 0, used: 0 });
  });

  test('the same key for another request', async () => {
    const headers = { 'idempotency-key': 'once' };
    const api = await edge.signIn('repeating');
    const first = await api<{ id: string }>('POST', '/api/v1/generations', { prompt: 'a' }, headers);
    expect((await api<{ id: string }>('POST', '/api/v1/generations', { prompt: 'a' }, headers)).id).toBe(
      first.id,
    );
    await expect(api('POST', '/api/v1/generations', { prompt: 'b' }, headers)).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    await api('DELETE', `/api/v1/generations/${first.id}`);
  });
});
