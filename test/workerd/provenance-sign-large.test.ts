/** Clips that are larger than a part of an upload: written in parts, by several callers, through crashes. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it } from 'vitest';
import { signRendition } from '#workers/provenance/sign.ts';
import { chunkOffsets, enlarged, movieLast, topBoxes } from '../support/mp4-shapes.ts';
import {
  codes,
  expectOk,
  hexDigest,
  localDeps,
  service,
  signRequest,
  stored,
  storeIn,
  video,
} from './provenance-service.ts';

const megabyte = 1024 * 1024;

/** A bucket on which one method does something else. */
function bucketWith(replace: Partial<Record<keyof R2Bucket, unknown>>): R2Bucket {
  return new Proxy(env.MEDIA, {
    get(target, name) {
      const own: unknown = Reflect.get(replace, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Uploads that break at a point: `complete` or the n-th part. */
function breakingUploads(breaks: { complete?: boolean; part?: number }): R2Bucket {
  return bucketWith({
    createMultipartUpload: async (...call: Parameters<R2Bucket['createMultipartUpload']>) => {
      const upload = await env.MEDIA.createMultipartUpload(...call);
      return {
        key: upload.key,
        uploadId: upload.uploadId,
        abort: () => upload.abort(),
        uploadPart: (part: number, bytes: Uint8Array) =>
          part === breaks.part ? Promise.reject(new Error('part lost')) : upload.uploadPart(part, bytes),
        complete: (parts: R2UploadedPart[]) =>
          breaks.complete === true ? Promise.reject(new Error('crash')) : upload.complete(parts),
      };
    },
  });
}

describe('a large clip', () => {
  it.each([
    ['with its movie header first', (extra: number) => enlarged(video(), extra), 12 * megabyte + 17],
    ['with its movie header last', (extra: number) => movieLastOf(enlarged(video(), extra)), 6 * megabyte],
  ])('%s is signed, Trusted, and its samples are where its tables say', async (_, make, extra) => {
    const source = make(extra);
    const request = await signRequest({}, source);
    const rendition = expectOk(await service.sign(request));
    const signed = await stored(request.targetKey);
    expect(rendition.report.state).toBe('Trusted');
    expect(codes(rendition.report, 'success')).toContain('assertion.bmffHash.match');
    expect(rendition.size).toBe(signed.length);
    expect(rendition.sha256).toBe(await hexDigest(signed));
    expect(await stored(request.manifestKey)).toEqual(await storeIn(signed));
    expect(topBoxes(signed).map(({ type }) => type)).toEqual([
      'ftyp',
      'uuid',
      ...topBoxes(source)
        .slice(1)
        .map(({ type }) => type),
    ]);
    const [before, after] = [chunkOffsets(source), chunkOffsets(signed)];
    expect(after).toHaveLength(before.length);
    for (const [at, { offset }] of before.entries()) {
      const moved = after[at]?.offset ?? 0;
      expect(signed.subarray(moved, moved + 64)).toEqual(source.subarray(offset, offset + 64));
    }
  });

  it('is one file, whoever signs it and however often', async () => {
    const request = await signRequest({}, enlarged(video(), 6 * megabyte));
    const results = await Promise.all(Array.from({ length: 3 }, () => service.sign(request)));
    const answers = results.map((result) => expectOk(result));
    const late = expectOk(await service.sign(request));
    const digest = await hexDigest(await stored(request.targetKey));
    expect(new Set([...answers, late].map(({ sha256 }) => sha256))).toEqual(new Set([digest]));
  });

  it.each([
    ['before its upload was completed', { complete: true }],
    ['when its first part was lost', { part: 1 }],
  ])(
    'that was dropped %s is finished by the next call, with the manifest that was agreed on',
    async (_, breaks) => {
      const request = await signRequest({}, enlarged(video(), 8 * megabyte));
      const deps = await localDeps(inject('signingSecrets'));
      await expect(signRendition(request, { ...deps, bucket: breakingUploads(breaks) })).rejects.toThrow();
      expect(await env.MEDIA.head(request.targetKey)).toBeNull();
      const agreed = await stored(request.manifestKey);
      const { report } = expectOk(await service.sign(request));
      expect(report.state).toBe('Trusted');
      expect(await storeIn(await stored(request.targetKey))).toEqual(agreed);
    },
  );

  it('leaves nothing when a part in the middle is lost', async () => {
    const request = await signRequest({}, enlarged(video(), 16 * megabyte));
    const deps = await localDeps(inject('signingSecrets'));
    await expect(signRendition(request, { ...deps, bucket: breakingUploads({ part: 2 }) })).rejects.toThrow(
      'lost',
    );
    expect(await env.MEDIA.head(request.targetKey)).toBeNull();
    expect(await env.MEDIA.head(request.manifestKey)).toBeNull();
  });

  it('leaves nothing when the signer is not trusted', async () => {
    const request = await signRequest({}, enlarged(video(), 6 * megabyte));
    const [ours, stranger] = [
      await localDeps(inject('signingSecrets')),
      await localDeps(inject('strangerSecrets')),
    ];
    const result = await signRendition(request, { ...ours, signer: stranger.signer });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'provenance_failed', details: { state: 'Valid' } },
    });
    expect(await env.MEDIA.head(request.targetKey)).toBeNull();
    expect(await env.MEDIA.head(request.manifestKey)).toBeNull();
  });

  it('is signed anew if its source changes while it is read', async () => {
    const request = await signRequest({}, enlarged(video(), 6 * megabyte));
    const deps = await localDeps(inject('signingSecrets'));
    const next = enlarged(video('bright'), 6 * megabyte);
    let changed = false;
    const bucket = bucketWith({
      get: async (...call: Parameters<R2Bucket['get']>) => {
        if (!changed && call[0] === request.sourceKey) {
          changed = true;
          await env.MEDIA.put(request.sourceKey, next);
        }
        return env.MEDIA.get(...call);
      },
    });
    const { report } = expectOk(await signRendition(request, { ...deps, bucket }));
    expect(report.state).toBe('Trusted');
    expect((await stored(request.targetKey)).subarray(-64)).toEqual(next.subarray(-64));
  });
});

/** Large arrays cannot be spread. */
function movieLastOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const media = topBoxes(bytes).find(({ type }) => type === 'mdat');
  const small = movieLast(video());
  const [fileType, , movie] = topBoxes(small);
  if (media === undefined || fileType === undefined || movie === undefined) throw new Error('an odd film');
  const all = new Uint8Array(bytes.length);
  all.set(small.subarray(0, fileType.end));
  all.set(bytes.subarray(media.start), fileType.end);
  all.set(small.subarray(movie.start, movie.end), fileType.end + media.end - media.start);
  return all;
}
