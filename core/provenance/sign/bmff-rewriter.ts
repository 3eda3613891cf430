/**
 * Moves an MP4 by a constant distance while it streams past, and hashes it where it will lie. Invariant: what comes out is as long as what went
 * in; every absolute file offset in it points to the same bytes as before; and the digest is that of `c2pa.hash.bmff.v3` over the finished
 * file. One pass, no seeking, memory of one table slice; media data is passed on without a copy. Called by write-signed.ts.
 * @see ISO/IEC 14496-12 §4.2, §8.7.5 (stco, co64), §8.8.7 (tfhd), §8.8.10 (tfra), §8.7.9 (saio); C2PA 2.4 §18.7 (BMFF hash), Annex A.5
 */
import { equal } from '../bmff-boxes.ts';
import type { Hasher } from '../byte-source.ts';
import { UnsignableAsset } from './errors.ts';
import { moveOffset, moveRows, type TableLayout } from './offset-tables.ts';
import { c2paUuid } from './uuid-box.ts';

/** `take` hands bytes over to be looked at and changed, keeping back those taken before if `hold` is set; `pass` lets bytes through. */
type Ask = { readonly take: number; readonly hold: boolean } | { readonly pass: number };
type Parser<T = void> = Generator<Ask, T, Uint8Array>;

interface BoxHeader {
  readonly type: string;
  /** The first eight bytes, which can still be changed. */
  readonly bytes: Uint8Array;
  readonly userType: Uint8Array | null;
  /** Where the box ends in the source. */
  readonly end: number;
}

const maxDepth = 32;
/** Rows of a table that are changed at a time. */
const sliceBytes = 64 * 1024;
/** The way to offsets. What is not named is passed on as it is. */
const containers: Readonly<Record<string, readonly string[]>> = {
  moov: ['trak', 'cmov', 'meta'],
  trak: ['mdia', 'meta'],
  mdia: ['minf'],
  minf: ['stbl'],
  stbl: ['stco', 'co64', 'saio'],
  moof: ['traf'],
  traf: ['tfhd'],
  mfra: ['tfra'],
};
const topLevel = ['moov', 'moof', 'mfra', 'meta'];
/** Top-level boxes that the hash leaves out. @see bmffHash in statements.ts */
const unhashed = new Set(['ftyp', 'mfra']);
const latin = new TextDecoder('latin1');

export class BmffRewriter {
  readonly #end: number;
  readonly #delta: number;
  readonly #hasher: Hasher;
  readonly #parser: Parser;
  readonly #seen = new Map<string, number>();
  /** Position in the source behind what the parser has asked for. */
  #at: number;
  #hashing = false;
  /** Bytes a `pass` still lets through. */
  #passing = 0;
  /** What a `take` is filling. */
  #taking: Uint8Array | null = null;
  #taken = 0;
  /** Taken and not yet let out. */
  #held: Uint8Array[] = [];

  /**
   * @param range where in the source it begins (after `ftyp`) and ends
   * @param delta how much further back everything will lie, bytes
   */
  constructor(range: { readonly start: number; readonly end: number }, delta: number, hasher: Hasher) {
    this.#at = range.start;
    this.#end = range.end;
    this.#delta = delta;
    this.#hasher = hasher;
    this.#parser = this.#file();
    this.#next(this.#parser.next(), []);
  }

