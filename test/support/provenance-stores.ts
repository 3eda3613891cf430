/**
 * Manifest stores made to order, and the files around them, so that the verifier can be asked about bindings no signer of ours would write.
 * Invariant: every store is properly signed by a development certificate; what is odd about it is what the test asked for. Called by
 * test/node/provenance-verify*.test.ts and test/bench/provenance-verify.ts.
 */
import { randomUUID } from 'node:crypto';
import { encode } from 'cborg';
import {
  encodeCoseSign1,
  encodeProtectedHeader,
  encodeSigStructure,
  reserveSize,
} from '#core/provenance/sign/cose.ts';
import {
  type Assertion,
  assertionBox,
  cborBox,
  concat,
  hashedPart,
  superbox,
} from '#core/provenance/sign/jumbf-writer.ts';
import { c2paUuid } from '#core/provenance/sign/uuid-box.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { decodePem } from '#workers/provenance/core/pem.ts';
import { makeSigningSecrets } from './provenance-identity.ts';

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));

/** Signs stores, and the list under which they are trusted. */
export interface StoreMaker {
  readonly trust: TrustLists;
  /** One manifest with these assertions, after the action that every manifest needs. */
  makeStore(assertions: readonly Assertion[], options?: StoreOptions): Promise<Uint8Array>;
}

export interface StoreOptions {
  readonly label?: string;
  /** Manifests of the store that come before this one. */
  readonly before?: readonly Uint8Array[];
  /** Leaves out `c2pa.created`. */
  readonly bare?: boolean;
  /** An update manifest (`c2um`). */
  readonly update?: boolean;
}

export async function storeMaker(): Promise<StoreMaker> {
  const secrets = await makeSigningSecrets();
  const [pkcs8] = decodePem(secrets.C2PA_SIGNING_KEY, 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('no key');
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ]);
  const header = encodeProtectedHeader(decodePem(secrets.C2PA_SIGNING_CHAIN, 'CERTIFICATE'));
  const sign = async (claim: Uint8Array) => {
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      new Uint8Array(encodeSigStructure(header, claim)),
    );
    return encodeCoseSign1(header, new Uint8Array(signature), reserveSize(header));
  };
  return {
    trust: {
      own: { name: 'Test root', version: '1', issuedAt: '2026-11-01', pem: secrets.C2PA_TRUST_ANCHORS },
    },
    makeStore: async (assertions, options = {}) => {
      const label = options.label ?? `urn:c2pa:${randomUUID()}`;
      const all = options.bare === true ? assertions : [created, ...assertions];
      const boxes = all.map(assertionBox);
      const references = await Promise.all(
        boxes.map(async (box, at) => ({
          url: `self#jumbf=c2pa.assertions/${all[at]?.label ?? ''}`,
          hash: await sha256(hashedPart(box)),
        })),
      );
      const claim = encode({
        instanceID: `xmp:iid:${randomUUID()}`,
        claim_generator_info: { name: 'Kinora tests', version: '1', specVersion: '2.4.0' },
        signature: 'self#jumbf=c2pa.signature',
        created_assertions: references,
        'dc:title': 'made to order',
        alg: 'sha256',
      });
      const manifest = superbox('manifest', label, [
        superbox('assertions', 'c2pa.assertions', boxes),
        cborBox('claim', 'c2pa.claim.v2', claim),
        cborBox('signature', 'c2pa.signature', await sign(claim)),
      ]);
      return superbox('store', 'c2pa', [...(options.before ?? []), manifest]);
    },
  };
}

const created: Assertion = {
  label: 'c2pa.actions.v2',
  format: 'cbor',
  data: {
    actions: [
      {
        action: 'c2pa.created',
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      },
    ],
    allActionsIncluded: true,
  },
};

/** A hash assertion. */
export function binding(label: string, data: unknown): Assertion {
  return { label, format: 'cbor', data };
}

