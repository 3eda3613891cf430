/**
 * The Soft Binding Resolution API as another tool would use it: every answer is held against the shapes the specification publishes, consent decides
 * about every manifest, and drafts are not mentioned.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bindingValueOf } from '#core/fingerprint/index.ts';
import { storePaths } from '#core/provenance/jumbf.ts';
import { superbox } from '#core/provenance/sign/jumbf-writer.ts';
import { type Fingerprints, fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import { registerRendition } from '#workers/durable-credentials/register.ts';
import { watermarkIdOf } from '#workers/durable-credentials/watermark-id.ts';
import { draftClip, edge, type Person, person, publishedClip } from '../support/api-actors.ts';
import { leaseRequest, newId } from '../support/objects.ts';
import { copyOf, newFilm, randomHex } from './fingerprint-fixtures.ts';

/*
 * `components.schemas` of the OpenAPI document in C2PA 2.4, "Soft Binding Resolution API" (softbinding/Decoupled.html), with the properties it does not
 * know refused.
 */
const softBindingQueryResult = z.strictObject({
  matches: z.array(
    z.strictObject({
      manifestId: z.string(),
      endpoint: z.string().optional(),
      similarityScore: z.number().int().min(0).max(100).optional(),
    }),
  ),
});
const softBindingAlgList = z.strictObject({
  watermarks: z.array(z.strictObject({ alg: z.string() })).optional(),
  fingerprints: z.array(z.strictObject({ alg: z.string() })).optional(),
});

const markAlgorithm = 'app.kinora.ssdct.1';
const base64 = (hex: string) =>
  btoa((hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''));

interface Registered {
  readonly clipId: Id<'clip'>;
  readonly label: string;
  readonly mark: string;
  readonly film: Fingerprints;
  readonly store: Uint8Array;
}

/** A store of an ingredient and an active manifest; what is in them is not asked here. */
function storeOf(label: string): Uint8Array<ArrayBuffer> {
  const manifest = (of: string) => superbox('manifest', of, [superbox('claim', 'c2pa.claim.v2', [])]);
  return superbox('store', 'c2pa', [manifest(`urn:c2pa:${crypto.randomUUID()}`), manifest(label)]);
}

async function registered(clipId: Id<'clip'>, change: { mark?: string } = {}): Promise<Registered> {
  const label = `urn:c2pa:${crypto.randomUUID()}`;
  const sourceId = newId('gen');
  const mark = change.mark ?? (await watermarkIdOf(env.WATERMARK_KEY, sourceId));
  const [film, store, storeKey] = [newFilm(), storeOf(label), `media/${clipId}/${sourceId}/manifest.c2pa`];
  await env.MEDIA.put(storeKey, store);
  await registerRendition(env, {
    clipId,
    sourceId,
    watermarkId: mark,
    manifestLabel: label,
    storeKey,
    crJsonKey: null,
    fingerprints: film,
  });
  return { clipId, label, mark, film, store };
}

let owner: Person;
let served: Registered;
beforeAll(async () => {
  owner = await person();
  served = await registered(await publishedClip(owner));
});

const get = (path: string) =>
  edge(new Request(`http://localhost${path}`, { headers: { Origin: 'https://tool.example' } }));
const byBinding = async (alg: string, value: string, more = '') => {
  const response = await get(`/matches/byBinding?alg=${alg}&value=${encodeURIComponent(value)}${more}`);
  expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect(response.status).toBe(200);
  return softBindingQueryResult.parse(await response.json()).matches;
};
const refusalOf = async (response: Response) => {
  const body: { error: { code: string; details?: Record<string, unknown> } } = await response.json();
  return { status: response.status, ...body.error };
};

