/**
 * Files whose credentials are properly signed and bind nothing, or something else than the file. Invariant: each differs from a control that
 * is accepted in exactly what its name says, and its hashes are right for what it claims to cover, so only a verifier that asks *what* is
 * covered refuses it. Called by test/node/provenance-hostile.test.ts.
 */
import { createHash } from 'node:crypto';
import { concat } from '#core/provenance/sign/jumbf-writer.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import {
  app11,
  binding,
  box,
  c2paBox,
  ftyp,
  jpegFile,
  mandatoryExclusions,
  pngChunk,
  riffChunk,
  riffFile,
  type StoreMaker,
  storeMaker,
} from '../provenance-stores.ts';

export interface HostileFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface Corpus {
  readonly trust: TrustLists;
  /** Files that must be accepted: the corpus means nothing without them. */
  readonly controls: readonly HostileFile[];
  readonly hostile: readonly HostileFile[];
}

type Assertions = Parameters<StoreMaker['makeStore']>[0];

const sha256 = (...parts: readonly Uint8Array[]) =>
  new Uint8Array(createHash('sha256').update(concat(parts)).digest());
const nothing = sha256();
const noise = (length: number) => new Uint8Array(length).map((_, at) => (at * 37) % 251);

const mdat = box('mdat', noise(4096));
const moov = box('moov', box('mvhd', new Uint8Array(100)));
/** The credentials come last, so that their size moves nothing that is hashed. */
const film = [ftyp, moov, mdat];

function offsetOf(part: Uint8Array): Uint8Array {
  let at = 0;
  for (const each of film) {
    if (each === part) break;
    at += each.length;
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at));
  return bytes;
}

/** As `c2pa.hash.bmff` wants it: from version 2 on with the offset of every box that is not left out whole. */
function bmffHash(version: number, covered: readonly Uint8Array[]): Uint8Array {
  return sha256(...covered.flatMap((part) => (version > 1 ? [offsetOf(part), part] : [part])));
}

const labelOf = (version: number) => (version === 1 ? 'c2pa.hash.bmff' : `c2pa.hash.bmff.v${version}`);
const exclusions = mandatoryExclusions;

function bmff(version: number, data: Record<string, unknown>) {
  return binding(labelOf(version), { exclusions, alg: 'sha256', name: 'jumbf manifest', ...data });
}

async function mp4(maker: StoreMaker, assertions: Assertions, parts: readonly Uint8Array[] = film) {
  return concat([...parts, c2paBox('manifest', await maker.makeStore(assertions))]);
}

const pngSignature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const png = (store: Uint8Array) =>
  concat([
    pngSignature,
    pngChunk('IHDR', new Uint8Array(13)),
    pngChunk('caBX', store),
    pngChunk('IDAT', noise(600)),
    pngChunk('IEND', new Uint8Array()),
  ]);
const jpeg = (store: Uint8Array) =>
  jpegFile(
    [app11(store)],
    noise(600).map((byte) => byte & 0x7f),
  );
const webp = (store: Uint8Array) =>
  riffFile('WEBP', [riffChunk('VP8 ', noise(600)), riffChunk('C2PA', store)]);
const wav = (store: Uint8Array) =>
  riffFile('WAVE', [
    riffChunk('fmt ', Uint8Array.of(1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0)),
    riffChunk('data', noise(600)),
    riffChunk('C2PA', store),
  ]);

const flat = [
  { name: 'PNG', mediaType: 'image/png', around: png },
  { name: 'JPEG', mediaType: 'image/jpeg', around: jpeg },
  { name: 'WebP', mediaType: 'image/webp', around: webp },
  { name: 'WAV', mediaType: 'audio/wav', around: wav },
] as const;

interface Span {
  readonly start: number;
  readonly length: number;
}

