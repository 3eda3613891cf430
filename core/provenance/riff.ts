/**
 * Reads what Content Credentials need from a RIFF file (WebP, WAV). Invariant: only the chunks of the outermost list are walked, forward and
 * within the file; nested lists are data. Called by verify-asset.ts.
 * @see C2PA 2.4 Annex A.3.4 (RIFF: chunk `C2PA`), c2pa-rs `asset_handlers/riff_io.rs`
 */
import { MalformedContainer } from './bmff-boxes.ts';
import type { FlatContainer, FoundStore } from './container.ts';
import { maxStoreSize, StoreTooLarge } from './store-limit.ts';
import type { WindowReader } from './window.ts';
import { remoteManifestUrl } from './xmp.ts';

/** `RIFF`, size, form type. */
const listHeader = 12;
const chunkHeader = 8;
const maxChunks = 200_000;
const maxXmpSize = 1024 * 1024;

interface Chunk {
  readonly start: number;
  readonly size: number;
}

/** @throws MalformedContainer, StoreTooLarge */
export async function readRiff(reader: WindowReader): Promise<FlatContainer> {
  if (reader.size < listHeader) throw new MalformedContainer('it is shorter than its header');
  const end = chunkHeader + (await sizeAt(reader, 4));
  if (end > reader.size) throw new MalformedContainer('it is shorter than it says');
  const stores: Chunk[] = [];
  let xmp: Chunk | null = null;
  let count = 0;
  for (let at = listHeader; at + chunkHeader <= end; count++) {
    if (count > maxChunks) throw new MalformedContainer('it has too many chunks');
    const size = await sizeAt(reader, at + 4);
    const id = new TextDecoder('latin1').decode(await reader.get(at, at + 4));
    const chunk = { start: at, size };
    if (id === 'C2PA') stores.push(chunk);
    if (id === 'XMP ' && xmp === null && size <= maxXmpSize) xmp = chunk;
    // Chunks are padded to an even length.
    at += chunkHeader + size + (size % 2);
  }
  const [store] = stores;
  const found = await storeOf(reader, store, stores.length, xmp);
  return {
    kind: 'riff',
    store: found,
    storeSpan:
      store === undefined ? null : { start: store.start, end: store.start + chunkHeader + store.size },
    boxes: null,
  };
}

async function storeOf(
  reader: WindowReader,
  store: Chunk | undefined,
  count: number,
  xmp: Chunk | null,
): Promise<FoundStore> {
  if (count > 1) return { kind: 'malformed', reason: 'there is more than one manifest store' };
  if (store === undefined) {
    const inside = xmp !== null && xmp.start + chunkHeader + xmp.size <= reader.size;
    return { kind: 'none', remoteUrl: inside ? await remoteUrlIn(reader, xmp) : null };
  }
  const range = { start: store.start + chunkHeader, end: store.start + chunkHeader + store.size };
  if (range.end > reader.size) throw new MalformedContainer('the manifest store reaches beyond the file');
  if (store.size > maxStoreSize) throw new StoreTooLarge(store.size);
  return { kind: 'store', bytes: (await reader.get(range.start, range.end)).slice(), ranges: [range] };
}

async function sizeAt(reader: WindowReader, at: number): Promise<number> {
  const bytes = await reader.get(at, at + 4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

async function remoteUrlIn(reader: WindowReader, chunk: Chunk): Promise<string | null> {
  const start = chunk.start + chunkHeader;
  return remoteManifestUrl(new TextDecoder().decode(await reader.get(start, start + chunk.size)));
}