describe('byBinding', () => {
  test('a mark leads to its manifest, at half a score: nothing was compared', async () => {
    expect(await byBinding(markAlgorithm, base64(served.mark))).toEqual([
      { manifestId: served.label, similarityScore: 50 },
    ]);
    expect(await byBinding(markAlgorithm, base64('0102030405'))).toEqual([]);
  });

  test('of marks that collide every manifest is named, up to the limit', async () => {
    const mark = randomHex().slice(0, 10);
    const both = [
      await registered(await publishedClip(owner), { mark }),
      await registered(await publishedClip(owner), { mark }),
    ];
    const found = await byBinding(markAlgorithm, base64(mark));
    expect(found.map(({ manifestId }) => manifestId).sort()).toEqual(both.map(({ label }) => label).sort());
    expect(await byBinding(markAlgorithm, base64(mark), '&maxResults=1')).toHaveLength(1);
  });

  test('a hash of a frame, or several, lead to the clip, in a query and in a body', async () => {
    const value = bindingValueOf(copyOf(served.film, 20)) ?? '';
    const [match, ...others] = await byBinding(fingerprintAlgorithm, value);
    expect(others).toEqual([]);
    expect(match).toEqual({ manifestId: served.label, similarityScore: 92 });
    const [frame] = copyOf(served.film, 8).frames;
    expect(await byBinding(fingerprintAlgorithm, base64(frame?.views[0] ?? ''))).toEqual([
      { manifestId: served.label, similarityScore: 97 },
    ]);
    const posted = await edge(
      new Request('http://localhost/matches/byBinding?maxResults=3', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: 'https://tool.example' },
        body: JSON.stringify({ alg: fingerprintAlgorithm, value }),
      }),
    );
    expect(posted.status).toBe(200);
    expect(softBindingQueryResult.parse(await posted.json()).matches).toEqual([match]);
  });

  test.each([
    ['an algorithm nobody knows', 'com.example.other', 'AAAA'],
    ['a mark of another length', markAlgorithm, btoa('1234')],
    ['no base64', markAlgorithm, '!!!!!!!='],
    ['half a hash', fingerprintAlgorithm, btoa('x'.repeat(16))],
  ])('%s is refused', async (_what, alg, value) => {
    const response = await get(`/matches/byBinding?alg=${alg}&value=${encodeURIComponent(value)}`);
    expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'bad_request' });
  });

  test.each(['?alg=x', '?value=AAAA', `?alg=${markAlgorithm}&value=AAAAAAA=&maxResults=0`])(
    '%s is refused',
    async (query) => {
      expect((await get(`/matches/byBinding${query}`)).status).toBe(400);
    },
  );

  test('drafts and private clips are not mentioned', async () => {
    for (const clipId of [await draftClip(owner), await publishedClip(owner, 'private')]) {
      const hidden = await registered(clipId);
      expect(await byBinding(markAlgorithm, base64(hidden.mark))).toEqual([]);
      expect(await byBinding(fingerprintAlgorithm, bindingValueOf(hidden.film) ?? '')).toEqual([]);
      expect(await refusalOf(await get(`/manifests/${hidden.label}`))).toEqual(
        expect.objectContaining({ status: 404, code: 'not_found' }),
      );
    }
  });
});

