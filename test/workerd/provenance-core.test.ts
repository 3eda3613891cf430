/** The pure parts of the provenance worker: COSE, the manifest box, and what refusals of c2pa-rs mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFailureOf } from '#core/provenance/read-failure.ts';
import { emptyReport } from '#core/provenance/report.ts';
import { decodePem, splitCertificates } from '#workers/provenance/core/pem.ts';

const bytes = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max });

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
      verifiedAt: new Date('2026-11-22T00:00:00Z'),
      trust: { own: { name: 'ours', version: '1', issuedAt: null, pem: '' } },
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