/** A BMFF box: 32-bit size, or 64-bit where `large`. */
export function box(type: string, content: Uint8Array, large = false): Uint8Array {
  const header = new Uint8Array(large ? 16 : 8);
  const view = new DataView(header.buffer);
  view.setUint32(0, large ? 1 : header.length + content.length);
  header.set(new TextEncoder().encode(type), 4);
  if (large) view.setBigUint64(8, BigInt(header.length + content.length));
  return concat([header, content]);
}

/** A C2PA `uuid` box. */
export function c2paBox(
  purpose: 'manifest' | 'original' | 'update' | 'merkle',
  content: Uint8Array,
): Uint8Array {
  const offset = purpose === 'merkle' ? new Uint8Array() : new Uint8Array(8);
  return box(
    'uuid',
    concat([c2paUuid, new Uint8Array(4), new TextEncoder().encode(`${purpose}\0`), offset, content]),
  );
}

/** The exclusions every BMFF hash must have. */
export const mandatoryExclusions = [
  { xpath: '/uuid', data: [{ offset: 8, value: c2paUuid }] },
  { xpath: '/ftyp' },
  { xpath: '/mfra' },
] as const;

/** With the media left to a Merkle tree. */
export const merkleExclusions = [
  ...mandatoryExclusions,
  { xpath: '/mdat', subset: [{ offset: 16, length: 0 }] },
];

/** A file type box that readers of MP4 take. */
export const ftyp = box('ftyp', new TextEncoder().encode('isom\0\0\x02\0isomiso2mp41'));

/** A PNG chunk; checksums are left at nought, which nobody here looks at. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, data.length);
  head.set(new TextEncoder().encode(type), 4);
  return concat([head, data, new Uint8Array(4)]);
}

/** A RIFF chunk, padded to an even length. */
export function riffChunk(type: string, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  head.set(new TextEncoder().encode(type));
  new DataView(head.buffer).setUint32(4, data.length, true);
  return concat([head, data, new Uint8Array(data.length % 2)]);
}

/** A RIFF file of this form. */
export function riffFile(form: string, chunks: readonly Uint8Array[]): Uint8Array {
  return riffChunk('RIFF', concat([new TextEncoder().encode(form), ...chunks]));
}

/** The APP11 segments that carry a store. @see C2PA 2.4 Annex A.3.1 */
export function app11(store: Uint8Array, pieceSize = 60_000): Uint8Array {
  const segments: Uint8Array[] = [];
  for (let at = 0, sequence = 1; at < store.length; at += pieceSize, sequence++) {
    const piece = store.subarray(at, at + pieceSize);
    const repeated = sequence === 1 ? new Uint8Array() : store.subarray(0, 8);
    const head = new Uint8Array(12);
    const view = new DataView(head.buffer);
    view.setUint16(0, 0xffeb);
    view.setUint16(2, 10 + repeated.length + piece.length);
    head.set(new TextEncoder().encode('JP'), 4);
    view.setUint16(6, 0x0211);
    view.setUint32(8, sequence);
    segments.push(concat([head, repeated, piece]));
  }
  return concat(segments);
}

/** A JPEG segment. */
export function jpegSegment(marker: number, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0xff00 + marker);
  view.setUint16(2, 2 + data.length);
  return concat([head, data]);
}

/** SOI, what is given, a table, a frame header, a scan with some entropy-coded data, EOI. */
export function jpegFile(segments: readonly Uint8Array[], scan: Uint8Array): Uint8Array {
  const frame = Uint8Array.of(8, 0, 8, 0, 8, 1, 1, 0x11, 0);
  return concat([
    Uint8Array.of(0xff, 0xd8),
    ...segments,
    jpegSegment(0xdb, new Uint8Array(65).fill(1)),
    jpegSegment(0xc0, frame),
    jpegSegment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)),
    scan,
    Uint8Array.of(0xff, 0xd9),
  ]);
}
