/** The verifier as a reader of large and hostile files: few requests, little memory, and no input that makes it hang or crash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBmff } from '#core/provenance/bmff.ts';
import { MalformedContainer } from '#core/provenance/bmff-boxes.ts';
import { type ByteSource, bytesSource } from '#core/provenance/byte-source.ts';
import { digestAll } from '#core/provenance/hash-pass.ts';
import { type HashRange, hashSteps } from '#core/provenance/hash-steps.ts';
import { readJpeg } from '#core/provenance/jpeg.ts';
import { readPng } from '#core/provenance/png.ts';
import { readRiff } from '#core/provenance/riff.ts';
import { concat } from '#core/provenance/sign/jumbf-writer.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import { BeyondEnd, WindowReader } from '#core/provenance/window.ts';
import { counted, nodeDeps, verifyBytes } from '../support/provenance-oracle.ts';
import {
  bigEndian,
  bmffFile,
  bmffHash,
  media,
  moov,
  noise,
  plainHash,
  plainLayout,
  sha256,
} from '../support/provenance-shapes.ts';
import { box, c2paBox, ftyp, mandatoryExclusions, storeMaker } from '../support/provenance-stores.ts';

const maker = await storeMaker();

/** A file of which only some pieces hold anything; everything between is zeros that are never stored. */
function sparse(size: number, pieces: readonly { at: number; bytes: Uint8Array }[]): ByteSource {
  const read = async (start: number, end: number) => {
    const out = new Uint8Array(end - start);
    for (const { at, bytes } of pieces) {
      const [from, to] = [Math.max(start, at), Math.min(end, at + bytes.length)];
      if (to > from) out.set(bytes.subarray(from - at, to - at), from - start);
    }
    return out;
  };
  return {
    size,
    read,
    async *stream(start, end) {
      for (let at = start; at < end; at += 1 << 20) yield read(at, Math.min(end, at + (1 << 20)));
    },
  };
}

