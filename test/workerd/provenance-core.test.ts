/** The pure parts of the provenance worker: COSE, the manifest box, and what refusals of c2pa-rs mean. */
import { decode, Tagged } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeCoseSign1,
  encodeProtectedHeader,
  encodeSigStructure,
  es256SignatureBytes,
  reserveSize,
} from '#workers/provenance/core/cose.ts';
import { isWholeMp4, manifestStoreOf } from '#workers/provenance/core/manifest-store-box.ts';
import { decodePem, splitCertificates } from '#workers/provenance/core/pem.ts';
import { readFailureOf } from '#workers/provenance/core/read-failure.ts';
import { emptyReport } from '#workers/provenance/core/report.ts';
import { video } from './provenance-service.ts';

const bytes = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max });
const chain = fc.array(bytes(3000), { minLength: 1, maxLength: 4 });
const signature = fc.uint8Array({ minLength: es256SignatureBytes, maxLength: es256SignatureBytes });

describe('COSE_Sign1', () => {
  it('fills the reserved space to the byte, whatever the chain', () => {
    fc.assert(
      fc.property(chain, signature, (certificates, signed) => {
        const header = encodeProtectedHeader(certificates);
        const size = reserveSize(header);
        const sign1: unknown = decode(encodeCoseSign1(header, signed, size), { tags: Tagged.preserve(18) });
        expect(encodeCoseSign1(header, signed, size)).toHaveLength(size);
        expect(sign1).toBeInstanceOf(Tagged);
        const value: unknown = sign1 instanceof Tagged ? sign1.value : null;
        expect(value).toMatchObject([header, {}, null, signed]);
        const decoded: unknown = decode(header, { useMaps: true });
        expect(decoded).toEqual(
          new Map<number, unknown>([
            [1, -7],
            [33, certificates.length === 1 ? certificates[0] : certificates],
          ]),
        );
      }),
    );
  });

  it('is refused when the signature is not an ES256 one', () => {
    fc.assert(
      fc.property(chain, bytes(200), (certificates, signed) => {
        fc.pre(signed.length !== es256SignatureBytes);
        const header = encodeProtectedHeader(certificates);
        expect(() => encodeCoseSign1(header, signed, reserveSize(header))).toThrow('reserved');
      }),
    );
  });

  it('signs context, header and payload (RFC 9052 §4.4)', () => {
    const header = encodeProtectedHeader([Uint8Array.of(1, 2, 3)]);
    expect(decode(encodeSigStructure(header, Uint8Array.of(9)))).toEqual([
      'Signature1',
      header,
      new Uint8Array(),
      Uint8Array.of(9),
    ]);
  });
});

describe('MP4 boxes', () => {
  it('tell a whole file from anything else', () => {
    const file = video();
    expect(isWholeMp4(file)).toBe(true);
    for (const cut of [0, 1, 7, 8, 31, 32, 700, 4000, file.length - 1])
      expect(isWholeMp4(file.slice(0, cut))).toBe(false);
    expect(isWholeMp4(new Uint8Array([...file, 0]))).toBe(false);
    expect(manifestStoreOf(file)).toBeNull();
  });

  it('never run past the end, whatever the sizes say', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 0, max: 120 }), (noise, at) => {
        const copy = new Uint8Array([...video().slice(0, at), ...noise]);
        const store = manifestStoreOf(copy);
        if (store !== null) expect(store.byteOffset + store.byteLength).toBeLessThanOrEqual(copy.length);
        isWholeMp4(copy);
      }),
    );
  });

  it('may have 64-bit sizes or reach to the end of the file', () => {
    const uuid = [
      0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81,
    ];
    const body = [
      ...uuid,
      0,
      0,
      0,
      0,
      ...new TextEncoder().encode('manifest\0'),
      ...new Uint8Array(8),
      42,
      43,
    ];
    const type = [0x75, 0x75, 0x69, 0x64];
    const large = Uint8Array.from([0, 0, 0, 1, ...type, 0, 0, 0, 0, 0, 0, 0, body.length + 16, ...body]);
    expect(manifestStoreOf(large)).toEqual(Uint8Array.of(42, 43));
    expect(manifestStoreOf(Uint8Array.from([0, 0, 0, 0, ...type, ...body]))).toEqual(Uint8Array.of(42, 43));
    expect(manifestStoreOf(large.slice(0, -1))).toBeNull();
  });
});

describe('refusals of c2pa-rs', () => {
  it.each([
    ['C2pa(JumbfNotFound)', 'none'],
    ['C2pa(RemoteManifestUrl("https://example.org/m.c2pa"))', 'remote'],
    ['C2pa(UnsupportedType)', 'unsupported'],
    ['C2pa(InvalidAsset("invalid BMFF structure"))', 'unreadable'],
    ['C2pa(IoError(Error { kind: UnexpectedEof, message: "failed to fill whole buffer" }))', 'unreadable'],
    ['C2pa(InvalidClaim(C2paBlockNotFound))', 'malformed'],
    ['C2pa(JumbfParseError(InvalidJumbfHeader))', 'malformed'],
  ])('%s means %s', (thrown, kind) => {
    expect(readFailureOf(thrown)).toEqual({ kind });
    expect(readFailureOf(new Error(thrown))).toEqual({ kind });
  });

  it('are not confused with faults', () => {
    for (const fault of [
      new WebAssembly.RuntimeError('unreachable'),
      new TypeError('x'),
      undefined,
      'JumbfNotFound',
    ]) {
      expect(readFailureOf(fault)).toBeNull();
    }
  });

  it('are reported in words', () => {
    const report = emptyReport('None', 'manifest.inaccessible', {
      verifiedAt: '2026-11-22T00:00:00Z',
      trust: [],
    });
    expect(report.statuses).toEqual([
      {
        code: 'manifest.inaccessible',
        outcome: 'failure',
        explanation: 'The credentials are kept at another address and were not fetched.',
      },
    ]);
  });
});

describe('PEM', () => {
  const armoured = (label: string, text: string) =>
    `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----`;

  it('gives the bytes back in order, with line breaks of any kind', () => {
    fc.assert(
      fc.property(
        fc.array(bytes(200), { maxLength: 3 }),
        fc.constantFrom('\n', '\r\n', '\\n'),
        (blocks, lineBreak) => {
          const bundle = blocks
            .map((block) =>
              armoured('CERTIFICATE', btoa(String.fromCharCode(...block)).replace(/.{64}/g, '$&\n')),
            )
            .join('\n')
            .replaceAll('\n', lineBreak);
          expect(decodePem(bundle, 'CERTIFICATE')).toEqual(blocks);
          expect(splitCertificates(bundle)).toHaveLength(blocks.length);
          expect(decodePem(bundle, 'PRIVATE KEY')).toEqual([]);
        },
      ),
    );
  });
});
