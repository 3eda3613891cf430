/**
 * Reads what Content Credentials need from a JPEG. Invariant: one pass forward, segment by segment; pieces of a store are joined only in
 * order and under one box instance number. Called by verify-asset.ts.
 * @see C2PA 2.4 Annex A.3.1 (JPEG), ISO/IEC 18477-3 (JUMBF in APP11), ITU-T T.81 Annex B (markers)
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { MalformedContainer } from './bmff-boxes.ts';
import { type FlatContainer, type FoundStore, type NamedBox, storeBoxName } from './container.ts';
import { maxStoreSize, StoreTooLarge } from './store-limit.ts';
import { BeyondEnd, type WindowReader } from './window.ts';
import { remoteManifestUrl } from './xmp.ts';

const marker = { tem: 0x01, sof0: 0xc0, soi: 0xd8, eoi: 0xd9, sos: 0xda, app1: 0xe1, app11: 0xeb, com: 0xfe };
const maxSegments = 100_000;
const xmpSignature = 'http://ns.adobe.com/xap/1.0/';
/** CI, En, Z, then the box: LBox, TBox, and its first child's header and type. */
const jumbf = { instance: 2, sequence: 4, box: 8, content: 16, type: 24 };

interface Collected {
  readonly boxes: NamedBox[];
  readonly pieces: { readonly bytes: Uint8Array; readonly range: ByteRange }[];
  /** From the first to the last segment of the store. */
  span: { start: number; end: number } | null;
  instance: number | null;
  count: number;
  stores: number;
  xmp: string | null;
}

/** @throws MalformedContainer, StoreTooLarge */
export async function readJpeg(reader: WindowReader): Promise<FlatContainer> {
  const found: Collected = {
    boxes: [{ name: 'SOI', start: 0, size: 2 }],
    pieces: [],
    span: null,
    instance: null,
    count: 0,
    stores: 0,
    xmp: null,
  };
  try {
    await readSegments(reader, found);
  } catch (error) {
    if (!(error instanceof BeyondEnd || error instanceof MalformedContainer)) throw error;
    // A picture that breaks off after its store is a changed one, not an unreadable one.
    if (found.stores === 0) throw new MalformedContainer('the picture breaks off');
  }
  return { kind: 'jpeg', store: storeOf(found), storeSpan: found.span, boxes: found.boxes };
}

async function readSegments(reader: WindowReader, found: Collected): Promise<void> {
  let at = 2;
  for (let count = 0; ; count++) {
    if (count > maxSegments) throw new MalformedContainer('it has too many segments');
    const head = await reader.get(at, at + 2);
    const code = head[1] ?? 0;
    if (head[0] !== 0xff) throw new MalformedContainer('a segment has no marker');
    if (code === 0xff) {
      at += 1;
    } else if (code === marker.eoi) {
      found.boxes.push({ name: 'EOI', start: at, size: 2 });
      return;
    } else if (isBare(code)) {
      at += 2;
    } else {
      at = await readSegment(reader, at, code, found);
    }
  }
}

async function readSegment(
  reader: WindowReader,
  start: number,
  code: number,
  found: Collected,
): Promise<number> {
  const length = await reader.get(start + 2, start + 4);
  const end = start + 2 + ((length[0] ?? 0) << 8) + (length[1] ?? 0);
  if (end < start + 4) throw new MalformedContainer('a segment is shorter than its own length');
  if (code === marker.app11 || code === marker.app1) {
    const content = await reader.get(start + 4, end);
    if (code === marker.app11) {
      if (takePiece(content, { start, end }, found)) return end;
    } else if (
      found.xmp === null &&
      new TextDecoder('latin1').decode(content.subarray(0, 28)) === xmpSignature
    ) {
      found.xmp = new TextDecoder().decode(content.subarray(xmpSignature.length + 1));
    }
  }
  const to = code === marker.sos ? await endOfScan(reader, end) : end;
  if (to > reader.size) throw new BeyondEnd();
  found.boxes.push({ name: nameOf(code), start, size: to - start });
  return to;
}