describe('reading a large file', () => {
  it.each([
    ['with its index in front', false],
    ['with its index behind the media', true],
  ])('takes a handful of requests: 1 GB %s', async (_, indexLast) => {
    const size = 1024 ** 3;
    const store = c2paBox('manifest', await maker.makeStore([]));
    const header = (length: number) =>
      concat([box('mdat', new Uint8Array(), false).map((byte, at) => (at < 4 ? 0 : byte))]).map((byte, at) =>
        at < 4 ? (length >>> (24 - 8 * at)) & 255 : byte,
      );
    const front = indexLast ? [ftyp, store] : [ftyp, store, moov];
    const before = concat(front);
    const mediaSize = size - before.length - (indexLast ? moov.length : 0);
    const pieces: { at: number; bytes: Uint8Array }[] = [
      { at: 0, bytes: concat([before, header(mediaSize)]) },
    ];
    if (indexLast) pieces.push({ at: size - moov.length, bytes: moov });
    const { source, reads } = counted(sparse(size, pieces));
    const result = await verifyAsset(source, 'video/mp4', maker.trust, nodeDeps, { fileSha256: false });
    expect(result.ok && result.value.report.state).toBe('Invalid');
    expect(reads.length).toBeLessThanOrEqual(4);
    // Nobody asked for the media: the manifest binds nothing, which the boxes alone tell.
    expect(reads.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(1 << 20);
  });

  it('takes a handful of requests where there are thousands of fragments', async () => {
    const fragments = Array.from({ length: 3000 }, (_, at) =>
      concat([box('moof', box('mfhd', noise(8, at))), box('mdat', noise(2000, at))]),
    );
    const file = await bmffFile(
      maker,
      (store) => [ftyp, store, moov, ...fragments.flatMap(split)],
      plainHash,
    );
    const { source, reads } = counted(bytesSource(file));
    const result = await verifyAsset(source, 'video/mp4', maker.trust, nodeDeps);
    expect(result.ok && result.value.report).toMatchObject({ state: 'Trusted' });
    expect(reads.length).toBeLessThanOrEqual(8);
  });

  it('says where the store lies and what the binding covers', async () => {
    const file = await bmffFile(maker, plainLayout, plainHash);
    const result = await verifyBytes(file, 'video/mp4', maker.trust);
    if (!result.ok) throw new Error(result.error.code);
    const { report, where, manifestStore, fileSha256, binding } = result.value;
    const [store] = where.store;
    expect(store && file.subarray(store.start, store.end)).toEqual(manifestStore);
    expect(fileSha256).toBe(Buffer.from(sha256(file)).toString('hex'));
    expect(binding).toEqual({
      label: 'c2pa.hash.bmff.v3',
      kind: 'bmff',
      result: 'match',
      covers: moov.length + media.length + 8,
      of: file.length,
    });
    expect(where.excluded).toEqual([{ start: 0, end: file.length - moov.length - media.length - 8 }]);
    const signature = report.statuses.find(({ code }) => code === 'claimSignature.validated');
    const [box0] = signature?.where ?? [];
    expect(box0 && store && box0.start > store.start && box0.end <= store.end).toBe(true);
    expect(report.trustLists).toEqual([
      { kind: 'own', name: 'Test root', version: '1', issuedAt: '2026-11-01' },
    ]);
    expect(report.trustModel).toBe('kinora');
  });

  it('says under which list a signer is trusted, the older one only where it is all there is', async () => {
    const other = await storeMaker();
    const file = await bmffFile(maker, plainLayout, plainHash);
    const ask = async (official: boolean, interim: boolean) => {
      const lists = {
        own: other.trust.own,
        ...(official ? { official: maker.trust.own } : {}),
        ...(interim ? { interim: { ...maker.trust.own, name: 'Interim' } } : {}),
      };
      const result = await verifyBytes(file, 'video/mp4', lists);
      return result.ok ? [result.value.report.state, result.value.report.trustModel] : [];
    };
    expect(await ask(false, false)).toEqual(['Valid', null]);
    expect(await ask(false, true)).toEqual(['Trusted', 'interim']);
    expect(await ask(true, true)).toEqual(['Trusted', 'c2pa']);
  });

  it('reports the address of a manifest kept elsewhere and fetches nothing', async () => {
    const xmpUuid = Uint8Array.of(
      0xbe,
      0x7a,
      0xcf,
      0xcb,
      0x97,
      0xa9,
      0x42,
      0xe8,
      0x9c,
      0x71,
      0x99,
      0x94,
      0x91,
      0xe3,
      0xaf,
      0xac,
    );
    const xmp = new TextEncoder().encode(
      '<rdf:Description dcterms:provenance="https://example.org/a?b&amp;c"/>',
    );
    const file = concat([ftyp, box('uuid', concat([xmpUuid, xmp])), moov, box('mdat', media)]);
    const result = await verifyBytes(file, 'video/mp4', maker.trust);
    expect(result.ok && result.value.report).toMatchObject({
      state: 'None',
      remoteManifestUrl: 'https://example.org/a?b&c',
      statuses: [{ code: 'manifest.inaccessible' }],
    });
  });
});

describe('hostile structure', () => {
  const type = (text: string) => new TextEncoder().encode(text);
  const u32 = (value: number) => bigEndian(value).subarray(4);
  const deep = (depth: number) => {
    let inner: Uint8Array = new Uint8Array();
    for (let level = 0; level < depth; level += 1) inner = box('moov', inner);
    return inner;
  };
  it.each<[string, Uint8Array]>([
    ['thousands of nested boxes', concat([ftyp, deep(5000)])],
    ['a box larger than its parent', concat([ftyp, box('moov', concat([u32(999), type('trak')]))])],
    ['a 64-bit size beyond every file', concat([ftyp, u32(1), type('moov'), bigEndian(2 ** 60)])],
    ['a size of one byte', concat([ftyp, u32(2), type('free'), new Uint8Array(40)])],
    [
      'a million boxes',
      concat([
        ftyp,
        new Uint8Array(2_000_000).fill(0).map((_, at) => (at % 8 === 3 ? 8 : 0x61 * Number(at % 8 > 3))),
      ]),
    ],
    ['a C2PA box without a purpose', concat([ftyp, c2paBox('manifest', new Uint8Array()).subarray(0, 30)])],
    ['a file type box alone', ftyp.subarray(0, 11)],
    ['a store of noise', concat([ftyp, c2paBox('manifest', noise(3000)), box('mdat', media)])],
    [
      'a proof that claims a giant list',
      concat([ftyp, c2paBox('merkle', Uint8Array.of(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))]),
    ],
  ])('%s is answered', async (_, bytes) => {
    const result = await verifyBytes(bytes, 'video/mp4', maker.trust);
    expect(result.ok ? result.value.report.state : result.error.code).toMatch(
      /^(Invalid|None|media_type_unsupported)$/,
    );
  });

  it('a store larger than any honest one is refused before it is read', async () => {
    const start = ftyp.length;
    const head = concat([u32(2 ** 30), c2paBox('manifest', new Uint8Array()).subarray(4)]);
    const { source, reads } = counted(
      sparse(2 ** 30 + start, [
        { at: 0, bytes: ftyp },
        { at: start, bytes: head },
      ]),
    );
    expect(await verifyAsset(source, 'video/mp4', maker.trust, nodeDeps)).toMatchObject({
      ok: false,
      error: { code: 'payload_too_large' },
    });
    expect(reads.every(([from, to]) => to - from <= 1 << 20)).toBe(true);
  });

  it('any bytes after any beginning end in an answer', async () => {
    const beginnings = [
      ftyp,
      Uint8Array.of(0xff, 0xd8),
      Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
      type('RIFF'),
    ];
    const readers = [readBmff, readJpeg, readPng, readRiff];
    await fc.assert(
      fc.asyncProperty(fc.nat(3), fc.uint8Array({ maxLength: 400 }), async (kind, tail) => {
        const [start, read] = [beginnings[kind], readers[kind]];
        if (start === undefined || read === undefined) return;
        const reader = new WindowReader(bytesSource(concat([start, tail])));
        await read(reader).catch((error: unknown) => {
          if (!(error instanceof MalformedContainer || error instanceof BeyondEnd)) throw error;
        });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the pass over the bytes', () => {
  const ranges = fc.array(
    fc
      .record({ start: fc.nat(300), length: fc.nat(60), offset: fc.boolean() })
      .map(
        ({ start, length, offset }): HashRange => (offset ? { start, length: 1, offset } : { start, length }),
      ),
    { maxLength: 12 },
  );

  it('hashes exactly what the exclusions leave, with the offsets where they belong', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, fc.integer({ min: 1, max: 70 }), async (all, chunk) => {
        const bytes = noise(400);
        // No two boxes begin at one place.
        const exclusions = all.filter(
          (one, at) =>
            one.offset !== true ||
            !all.slice(0, at).some((other) => other.offset && other.start === one.start),
        );
        const steps = hashSteps(exclusions, bytes.length);
        if (steps === null) return;
        // Byte by byte: the offset where one is due, then the byte unless it is left out.
        const offsets = new Set(exclusions.filter(({ offset }) => offset === true).map(({ start }) => start));
        const kept = Array.from(bytes.keys()).filter(
          (at) =>
            !exclusions.some((one) => one.offset !== true && at >= one.start && at < one.start + one.length),
        );
        if (kept.some((at) => offsets.has(at) && (!kept.includes(at + 1) || offsets.has(at + 1)))) return; // the single byte that gives way
        const [first = 0, last = bytes.length - 1] = [kept.at(0), kept.at(-1)];
        const keptSet = new Set(kept);
        const expected = Array.from(bytes.keys()).flatMap((at) => [
          ...(offsets.has(at) && (keptSet.has(at) || (at > first && at < last)) ? [bigEndian(at)] : []),
          ...(keptSet.has(at) ? [bytes.subarray(at, at + 1)] : []),
        ]);
        const [digest] = await digestAll(
          bytesSource(bytes, chunk),
          [{ algorithm: 'sha256', steps }],
          nodeDeps.createHasher,
        );
        expect(digest).toEqual(sha256(...expected));
      }),
      { numRuns: 500 },
    );
  });

  it('computes many digests at once, in whatever order they are asked for', async () => {
    const bytes = noise(5000);
    const spans = fc.array(
      fc.tuple(fc.nat(4900), fc.nat(100)).map(([start, length]) => ({ start, end: start + length })),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 1, max: 999 }), async (wanted, chunk) => {
        const jobs = wanted.map(({ start, end }) => ({
          algorithm: 'sha256' as const,
          steps: [{ kind: 'bytes' as const, start, end }],
        }));
        const digests = await digestAll(bytesSource(bytes, chunk), jobs, nodeDeps.createHasher);
        expect(digests).toEqual(wanted.map(({ start, end }) => sha256(bytes.subarray(start, end))));
      }),
      { numRuns: 200 },
    );
  });

  it('a whole file is its hash', async () => {
    const file = await bmffFile(maker, plainLayout, (parts) => ({
      exclusions: mandatoryExclusions,
      alg: 'sha256',
      hash: bmffHash(parts),
    }));
    const steps = hashSteps([], file.length);
    const [digest] = await digestAll(
      bytesSource(file),
      [{ algorithm: 'sha256', steps: steps ?? [] }],
      nodeDeps.createHasher,
    );
    expect(digest).toEqual(sha256(file));
  });
});

function split(fragment: Uint8Array): Uint8Array[] {
  const size = new DataView(fragment.buffer, fragment.byteOffset).getUint32(0);
  return [fragment.subarray(0, size), fragment.subarray(size)];
}