/** Where what carries the store begins and ends: the only bytes that two stores of different content change. */
function carrierOf(
  around: (store: Uint8Array) => Uint8Array,
  storeSize: number,
): Span & { readonly size: number } {
  const a = around(new Uint8Array(storeSize).fill(1));
  const b = around(new Uint8Array(storeSize).fill(2));
  const first = a.findIndex((byte, at) => byte !== b[at]);
  const last = a.findLastIndex((byte, at) => byte !== b[at]);
  const [head, tail] = around === png ? [8, 4] : around === jpeg ? [12, 0] : [8, 0];
  return { start: first - head, length: last + 1 + tail - (first - head), size: a.length };
}

/** A data hash whose excluded spans and hash are worked out from the finished file. */
async function dataHashed(
  maker: StoreMaker,
  around: (store: Uint8Array) => Uint8Array,
  spansOf: (carrier: Span, size: number) => readonly Span[],
  change: Record<string, unknown> = {},
): Promise<Uint8Array> {
  const make = (spans: readonly Span[], hash: Uint8Array) =>
    maker.makeStore([
      binding('c2pa.hash.data', {
        exclusions: spans,
        alg: 'sha256',
        hash,
        name: 'data',
        pad: new Uint8Array(),
        ...change,
      }),
    ]);
  let spans = spansOf({ start: 300, length: 3000 }, 4000);
  let hash = nothing;
  for (let pass = 0; pass < 4; pass += 1) {
    const store = await make(spans, hash);
    const carrier = carrierOf(around, store.length);
    const file = around(store);
    spans = spansOf(carrier, file.length);
    hash = sha256(...covered(file, spans));
  }
  return around(await make(spans, hash));
}

function covered(file: Uint8Array, spans: readonly Span[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, length } of spans) {
    if (start > at) parts.push(file.subarray(at, start));
    at = Math.max(at, start + length);
  }
  if (at < file.length) parts.push(file.subarray(at));
  return parts;
}