  /**
   * The next bytes of the source, in order.
   * @returns the bytes to write; views of `chunk` among them
   * @throws UnsignableAsset
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      const filling = this.#taking;
      const count = Math.min(filling === null ? this.#passing : filling.length - this.#taken, rest.length);
      if (count === 0) throw new UnsignableAsset('bytes follow its last box');
      const bytes = rest.subarray(0, count);
      rest = rest.subarray(count);
      if (filling === null) {
        this.#emit(bytes, out);
        this.#passing -= count;
        if (this.#passing === 0) this.#next(this.#parser.next(), out);
        continue;
      }
      filling.set(bytes, this.#taken);
      this.#taken += count;
      if (this.#taken < filling.length) continue;
      this.#taking = null;
      this.#held.push(filling);
      this.#next(this.#parser.next(filling), out);
    }
    return out;
  }

  /** The hash of the file. @throws UnsignableAsset if it was not one whole MP4 */
  finish(): Uint8Array {
    const count = (type: string) => this.#seen.get(type) ?? 0;
    if (this.#at !== this.#end || this.#taking !== null || this.#passing > 0)
      throw new UnsignableAsset('it breaks off');
    if (count('moov') !== 1) throw new UnsignableAsset('it has no movie header, or several');
    if (count('mdat') === 0) throw new UnsignableAsset('it has no media data');
    return this.#hasher.digest();
  }

  /** Does what the parser asks for; by then it has decided what becomes of the bytes it took. */
  #next(asked: IteratorResult<Ask, void>, out: Uint8Array[]): void {
    const ask = asked.done === true ? null : asked.value;
    if (ask === null || !('take' in ask) || !ask.hold) {
      for (const bytes of this.#held) this.#emit(bytes, out);
      this.#held = [];
    }
    if (ask === null) return;
    if ('take' in ask) {
      this.#taking = new Uint8Array(ask.take);
      this.#taken = 0;
    } else {
      this.#passing = ask.pass;
    }
  }

  #emit(bytes: Uint8Array, out: Uint8Array[]): void {
    if (this.#hashing) this.#hasher.update(bytes);
    out.push(bytes);
  }

  *#take(count: number, end: number, hold = false): Parser<Uint8Array> {
    if (this.#at + count > end) throw new UnsignableAsset('a box in it breaks off');
    this.#at += count;
    return yield { take: count, hold };
  }

  *#passTo(end: number): Parser {
    const count = end - this.#at;
    this.#at = end;
    if (count > 0) yield { pass: count };
  }

  *#file(): Parser {
    while (this.#at < this.#end) {
      const start = this.#at;
      const header = yield* this.#header(this.#end);
      const old = header.userType !== null && equal(header.userType, c2paUuid);
      // Credentials the source came with are carried as an ingredient; left in place they would be a second, wrong store.
      if (old) header.bytes.set(Uint8Array.of(0x66, 0x72, 0x65, 0x65), 4);
      this.#seen.set(header.type, (this.#seen.get(header.type) ?? 0) + 1);
      this.#hashing = !unhashed.has(header.type);
      if (this.#hashing) this.#hashPosition(start);
      if (old) {
        header.userType?.fill(0);
        yield* this.#blank(header.end);
      } else {
        yield* this.#contents(header, topLevel, 1);
      }
    }
  }

  /** Version 2 and 3 hash where each top-level box lies, before the box. */
  #hashPosition(start: number): void {
    const offset = new Uint8Array(8);
    new DataView(offset.buffer).setBigUint64(0, BigInt(start + this.#delta));
    this.#hasher.update(offset);
  }

  *#header(end: number): Parser<BoxHeader> {
    const start = this.#at;
    const bytes = yield* this.#take(8, end);
    const short = viewOf(bytes).getUint32(0);
    const type = latin.decode(bytes.subarray(4));
    let size = short === 0 ? end - start : short;
    if (short === 1) {
      const large = yield* this.#take(8, end, true);
      size = Number(viewOf(large).getBigUint64(0));
    }
    const boxEnd = start + size;
    if (boxEnd < this.#at || boxEnd > end)
      throw new UnsignableAsset('a box in it reaches beyond what contains it');
    const userType = type === 'uuid' ? yield* this.#take(16, boxEnd, true) : null;
    return { type, bytes, userType, end: boxEnd };
  }

  *#contents(header: BoxHeader, wanted: readonly string[], depth: number): Parser {
    if (depth > maxDepth) throw new UnsignableAsset('its boxes are nested too deep');
    const { type, end } = header;
    const children = wanted.includes(type) ? containers[type] : undefined;
    if (children !== undefined) {
      while (this.#at < end) yield* this.#contents(yield* this.#header(end), children, depth + 1);
    } else if (wanted.includes(type)) {
      yield* this.#offsets(type, end);
    }
    yield* this.#passTo(end);
  }

  /** A box that may hold absolute offsets. */
  *#offsets(type: string, end: number): Parser {
    if (type === 'cmov') throw new UnsignableAsset('its movie header is compressed');
    if (type === 'meta') yield* this.#meta(end);
    else if (type === 'stco' || type === 'co64') yield* this.#chunkOffsets(type === 'co64' ? 8 : 4, end);
    else if (type === 'saio') yield* this.#auxiliaryOffsets(end);
    else if (type === 'tfhd') yield* this.#baseDataOffset(end);
    else if (type === 'tfra') yield* this.#randomAccess(end);
  }

