/**
 * Reads what Content Credentials need from a PNG. Invariant: chunks are walked forward to IEND, each within the file. Called by verify-asset.ts.
 * @see C2PA 2.4 Annex A.3.2 (PNG: chunk `caBX`), PNG (third edition) §5
 */
import { MalformedContainer } from './bmff-boxes.ts';
import { type FlatContainer, type FoundStore, type NamedBox, storeBoxName } from './container.ts';
import { maxStoreSize, StoreTooLarge } from './store-limit.ts';
import type { WindowReader } from './window.ts';
import { remoteManifestUrl } from './xmp.ts';

const signatureSize = 8;
/** Length, type and checksum around the data. */
const overhead = 12;
const maxChunks = 200_000;
const maxXmpSize = 1024 * 1024;
const xmpKeyword = 'XML:com.adobe.xmp';

/** @throws MalformedContainer, StoreTooLarge */
export async function readPng(reader: WindowReader): Promise<FlatContainer> {
  const boxes: NamedBox[] = [{ name: 'PNGh', start: 0, size: signatureSize }];
  let stores: NamedBox[] = [];
  let xmp: NamedBox | null = null;
  for (let at = signatureSize; ; ) {
    if (boxes.length > maxChunks) throw new MalformedContainer('it has too many chunks');
    if (at + overhead > reader.size) throw new MalformedContainer('the picture breaks off');
    const head = await reader.get(at, at + 8);
    const size = new DataView(head.buffer, head.byteOffset, 8).getUint32(0) + overhead;
    const type = new TextDecoder('latin1').decode(head.subarray(4, 8));
    if (at + size > reader.size) throw new MalformedContainer('a chunk reaches beyond the file');
    const chunk = { name: type === 'caBX' ? storeBoxName : type, start: at, size };
    boxes.push(chunk);
    if (type === 'caBX') stores = [...stores, chunk];
    if (type === 'iTXt' && xmp === null && size <= maxXmpSize) xmp = chunk;
    at += size;
    if (type === 'IEND') break;
  }
  const [store] = stores;
  return {
    kind: 'png',
    store: await storeOf(reader, stores, xmp),
    storeSpan: store === undefined ? null : { start: store.start, end: store.start + store.size },
    boxes,
  };
}

async function storeOf(
  reader: WindowReader,
  stores: readonly NamedBox[],
  xmp: NamedBox | null,
): Promise<FoundStore> {
  const [store] = stores;
  if (stores.length > 1) return { kind: 'malformed', reason: 'there is more than one manifest store' };
  if (store === undefined) {
    return { kind: 'none', remoteUrl: xmp === null ? null : await remoteUrlIn(reader, xmp) };
  }
  const range = { start: store.start + 8, end: store.start + store.size - 4 };
  if (range.end - range.start > maxStoreSize) throw new StoreTooLarge(range.end - range.start);
  return { kind: 'store', bytes: (await reader.get(range.start, range.end)).slice(), ranges: [range] };
}

async function remoteUrlIn(reader: WindowReader, chunk: NamedBox): Promise<string | null> {
  const text = new TextDecoder().decode(await reader.get(chunk.start + 8, chunk.start + chunk.size - 4));
  return text.startsWith(`${xmpKeyword}\0`) ? remoteManifestUrl(text) : null;
}