describe('manifests', () => {
  test('a store comes whole, or only its active manifest', async () => {
    const whole = await get(`/manifests/${encodeURIComponent(served.label)}`);
    expect([whole.status, whole.headers.get('Content-Type')]).toEqual([200, 'application/c2pa']);
    expect(whole.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(served.store);
    const active = await get(`/manifests/${served.label}?returnActiveManifest=true`);
    const bytes = new Uint8Array(await active.arrayBuffer());
    const manifests = [...storePaths(bytes)].filter(([path]) => path.split('/').length === 3);
    expect(manifests.map(([path]) => path)).toEqual([`/c2pa/${served.label}`]);
    expect(storePaths(bytes).get('/c2pa')).toEqual({ start: 0, end: bytes.length });
    expect(bytes.length).toBeLessThan(served.store.length);
  });

  test('one that nobody knows is not found', async () => {
    expect(await refusalOf(await get('/manifests/urn:c2pa:nobody'))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  test('of a clip that was deleted is not served: the answer names the record of the revocation', async () => {
    const gone = await registered(await publishedClip(owner));
    expect((await get(`/manifests/${gone.label}`)).status).toBe(200);
    const deleted = await owner.browser.send('DELETE', `/api/v1/clips/${gone.clipId}`);
    expect(deleted.status).toBe(200);
    const refusal = await refusalOf(await get(`/manifests/${gone.label}`));
    expect(refusal).toMatchObject({
      status: 404,
      code: 'not_found',
      details: { record: `http://localhost/revocations/${gone.clipId}` },
    });
    const record = await get(`/revocations/${gone.clipId}?format=json`);
    expect(await record.json()).toMatchObject({ clipId: gone.clipId, revoked: true });
  });
});

describe('services', () => {
  test('name what can be asked for', async () => {
    const response = await get('/services/supportedAlgorithms');
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(softBindingAlgList.parse(await response.json())).toEqual({
      watermarks: [{ alg: markAlgorithm }],
      fingerprints: [{ alg: fingerprintAlgorithm }],
    });
  });

  test('a browser of another site may ask: the preflight says so', async () => {
    const preflight = await edge(
      new Request('http://localhost/matches/byBinding', {
        method: 'OPTIONS',
        headers: {
          Origin: 'https://tool.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      }),
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('content-type');
  });
});

describe('byContent', () => {
  const post = (body: BodyInit | null, query = '', length?: number) =>
    edge(
      new Request(`http://localhost/matches/byContent${query}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'video/mp4',
          ...(length === undefined ? {} : { 'Content-Length': String(length) }),
        },
        body,
      }),
    );
  const mp4 = Uint8Array.from([
    0,
    0,
    0,
    24,
    ...new TextEncoder().encode('ftypmp42'),
    0,
    0,
    0,
    0,
    ...new TextEncoder().encode('mp42isom'),
  ]);

  test('without a render node it says so', async () => {
    expect(await refusalOf(await post(mp4, '', mp4.length))).toMatchObject({
      status: 503,
      code: 'engine_unavailable',
    });
  });

  test('what a node sees in it leads to the clip: by fingerprint, by mark, or by one of them alone', async () => {
    await env.RENDER_QUEUE.getByName('main').lease('node-content', leaseRequest());
    const look = async (
      watermark: { id: string; confidence: number; frames: number; at: number } | null,
      fingerprints: Fingerprints | null,
      query = '',
    ) => {
      const asked = post(mp4, query, mp4.length);
      const queue = env.INSPECTION_QUEUE.getByName('main');
      const leased = await queue.lease('node-content', {
        kinds: ['media'],
        waitMs: 20_000,
        software: 'test',
      });
      if (leased === null || leased.kind !== 'media') throw new Error('nothing to look at');
      const probe = {
        kind: 'video',
        width: 720,
        height: 1280,
        durationMs: 3000,
        videoCodec: 'avc',
        audioCodec: null,
      } as const;
      const report = { probe, watermark, fingerprints, policy: null, poster: null, color: null };
      const told = await queue.complete('node-content', leased.inspectionId, leased.fence, report);
      if (!told.ok) throw new Error(told.error.code);
      const response = await asked;
      expect(response.status).toBe(200);
      return softBindingQueryResult.parse(await response.json()).matches;
    };
    const mark = { id: served.mark, confidence: 0.8, frames: 20, at: 0 };
    const found = [{ manifestId: served.label, similarityScore: 100 }];
    expect(await look(null, copyOf(served.film, 20))).toEqual(found);
    expect(await look(mark, copyOf(served.film, 20))).toEqual(found);
    expect(await look(mark, null)).toEqual([{ manifestId: served.label, similarityScore: 50 }]);
    // The mark on another picture leads nowhere: the fingerprint does not bear it out.
    expect(await look(mark, newFilm())).toEqual([]);
    expect(await look(mark, copyOf(served.film, 20), `?alg=${fingerprintAlgorithm}`)).toEqual(found);
    expect(await look(null, copyOf(served.film, 20), `?alg=${markAlgorithm}`)).toEqual([]);
    const hint = `?hintAlg=${markAlgorithm}&hintValue=${encodeURIComponent(base64(served.mark))}`;
    expect(await look(null, newFilm(), hint)).toEqual([{ manifestId: served.label, similarityScore: 50 }]);
    expect((await env.MEDIA.list({ prefix: 'uploads/' })).objects).toEqual([]);
  });

  test('what is no film, picture or sound, too long, or asked for by an unknown name is refused', async () => {
    const text = new TextEncoder().encode('hello, this is no film at all');
    expect(await refusalOf(await post(text, '', text.length))).toMatchObject({ status: 415 });
    expect(await refusalOf(await post(mp4, '', 200 * 1024 * 1024))).toMatchObject({ status: 413 });
    expect(await refusalOf(await post(mp4, '?alg=com.example.other', mp4.length))).toMatchObject({
      status: 400,
    });
  });
});