  *#chunkOffsets(width: 4 | 8, end: number): Parser {
    const head = yield* this.#take(8, end);
    yield* this.#table({ stride: width, at: 0, width, rows: viewOf(head).getUint32(4) }, end);
  }

  /** In `stbl` they are absolute; in `traf` relative, and not looked at. */
  *#auxiliaryOffsets(end: number): Parser {
    const full = yield* this.#take(4, end);
    if (((full[3] ?? 0) & 1) !== 0) yield* this.#take(8, end);
    const width = full[0] === 0 ? 4 : 8;
    const count = yield* this.#take(4, end);
    yield* this.#table({ stride: width, at: 0, width, rows: viewOf(count).getUint32(0) }, end);
  }

  *#baseDataOffset(end: number): Parser {
    const full = yield* this.#take(8, end);
    if (((full[3] ?? 0) & 1) === 0) return;
    moveOffset(viewOf(yield* this.#take(8, end)), 0, 8, this.#delta);
  }

  *#randomAccess(end: number): Parser {
    const head = yield* this.#take(16, end);
    const view = viewOf(head);
    const width = head[0] === 1 ? 8 : 4;
    const sizes = view.getUint32(8);
    const numbers = [4, 2, 0].reduce((sum, shift) => sum + ((sizes >> shift) & 3) + 1, 0);
    const stride = 2 * width + numbers;
    yield* this.#table({ stride, at: width, width, rows: view.getUint32(12) }, end);
  }

  *#table(layout: TableLayout, end: number): Parser {
    const tableEnd = this.#at + layout.stride * layout.rows;
    if (tableEnd > end) throw new UnsignableAsset('a table in it is longer than its box');
    const slice = Math.floor(sliceBytes / layout.stride) * layout.stride;
    while (this.#at < tableEnd) {
      const rows = yield* this.#take(Math.min(slice, tableEnd - this.#at), end);
      moveRows(rows, layout, this.#delta);
    }
  }

  /** Items kept by file offset (`iloc`) are a picture format's; a film that has them is not moved. */
  *#meta(end: number): Parser {
    if (this.#at + 4 > end) return;
    const full = yield* this.#take(4, end);
    // QuickTime writes `meta` without version and flags: the first child's size stands there.
    if (viewOf(full).getUint32(0) !== 0) {
      const [type, start] = [yield* this.#take(4, end), this.#at - 8];
      if (latin.decode(type) === 'iloc') throw new UnsignableAsset('it keeps items by file offset');
      const childEnd = start + viewOf(full).getUint32(0);
      yield* this.#passTo(Math.min(end, Math.max(this.#at, childEnd)));
    }
    while (this.#at < end) {
      const child = yield* this.#header(end);
      if (child.type === 'iloc') throw new UnsignableAsset('it keeps items by file offset');
      yield* this.#passTo(child.end);
    }
  }

  *#blank(end: number): Parser {
    while (this.#at < end) (yield* this.#take(Math.min(sliceBytes, end - this.#at), end)).fill(0);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
