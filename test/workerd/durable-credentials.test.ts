/** Registering, recovering and forgetting renditions, and the ids of marks. */
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { manifests, watermarks } from '#schemas/tables.ts';
import { recover } from '#workers/durable-credentials/recover.ts';
import { forgetRendition, type Rendition, registerRendition } from '#workers/durable-credentials/register.ts';
import { carrierKey, watermarkIdOf } from '#workers/durable-credentials/watermark-id.ts';
import { database } from '#workers/store/database.ts';
import { newId } from '../support/objects.ts';
import { copyOf, newFilm, randomHex } from './fingerprint-fixtures.ts';

type WithFilm = Rendition & { readonly fingerprints: Fingerprints; readonly watermarkId: string };

async function rendition(change: Partial<WithFilm> = {}): Promise<WithFilm> {
  const sourceId = newId('gen');
  const one: WithFilm = {
    clipId: newId('clip'),
    sourceId,
    watermarkId: await watermarkIdOf(env.WATERMARK_KEY, sourceId),
    manifestLabel: `urn:c2pa:${crypto.randomUUID()}`,
    storeKey: `media/${sourceId}/manifest.c2pa`,
    crJsonKey: null,
    fingerprints: newFilm(),
    ...change,
  };
  await registerRendition(env, one);
  return one;
}
const seen = (id: string | null, fingerprints: Fingerprints | null) => ({
  watermark: id === null ? null : { id, confidence: 0.8 },
  fingerprints,
});

describe('the id of a mark', () => {
  test('is five bytes of an HMAC under the key, the same every time', async () => {
    const generationId = newId('gen');
    const key = Uint8Array.from(atob(env.WATERMARK_KEY), (char) => char.charCodeAt(0));
    const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]);
    const mac = await crypto.subtle.sign(
      'HMAC',
      hmac,
      new TextEncoder().encode(`watermark-id:${generationId}`),
    );
    const expected = [...new Uint8Array(mac).slice(0, 5)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    expect(await watermarkIdOf(env.WATERMARK_KEY, generationId)).toBe(expected);
    expect(await watermarkIdOf(env.WATERMARK_KEY, newId('gen'))).not.toBe(expected);
    expect(await watermarkIdOf(btoa('x'.repeat(32)), generationId)).not.toBe(expected);
  });

  test('what a node gets to draw carriers from is 32 bytes and not the key; a broken key is named', async () => {
    const key = await carrierKey(env.WATERMARK_KEY);
    expect(atob(key)).toHaveLength(32);
    expect(key).not.toBe(env.WATERMARK_KEY);
    await expect(carrierKey(btoa('short'))).rejects.toThrow('WATERMARK_KEY');
  });
});

describe('recovery', () => {
  test('by the mark, when the fingerprint agrees', async () => {
    const { clipId, manifestLabel, storeKey, watermarkId, fingerprints } = await rendition();
    expect(await recover(env, seen(watermarkId, copyOf(fingerprints, 20)))).toEqual({
      clipId,
      manifestLabel,
      storeKey,
      similarity: 100,
      audio: null,
      by: 'watermark',
    });
  });

  test('by the mark, when it was edited too far to be found otherwise and three frames still agree', async () => {
    const { clipId, watermarkId, fingerprints } = await rendition();
    const heavy = {
      ...fingerprints,
      frames: [...copyOf(fingerprints, 10, 0, 3).frames, ...newFilm(3).frames.slice(0, 4)],
    };
    expect(await recover(env, seen(null, heavy))).toBeNull();
    expect(await recover(env, seen(watermarkId, heavy))).toMatchObject({
      clipId,
      by: 'watermark',
      similarity: 43,
    });
  });

  test('by the fingerprint alone, when the mark is gone', async () => {
    const { clipId, manifestLabel, fingerprints } = await rendition();
    expect(await recover(env, seen(null, copyOf(fingerprints, 25)))).toMatchObject({
      clipId,
      manifestLabel,
      by: 'fingerprint',
    });
  });

  test('not by the mark alone: without a fingerprint nothing is recovered', async () => {
    const { watermarkId } = await rendition();
    expect(await recover(env, seen(watermarkId, null))).toBeNull();
  });

  test('a mark on another picture is a contradiction, also when that picture is another clip of ours', async () => {
    const [marked, other] = [await rendition(), await rendition()];
    const contradiction = { contradiction: 'mark-without-fingerprint', clipId: marked.clipId, similarity: 0 };
    expect(await recover(env, seen(marked.watermarkId, newFilm()))).toEqual(contradiction);
    expect(await recover(env, seen(marked.watermarkId, other.fingerprints))).toEqual(contradiction);
  });

  test('of a picture of which too little is left to tell nothing is said', async () => {
    const { watermarkId } = await rendition();
    expect(await recover(env, seen(watermarkId, newFilm(1)))).toBeNull();
  });

  test('a mark that nobody registered says nothing', async () => {
    expect(await recover(env, seen(randomHex().slice(0, 10), newFilm()))).toBeNull();
  });

  test('of two clips whose marks collide the one that agrees', async () => {
    const first = await rendition();
    const second = await rendition({ watermarkId: first.watermarkId });
    for (const { clipId, fingerprints } of [first, second]) {
      expect(await recover(env, seen(first.watermarkId, copyOf(fingerprints, 12)))).toMatchObject({
        clipId,
        by: 'watermark',
      });
    }
  });
});

describe('registering and forgetting', () => {
  const rowsOf = async ({ clipId }: Rendition) => ({
    marks: await database(env).select().from(watermarks).where(eq(watermarks.clipId, clipId)),
    stores: await database(env).select().from(manifests).where(eq(manifests.clipId, clipId)),
  });

  test('twice is once; a clip that came as an upload has no mark of ours', async () => {
    const one = await rendition();
    await registerRendition(env, one);
    expect(await rowsOf(one)).toMatchObject({
      marks: [{ generationId: one.sourceId }],
      stores: [{ storeKey: one.storeKey, uploadId: null }],
    });
    const uploadId = createId('upl', Date.now());
    const upload = { ...(await rendition()), clipId: newId('clip'), sourceId: uploadId, watermarkId: null };
    await registerRendition(env, { ...upload, manifestLabel: 'urn:c2pa:upload' });
    expect(await rowsOf(upload)).toMatchObject({
      marks: [],
      stores: [{ label: 'urn:c2pa:upload', uploadId }],
    });
  });

  test('what is forgotten is found by nothing, and nobody registers it again; the label leads to the clip still', async () => {
    const one = await rendition();
    expect(await forgetRendition(env, one.clipId)).toEqual({ fingerprints: 1, credentials: 2 });
    expect(await forgetRendition(env, one.clipId)).toEqual({ fingerprints: 0, credentials: 0 });
    expect(await recover(env, seen(one.watermarkId, one.fingerprints))).toBeNull();
    await registerRendition(env, { ...one, sourceId: newId('gen'), manifestLabel: 'urn:c2pa:late' });
    expect(await rowsOf(one)).toMatchObject({
      marks: [],
      stores: [{ label: one.manifestLabel, storeKey: '' }],
    });
    expect(await fingerprintIndexOf(env).match(one.fingerprints, 1)).toEqual([]);
  });
});
