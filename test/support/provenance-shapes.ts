/**
 * Files of every kind around made-to-order stores, with the hashes computed the plain way over bytes in memory. Invariant: nothing of the
 * verifier under test is used to say what is right. Called by test/node/provenance-verify*.test.ts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { encode } from 'cborg';
import { concat } from '#core/provenance/sign/jumbf-writer.ts';
import {
  app11,
  binding,
  box,
  c2paBox,
  ftyp,
  jpegFile,
  jpegSegment,
  mandatoryExclusions,
  pngChunk,
  riffChunk,
  riffFile,
  type StoreMaker,
} from './provenance-stores.ts';

export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** Bytes that look random and are the same every time. No 0xff, so that they may stand in a JPEG scan. */
export function noise(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed * 2_654_435_761;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = (state >>> 24) % 255;
  }
  return bytes;
}

/** The same file with one bit another. */
export function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

export interface Placed {
  readonly type: string;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Top-level boxes with where they begin. */
export function placed(parts: readonly Uint8Array[]): Placed[] {
  let at = 0;
  return parts.map((bytes) => {
    at += bytes.length;
    return { type: new TextDecoder('latin1').decode(bytes.subarray(4, 8)), start: at - bytes.length, bytes };
  });
}

export function bigEndian(offset: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(offset));
  return bytes;
}

/** The BMFF hash: what the mandatory exclusions leave, with offsets from version 2 on. @param cut how much of a box of this type counts */
export function bmffHash(
  parts: readonly Placed[],
  { version = 3, cut = {} }: { version?: number; cut?: Readonly<Record<string, number>> } = {},
): Uint8Array {
  return sha256(
    ...parts
      .filter(({ type }) => type !== 'ftyp' && type !== 'uuid' && type !== 'mfra')
      .flatMap(({ start, bytes, type }) => [
        ...(version > 1 ? [bigEndian(start)] : []),
        bytes.subarray(0, cut[type] ?? bytes.length),
      ]),
  );
}

export const moov = box(
  'moov',
  concat([
    box('mvhd', noise(100, 2)),
    box('trak', concat([box('tkhd', noise(84, 3)), box('mdia', box('mdhd', noise(24, 4)))])),
  ]),
);
export const media = noise(50_000, 5);
/** What an MP4 of ours looks like. */
export const plainLayout = (store: Uint8Array): Uint8Array[] => [ftyp, store, moov, box('mdat', media)];

/**
 * An MP4 whose hash assertion follows from its own boxes; made again until the size of the store is settled.
 * @param layout the boxes around the one that carries the store
 */
export async function bmffFile(
  maker: StoreMaker,
  layout: (storeBox: Uint8Array) => readonly Uint8Array[],
  hash: (parts: readonly Placed[]) => unknown,
  { label = 'c2pa.hash.bmff.v3', wrap = (store: Uint8Array) => c2paBox('manifest', store) } = {},
): Promise<Uint8Array> {
  const manifest = `urn:c2pa:${randomUUID()}`;
  let store: Uint8Array = new Uint8Array(3000);
  for (let round = 0; round < 4; round += 1) {
    const data = hash(placed(layout(wrap(store))));
    store = await maker.makeStore([binding(label, data)], { label: manifest });
  }
  return concat(layout(wrap(store)));
}

/** The assertion that fits a plain file. */
export const plainHash = (parts: readonly Placed[], version = 3): Record<string, unknown> => ({
  exclusions: mandatoryExclusions,
  alg: 'sha256',
  hash: bmffHash(parts, { version }),
  name: 'jumbf manifest',
});

/** Rows of a Merkle tree, leaves first. */
export function merkleRows(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const rows = [[...leaves]];
  for (let row = rows[0] ?? []; row.length > 1; row = rows.at(-1) ?? []) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left = new Uint8Array(), right] = [row[at], row[at + 1]];
      above.push(right === undefined ? left : sha256(left, right));
    }
    rows.push(above);
  }
  return rows;
}

