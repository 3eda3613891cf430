/** Verifying what comes from outside: tampered, stripped, damaged and hostile files, and the public test files. */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { bytesSource } from '#core/provenance/byte-source.ts';
import { explain, explainedCodes } from '#core/provenance/explain/status-explanations.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { ok, type Result } from '#schemas/result.ts';
import { trustAnchors } from '#workers/provenance/config.ts';
import { ownTrust, verifyObject, verifySource } from '#workers/provenance/verify.ts';
import { enlarged, movieLast } from '../support/mp4-shapes.ts';
import {
  codes,
  expectOk,
  flipInMdat,
  fromBase64,
  hexDigest,
  service,
  signedClip,
  stored,
  verifyBytes,
  video,
} from './provenance-service.ts';

const reference = inject('reference');

describe('a clip that was changed after signing', () => {
  it('is Invalid when one bit of its media flips', async () => {
    const { bytes } = await signedClip();
    const report = expectOk(await verifyBytes(flipInMdat(bytes)));
    expect(report.state).toBe('Invalid');
    expect(codes(report, 'failure')).toEqual(['assertion.bmffHash.mismatch']);
    expect(report.statuses.find(({ code }) => code === 'assertion.bmffHash.mismatch')?.explanation).toBe(
      'The video was changed after it was signed.',
    );
  });

  it('is Invalid when something is appended', async () => {
    const { bytes } = await signedClip();
    const longer = new Uint8Array([...bytes, 0, 0, 0, 12, 0x6d, 0x64, 0x61, 0x74, 1, 2, 3, 4]);
    expect(expectOk(await verifyBytes(longer)).state).toBe('Invalid');
  });

  it('is Invalid when its manifest is put on another video', async () => {
    const { bytes } = await signedClip();
    const other = await signedClip({}, video('bright'));
    const report = expectOk(await verifyBytes(graft(other.bytes, bytes)));
    expect(report.state).toBe('Invalid');
    expect(codes(report, 'failure')).toContain('assertion.bmffHash.mismatch');
  });

  it('is never Trusted with other claims, whichever bit of the manifest flips, and never a crash', async () => {
    const { request, bytes } = await signedClip();
    const [start, end] = manifestBox(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: end - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const copy = bytes.slice();
          copy[at] = (copy[at] ?? 0) ^ (1 << bit);
          const result = await verifyWith(copy, 'video/mp4', inject('signingSecrets'));
          if (!result.ok) {
            expect(result.error.code).toBe('media_type_unsupported');
          } else if (result.value.state === 'Trusted') {
            const { title, revocationUrl } = request;
            expect(result.value.manifest).toMatchObject({ title, revocationUrl });
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(expectOk(await verifyBytes(bytes)).state).toBe('Trusted');
  });
});

describe('files without a readable manifest', () => {
  it('are None when there is none', async () => {
    const report = expectOk(await verifyBytes(video()));
    expect(report).toMatchObject({ state: 'None', manifest: null, statuses: [] });
  });

  it('are None when it was stripped', async () => {
    const { bytes } = await signedClip();
    const [start, end] = manifestBox(bytes);
    // As a tool does that knows nothing of C2PA: the box becomes padding.
    const stripped = bytes.slice();
    stripped.set(new TextEncoder().encode('free'), start + 4);
    stripped.fill(0, start + 8, end);
    expect(expectOk(await verifyBytes(stripped)).state).toBe('None');
  });

  it.each([
    ['text', new TextEncoder().encode('not a video at all'), 'video/mp4'],
    ['nothing', new Uint8Array(), 'video/mp4'],
    ['noise', crypto.getRandomValues(new Uint8Array(5000)), 'video/mp4'],
    ['an MP4 cut off within its index', video().subarray(0, 700), 'video/mp4'],
    ['a kind of file nobody knows', new TextEncoder().encode('anything'), 'text/x-unheard-of'],
  ])('are refused with a code: %s', async (_, bytes, mediaType) => {
    expect(await verifyBytes(bytes, mediaType)).toMatchObject({
      ok: false,
      error: { code: 'media_type_unsupported' },
    });
  });

  it('are not found', async () => {
    expect(await service.verify('no/such/key', 'video/mp4')).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });
});

describe.skipIf(reference === null)(
  'public test files (KINORA_TESTDATA; skipped where the folder is absent)',
  () => {
    const trust = { C2PA_TRUST_ANCHORS: reference?.anchors ?? '' };

    it.each(reference?.files ?? [])(
      '$name: the verdict of c2pa-wasm',
      async ({ base64, mediaType, expected }) => {
        const result = await verifyWith(fromBase64(base64), mediaType, trust);
        if ('state' in expected) {
          const report = expectOk(result);
          expect(report.state).toBe(expected.state);
          const own = report.statuses.filter(
            (one) => one.outcome === 'failure' && one.ingredient === undefined,
          );
          expect(own.map(({ code, url }) => `${code} ${url ?? ''}`)).toEqual(expected.failures);
          expect(report.manifest).not.toBeNull();
          expect(
            report.statuses.filter(({ explanation }) => explanation === explain('no such code')),
          ).toEqual([]);
        } else if (expected.thrown.includes('JumbfNotFound')) {
          expect(expectOk(result)).toMatchObject({ state: 'None', manifest: null });
        } else {
          expect(result).toMatchObject({ ok: false, error: { code: 'media_type_unsupported' } });
        }
      },
    );

    it('leave the worker able to verify a good file', async () => {
      const { request } = await signedClip();
      expect(expectOk(await service.verify(request.targetKey, 'video/mp4')).state).toBe('Trusted');
      await env.MEDIA.delete(request.targetKey);
    });
  },
);

describe('a large object', () => {
  const trust = () => ownTrust(trustAnchors(inject('signingSecrets')));

  it('is verified with a handful of requests, none of which asks for all of it at once', async () => {
    const { request } = await signedClip({}, movieLast(enlarged(video(), 16 * 1024 * 1024)));
    const { bucket, ranges } = counting(env.MEDIA);
    const result = expectOk(await verifyObject(bucket, request.targetKey, 'video/mp4', trust()));
    expect(result.report).toMatchObject({ state: 'Trusted', trustModel: 'kinora' });
    expect(result.binding).toMatchObject({ kind: 'bmff', result: 'match' });
    expect(ranges.length).toBeLessThanOrEqual(8);
    // Few of them are read whole; the rest of the file goes by as a stream.
    expect(ranges.filter(({ length }) => length > 8 * 1024 * 1024)).toHaveLength(1);
    expect(result.fileSha256).toBe(await hexDigest(await stored(request.targetKey)));
    await env.MEDIA.delete([request.targetKey, request.sourceKey]);
  });

  it('that is replaced while it is read is a conflict, never a verdict over two versions', async () => {
    const { request, bytes } = await signedClip();
    const { bucket } = counting(env.MEDIA, async () => {
      await env.MEDIA.put(request.targetKey, flipInMdat(bytes));
    });
    expect(await verifyObject(bucket, request.targetKey, 'video/mp4', trust())).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
  });
});

describe('explanations', () => {
  it('are one sentence each, and codes not known yet get a general one', () => {
    for (const code of explainedCodes) expect(explain(code)).toMatch(/^[A-Z].*[.]$/);
    expect(explainedCodes).not.toContain('added.in.2027');
    expect(explain('added.in.2027')).toMatch(/no words/);
    expect(explain('constructor')).toMatch(/no words/);
  });
});

/** As the worker verifies, without R2 between. */
async function verifyWith(
  bytes: Uint8Array,
  mediaType: string,
  secrets: { readonly C2PA_TRUST_ANCHORS: string },
): Promise<Result<ProvenanceReport>> {
  const result = await verifySource(bytesSource(bytes), mediaType, ownTrust(trustAnchors(secrets)));
  return result.ok ? ok(result.value.report) : result;
}

/** Offsets of the C2PA `uuid` box in a signed MP4. */
function manifestBox(bytes: Uint8Array): [start: number, end: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; at += view.getUint32(at)) {
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === 'uuid')
      return [at, at + view.getUint32(at)];
  }
  throw new Error('the file has no uuid box');
}

/** The bucket with every ranged read noted, and something that happens after the first. */
function counting(bucket: R2Bucket, afterFirst: () => Promise<void> = async () => {}) {
  const ranges: { readonly offset: number; readonly length: number }[] = [];
  const get: R2Bucket['get'] = async (key: string, options?: R2GetOptions) => {
    const { offset = 0, length = 0 } = (options?.range ?? {}) as { offset?: number; length?: number };
    ranges.push({ offset, length });
    if (ranges.length === 2) await afterFirst();
    return bucket.get(key, options);
  };
  return { ranges, bucket: Object.assign(Object.create(bucket), { get, head: bucket.head.bind(bucket) }) };
}

/** `onto` with its manifest box replaced by the one of `from`. */
function graft(onto: Uint8Array, from: Uint8Array): Uint8Array {
  const [ontoStart, ontoEnd] = manifestBox(onto);
  const [fromStart, fromEnd] = manifestBox(from);
  return new Uint8Array([
    ...onto.subarray(0, ontoStart),
    ...from.subarray(fromStart, fromEnd),
    ...onto.subarray(ontoEnd),
  ]);
}