/** All of them, signed anew. */
export async function hostileCorpus(): Promise<Corpus> {
  const maker = await storeMaker();
  const controls: HostileFile[] = [];
  const hostile: HostileFile[] = [];
  const video = async (name: string, assertions: Assertions, parts = film) => {
    hostile.push({ name, mediaType: 'video/mp4', bytes: await mp4(maker, assertions, parts) });
  };

  for (const version of [1, 2, 3]) {
    const whole = bmffHash(version, [moov, mdat]);
    controls.push({
      name: `MP4 with ${labelOf(version)}`,
      mediaType: 'video/mp4',
      bytes: await mp4(maker, [bmff(version, { hash: whole })]),
    });
    await video(`${labelOf(version)}: neither hash nor tree`, [bmff(version, {})]);
    await video(`${labelOf(version)}: an empty tree`, [bmff(version, { merkle: [] })]);
    await video(`${labelOf(version)}: an empty hash`, [bmff(version, { hash: new Uint8Array() })]);
    await video(`${labelOf(version)}: the hash of nothing`, [bmff(version, { hash: nothing })]);
    await video(`${labelOf(version)}: the media left out`, [
      bmff(version, { hash: bmffHash(version, [moov]), exclusions: [...exclusions, { xpath: '/mdat' }] }),
    ]);
    await video(`${labelOf(version)}: everything left out`, [
      bmff(version, {
        hash: nothing,
        exclusions: [...exclusions, { xpath: '/mdat' }, { xpath: '/moov' }],
      }),
    ]);
    const inside =
      version > 1
        ? [offsetOf(moov), moov, offsetOf(mdat), mdat.subarray(0, 16)]
        : [moov, mdat.subarray(0, 16)];
    await video(`${labelOf(version)}: the inside of the media left out`, [
      bmff(version, {
        hash: sha256(...inside),
        exclusions: [...exclusions, { xpath: '/mdat', subset: [{ offset: 16, length: 0 }] }],
      }),
    ]);
    await video(`${labelOf(version)}: the hash written as text`, [
      bmff(version, { hash: Buffer.from(whole).toString('base64') }),
    ]);
    await video(`${labelOf(version)}: an algorithm nobody knows`, [
      bmff(version, { hash: whole, alg: 'md5' }),
    ]);
    await video(`${labelOf(version)}: the hash of something elsewhere`, [
      bmff(version, { hash: whole, url: 'https://example.com/film.mp4' }),
    ]);
    await video(`${labelOf(version)}: no exclusions`, [bmff(version, { hash: whole, exclusions: [] })]);
    await video(`${labelOf(version)}: bound twice`, [
      bmff(version, { hash: whole }),
      binding(`${labelOf(version)}__1`, { exclusions, alg: 'sha256', hash: whole }),
    ]);
  }

  const tree = (data: Record<string, unknown>) =>
    bmff(3, {
      exclusions: [...exclusions, { xpath: '/mdat', subset: [{ offset: 16, length: 0 }] }],
      merkle: [
        { uniqueId: 1, localId: 1, count: 1, alg: 'sha256', hashes: [sha256(mdat.subarray(16))], ...data },
      ],
    });
  await video('tree: no leaves', [tree({ count: 0, hashes: [] })]);
  await video('tree: leaves without hashes', [tree({ hashes: [] })]);
  await video('tree: blocks of no size', [tree({ fixedBlockSize: 0 })]);
  await video('tree: blocks that cover nothing', [tree({ variableBlockSizes: [0] })]);
  await video('tree: more leaves than bytes', [tree({ count: 2_000_000_000 })]);
  await video('tree: of no media', [tree({})], [ftyp, moov]);
  await video('tree: fewer leaves than media', [tree({ count: 1, fixedBlockSize: 1024 })]);

  await video('no hard binding', []);
  await video('only a soft binding', [
    binding('c2pa.soft-binding', {
      alg: 'app.kinora.ssdct.1',
      blocks: [{ scope: {}, value: Uint8Array.of(1, 2, 3) }],
      pad: new Uint8Array(),
    }),
  ]);
  await video('only a collection hash', [
    binding('c2pa.hash.collection.data', { uris: [{ uri: 'film.mp4', hash: nothing }], alg: 'sha256' }),
  ]);
  await video('a list of parts of a film', [
    binding('c2pa.hash.boxes', {
      alg: 'sha256',
      boxes: [{ names: ['mdat'], alg: 'sha256', hash: sha256(mdat) }],
    }),
  ]);

  for (const { name, mediaType, around } of flat) {
    controls.push({
      name,
      mediaType,
      bytes: await dataHashed(maker, around, (carrier) => [spanOf(carrier)]),
    });
    const add = async (
      what: string,
      spansOf: (carrier: Span, size: number) => readonly Span[],
      change: Record<string, unknown> = {},
    ) => {
      hostile.push({
        name: `${name}: ${what}`,
        mediaType,
        bytes: await dataHashed(maker, around, spansOf, change),
      });
    };
    await add('everything left out', (_, size) => [{ start: 0, length: size }]);
    await add('everything left out and more', () => [{ start: 0, length: 0x7fff_ffff }]);
    await add('more than the store left out', ({ start, length }) => [{ start, length: length + 64 }]);
    await add('the hash of something elsewhere', (carrier) => [spanOf(carrier)], {
      url: 'https://example.com/a',
    });
    await add('an algorithm nobody knows', (carrier) => [spanOf(carrier)], { alg: 'sha1' });
    hostile.push({
      name: `${name}: bound as if it were a film`,
      mediaType,
      bytes: around(await maker.makeStore([bmff(3, { hash: nothing })])),
    });
  }
  for (const [name, mediaType, around] of [
    ['PNG', 'image/png', png],
    ['JPEG', 'image/jpeg', jpeg],
  ] as const) {
    const listed = async (what: string, boxes: unknown) => {
      const store = await maker.makeStore([binding('c2pa.hash.boxes', { alg: 'sha256', boxes })]);
      hostile.push({ name: `${name}: ${what}`, mediaType, bytes: around(store) });
    };
    await listed('a list of no parts', []);
    await listed('a list of the store alone', [{ names: ['C2PA'], alg: 'sha256', hash: new Uint8Array() }]);
    await listed('a list without hashes', [{ names: [name === 'PNG' ? 'PNGh' : 'SOI'] }]);
  }
  return { trust: maker.trust, controls, hostile };
}

function spanOf({ start, length }: Span): Span {
  return { start, length };
}