/** The hashes beside the way of a leaf, up to this row. */
export function merklePath(leaves: readonly Uint8Array[], leaf: number, row: number): Uint8Array[] {
  let index = leaf;
  return merkleRows(leaves)
    .slice(0, row)
    .flatMap((level) => {
      const beside = level[index % 2 === 1 ? index - 1 : index + 1];
      index = Math.floor(index / 2);
      return beside === undefined ? [] : [beside];
    });
}

/** A `merkle` box for each leaf. */
export function proofBoxes(
  leaves: readonly Uint8Array[],
  row: number,
  ids: { uniqueId: number; localId: number } = { uniqueId: 0, localId: 0 },
): Uint8Array[] {
  return leaves.map((_, location) =>
    c2paBox(
      'merkle',
      encode({ ...ids, location, hashes: row === 0 ? null : merklePath(leaves, location, row) }),
    ),
  );
}

export const scan = noise(700, 6);

interface Carrier {
  readonly bytes: Uint8Array;
  /** Where the store and its container lie. */
  readonly start: number;
  readonly length: number;
}

/** Every kind of file that carries its store for a data hash. */
export const carriers: Readonly<
  Record<string, { readonly mediaType: string; build(store: Uint8Array): Carrier }>
> = {
  png: {
    mediaType: 'image/png',
    build: (store) => {
      const before = concat([pngSignature, pngChunk('IHDR', new Uint8Array(13))]);
      const chunk = pngChunk('caBX', store);
      const after = concat([pngChunk('IDAT', scan), pngChunk('IEND', new Uint8Array())]);
      return { bytes: concat([before, chunk, after]), start: before.length, length: chunk.length };
    },
  },
  jpeg: { mediaType: 'image/jpeg', build: (store) => jpeg(store, 60_000) },
  'jpeg in many segments': { mediaType: 'image/jpeg', build: (store) => jpeg(store, 500) },
  webp: { mediaType: 'image/webp', build: (store) => riff(store, 'WEBP', 'VP8 ') },
  wav: { mediaType: 'audio/wav', build: (store) => riff(store, 'WAVE', 'data') },
};

export const pngSignature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
export const app0 = jpegSegment(0xe0, new TextEncoder().encode('JFIF\0\x01\x01\0\0\x01\0\x01\0\0'));

function jpeg(store: Uint8Array, pieceSize: number): Carrier {
  const segments = app11(store, pieceSize);
  return { bytes: jpegFile([app0, segments], scan), start: 2 + app0.length, length: segments.length };
}

function riff(store: Uint8Array, form: string, type: string): Carrier {
  const before = riffChunk(type, scan);
  return {
    bytes: riffFile(form, [before, riffChunk('C2PA', store)]),
    start: 12 + before.length,
    length: 8 + store.length,
  };
}

interface Exclusion {
  readonly start: number;
  readonly length: number;
}

/** A file bound by `c2pa.hash.data`. @param choose the exclusions, given the right one and the file */
export async function dataFile(
  maker: StoreMaker,
  build: (store: Uint8Array) => Carrier,
  choose: (right: Exclusion, file: Uint8Array) => readonly Exclusion[] = (right) => [right],
): Promise<Uint8Array> {
  const manifest = `urn:c2pa:${randomUUID()}`;
  const make = (exclusions: readonly Exclusion[], hash: Uint8Array) =>
    maker.makeStore(
      [
        binding('c2pa.hash.data', {
          exclusions,
          alg: 'sha256',
          hash,
          pad: new Uint8Array(8),
          name: 'jumbf manifest',
        }),
      ],
      { label: manifest },
    );
  let store = await make([{ start: 100_000, length: 100_000 }], new Uint8Array(32));
  for (let round = 0; round < 5; round += 1) {
    const { bytes, start, length } = build(store);
    const exclusions = choose({ start, length }, bytes);
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const one of exclusions.toSorted((left, right) => left.start - right.start)) {
      if (one.start > at) parts.push(bytes.subarray(at, one.start));
      at = Math.max(at, one.start + one.length);
    }
    store = await make(exclusions, sha256(...parts, bytes.subarray(Math.min(at, bytes.length))));
  }
  return build(store).bytes;
}