/** Takes an APP11 segment that carries a store; false for one that carries something else. */
function takePiece(content: Uint8Array, range: ByteRange, found: Collected): boolean {
  if (content.length <= jumbf.content) return false;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const instance = view.getUint16(jumbf.instance);
  const first = range.start + 4;
  if (found.count > 0 && instance === found.instance) {
    if (view.getUint32(jumbf.sequence) <= found.count) {
      // Out of order: what follows under this number is another matter.
      found.instance = null;
      return false;
    }
    found.count += 1;
    found.pieces.push({
      bytes: content.slice(jumbf.content),
      range: { start: first + jumbf.content, end: range.end },
    });
    const last = found.boxes.at(-1);
    if (last?.name === storeBoxName) {
      found.boxes[found.boxes.length - 1] = { ...last, size: range.end - last.start };
    } else {
      found.boxes.push({ name: storeBoxName, start: range.start, size: range.end - range.start });
    }
    if (found.span !== null) found.span.end = range.end;
  } else {
    const isStore =
      content.length > jumbf.type + 4 &&
      new TextDecoder('latin1').decode(content.subarray(jumbf.type, jumbf.type + 4)) === 'c2pa';
    if (!isStore) return false;
    found.stores += 1;
    found.count = 1;
    found.instance = instance;
    found.span ??= { ...range };
    found.pieces.push({
      bytes: content.slice(jumbf.box),
      range: { start: first + jumbf.box, end: range.end },
    });
    found.boxes.push({ name: storeBoxName, start: range.start, size: range.end - range.start });
  }
  const size = found.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > maxStoreSize) throw new StoreTooLarge(size);
  return true;
}

/** Where the next marker begins that is not part of the entropy-coded data. */
async function endOfScan(reader: WindowReader, start: number): Promise<number> {
  const step = 32 * 1024;
  for (let at = start; at < reader.size; ) {
    const bytes = await reader.get(at, Math.min(reader.size, at + step));
    for (let index = bytes.indexOf(0xff); index >= 0; index = bytes.indexOf(0xff, index + 1)) {
      const next = bytes[index + 1];
      if (next === undefined) break;
      if (next !== 0 && !isRestart(next)) return at + index;
    }
    // The last byte is looked at again: it may be the first half of a marker.
    at += Math.max(1, bytes.length - 1);
  }
  return reader.size;
}

function isRestart(code: number): boolean {
  return code >= 0xd0 && code <= 0xd7;
}

function isBare(code: number): boolean {
  return code === marker.tem || code === marker.soi || isRestart(code);
}

function nameOf(code: number): string {
  if (code >= 0xe0 && code <= 0xef) return `APP${code - 0xe0}`;
  if (code >= 0xf0 && code <= 0xfd) return `JPG${code - 0xf0}`;
  if (code === marker.com) return 'COM';
  const tables: Readonly<Record<number, string>> = {
    196: 'DHT',
    204: 'DAC',
    218: 'SOS',
    219: 'DQT',
    221: 'DRI',
  };
  const table = tables[code];
  if (table !== undefined) return table;
  return code >= marker.sof0 && code <= 0xcf ? `SOF${code - marker.sof0}` : `unknown ${code}`;
}

function storeOf(found: Collected): FoundStore {
  if (found.stores > 1) return { kind: 'malformed', reason: 'there is more than one manifest store' };
  if (found.stores === 0) {
    return { kind: 'none', remoteUrl: found.xmp === null ? null : remoteManifestUrl(found.xmp) };
  }
  const size = found.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const store = new Uint8Array(size);
  let at = 0;
  for (const { bytes } of found.pieces) {
    store.set(bytes, at);
    at += bytes.length;
  }
  return { kind: 'store', bytes: store, ranges: found.pieces.map(({ range }) => range) };
}
