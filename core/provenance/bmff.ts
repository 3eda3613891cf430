/**
 * Reads what Content Credentials need from an ISO BMFF file (MP4, MOV, M4A, fragments). Invariant: at most one store, or one original and one
 * update; anything in a C2PA box that is not understood is a malformed store, never none. Called by verify-asset.ts.
 * @see C2PA 2.4 Annex A.5 (embedding into BMFF), c2pa-rs `asset_handlers/bmff_io.rs`
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { type Box, isC2paBox, isXmpBox, MalformedContainer, walkBoxes } from './bmff-boxes.ts';
import type { FoundStore } from './container.ts';
import { mergeStores } from './jumbf.ts';
import { type MerkleProof, parseMerkleProof } from './merkle-proof.ts';
import { maxStoreSize, StoreTooLarge } from './store-limit.ts';
import type { WindowReader } from './window.ts';
import { remoteManifestUrl } from './xmp.ts';

export interface BmffContainer {
  readonly kind: 'bmff';
  readonly store: FoundStore;
  readonly boxes: readonly Box[];
  /** In file order. */
  readonly topLevel: readonly Box[];
  readonly proofs: readonly MerkleProof[];
}

/** The user type at offset 8 is where c2pa-rs looks, also in a box with a 64-bit size: such a box has no purpose it knows. */
const purposeAt = 8 + 16 + 4;
const maxPurpose = 64;
const merkleOffsetSize = 8;
/** A proof has one hash per level of a tree: the largest possible is a few kilobytes. */
const maxProofSize = 64 * 1024;
const maxProofs = 100_000;
const maxXmpSize = 1024 * 1024;

interface Part {
  readonly bytes: Uint8Array;
  readonly range: ByteRange;
}

interface Found {
  readonly stores: Map<'manifest' | 'original' | 'update', Part>;
  readonly proofs: MerkleProof[];
  present: boolean;
  problem: string | null;
  xmp: string | null;
}

/**
 * @throws MalformedContainer, StoreTooLarge
 */
export async function readBmff(reader: WindowReader): Promise<BmffContainer> {
  await checkFileType(reader);
  return readSegment(reader);
}

/**
 * A file that need not begin with `ftyp`: a media segment.
 * @throws MalformedContainer, StoreTooLarge
 */
export async function readSegment(reader: WindowReader): Promise<BmffContainer> {
  const found: Found = { stores: new Map(), proofs: [], present: false, problem: null, xmp: null };
  const boxes = await walkBoxes(reader, (box) => collect(reader, box, found));
  return {
    kind: 'bmff',
    store: storeOf(found),
    boxes,
    topLevel: boxes.filter(({ parent }) => parent === null),
    proofs: found.proofs,
  };
}

async function checkFileType(reader: WindowReader): Promise<void> {
  const header = await reader.get(0, Math.min(16, reader.size));
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const size = header.length < 8 ? 0 : view.getUint32(0);
  // Of a 64-bit `ftyp` c2pa-rs counts the brands as if its header were short; nobody writes one.
  if (size < 16 || size % 4 !== 0) throw new MalformedContainer('its file type box is damaged');
}

async function collect(reader: WindowReader, box: Box, found: Found): Promise<void> {
  if (isXmpBox(box) && box.size >= 24 && box.size <= maxXmpSize) {
    found.xmp = new TextDecoder().decode(await reader.get(box.start + 24, box.start + box.size));
    return;
  }
  if (!isC2paBox(box)) return;
  found.present = true;
  const end = box.start + box.size;
  const head = await reader.get(box.start, Math.min(end, box.start + purposeAt + maxPurpose));
  const zero = head.indexOf(0, purposeAt);
  if (zero < 0) {
    if (head.length < purposeAt + maxPurpose) throw new MalformedContainer('a C2PA box has no purpose');
    return;
  }
  const purpose = new TextDecoder().decode(head.subarray(purposeAt, zero));
  const content = box.start + zero + 1;
  if (purpose === 'merkle') {
    if (end - content > maxProofSize || found.proofs.length >= maxProofs) {
      throw new MalformedContainer('it has more proofs than a tree can need');
    }
    const proof = parseMerkleProof(await reader.get(content, end));
    if (proof === null) found.problem = 'a Merkle proof cannot be read';
    else found.proofs.push(proof);
  } else if (purpose === 'manifest' || purpose === 'original' || purpose === 'update') {
    await collectStore(reader, { start: content + merkleOffsetSize, end }, purpose, found);
  }
}

async function collectStore(
  reader: WindowReader,
  range: ByteRange,
  purpose: 'manifest' | 'original' | 'update',
  found: Found,
): Promise<void> {
  if (range.end < range.start) throw new MalformedContainer('a C2PA box is too small for a store');
  if (range.end - range.start > maxStoreSize) throw new StoreTooLarge(range.end - range.start);
  const clash = purpose === 'update' ? (['update'] as const) : (['manifest', 'original'] as const);
  if (clash.some((one) => found.stores.has(one))) {
    found.problem = 'there is more than one manifest store';
    return;
  }
  found.stores.set(purpose, { bytes: (await reader.get(range.start, range.end)).slice(), range });
}

function storeOf(found: Found): FoundStore {
  const { stores } = found;
  if (found.problem !== null) return { kind: 'malformed', reason: found.problem };
  const [manifest, original, update] = [stores.get('manifest'), stores.get('original'), stores.get('update')];
  if (original !== undefined && update !== undefined) {
    const merged = mergeStores(original.bytes, update.bytes);
    if (merged === null) return { kind: 'malformed', reason: 'an update cannot be joined to its original' };
    const { bytes, originalEnd, added } = merged;
    const ranges = [
      { start: original.range.start, end: original.range.start + originalEnd },
      { start: update.range.start + added.start, end: update.range.start + added.end },
    ];
    return { kind: 'store', bytes, ranges };
  }
  if (original !== undefined) return { kind: 'malformed', reason: 'an original store without its update' };
  if (update !== undefined) return { kind: 'malformed', reason: 'an update store without its original' };
  if (manifest !== undefined) return { kind: 'store', bytes: manifest.bytes, ranges: [manifest.range] };
  if (found.present) return { kind: 'malformed', reason: 'a C2PA box that holds no store' };
  return { kind: 'none', remoteUrl: found.xmp === null ? null : remoteManifestUrl(found.xmp) };
}
