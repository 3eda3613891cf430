/**
 * Walks the boxes of a JUMBF manifest store. Invariant: it only says where things lie and joins an update to its original; what a store means
 * is read by c2pa-rs alone, so a difference between two parsers can never decide about trust. Iterative, bounded in depth and count.
 * Called by bmff.ts (updates) and report.ts (where a status points to). @see ISO/IEC 19566-5 (JUMBF), C2PA 2.4 §11.1
 */
import type { ByteRange } from '#schemas/provenance.ts';

interface JumbfBox extends ByteRange {
  readonly type: string;
  readonly body: number;
}

const maxDepth = 16;
const maxBoxes = 50_000;
/** Type UUID and toggles before the label of a description box. */
const labelAt = 16 + 1;
const hasLabel = 0x02;

/** Reads one box header; null if it does not fit into `[start, end)`. */
function boxAt(bytes: Uint8Array, start: number, end: number): JumbfBox | null {
  if (start + 8 > end) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
  const short = view.getUint32(start);
  if (short === 1) {
    if (start + 16 > end) return null;
    return fitted({ type, start, body: start + 16, end: start + Number(view.getBigUint64(start + 8)) }, end);
  }
  return fitted({ type, start, body: start + 8, end: short === 0 ? end : start + short }, end);
}

function fitted(box: JumbfBox, end: number): JumbfBox | null {
  return box.end >= box.body && box.end <= end ? box : null;
}

function labelOf(bytes: Uint8Array, description: JumbfBox): string | null {
  const toggles = bytes[description.body + 16] ?? 0;
  if ((toggles & hasLabel) === 0) return null;
  const from = description.body + labelAt;
  const to = bytes.indexOf(0, from);
  return to < 0 || to >= description.end ? null : new TextDecoder().decode(bytes.subarray(from, to));
}

interface Labelled {
  readonly path: string;
  readonly range: ByteRange;
  /** Bytes of CBOR directly in it. */
  readonly cbor: number;
}

/** Every labelled superbox, outer before inner. */
function* labelledBoxes(store: Uint8Array): Generator<Labelled> {
  const pending = [{ path: '', start: 0, end: store.length, depth: 0 }];
  let count = 0;
  for (let level = pending.pop(); level !== undefined; level = pending.pop()) {
    for (const box of boxesIn(store, level.start, level.end)) {
      count += 1;
      if (count > maxBoxes) return;
      if (box.type !== 'jumb' || level.depth >= maxDepth) continue;
      const description = boxAt(store, box.body, box.end);
      const label = description?.type === 'jumd' ? labelOf(store, description) : null;
      if (description === null || label === null) continue;
      const path = `${level.path}/${label}`;
      let cbor = 0;
      for (const inner of boxesIn(store, description.end, box.end)) {
        if (inner.type === 'cbor') cbor += inner.end - inner.body;
      }
      yield { path, range: { start: box.start, end: box.end }, cbor };
      pending.push({ path, start: description.end, end: box.end, depth: level.depth + 1 });
    }
  }
}

function* boxesIn(bytes: Uint8Array, start: number, end: number): Generator<JumbfBox> {
  for (let box = boxAt(bytes, start, end); box !== null; box = boxAt(bytes, box.end, end)) yield box;
}

/** Every labelled superbox of a store by its path, e.g. `/c2pa/urn:c2pa:…/c2pa.signature`. Of two with the same path the first counts. */
export function storePaths(store: Uint8Array): Map<string, ByteRange> {
  const paths = new Map<string, ByteRange>();
  for (const { path, range } of labelledBoxes(store)) if (!paths.has(path)) paths.set(path, range);
  return paths;
}

/** How much of a store is CBOR, which crJSON spells out as lists of numbers, many times its size. */
export function cborSize(store: Uint8Array): number {
  let size = 0;
  for (const { cbor } of labelledBoxes(store)) size += cbor;
  return size;
}

/**
 * One store from an `original` and its `update`: the manifests of both, the update's last, as c2pa-rs appends them. Null if either is not one
 * whole superbox of manifests, or they are not stores of one kind.
 * @returns the store, how much of the original is in it, and what of the update follows
 */
export function mergeStores(
  original: Uint8Array,
  update: Uint8Array,
): { readonly bytes: Uint8Array; readonly originalEnd: number; readonly added: ByteRange } | null {
  const [first, second] = [wholeStore(original), wholeStore(update)];
  if (first === null || second === null || !same(first.description, second.description)) return null;
  const manifests = update.subarray(second.children, second.end);
  const bytes = new Uint8Array(first.end + manifests.length);
  bytes.set(original.subarray(0, first.end));
  bytes.set(manifests, first.end);
  // Stores are limited to 16 MiB: the size fits into the short field.
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  return { bytes, originalEnd: first.end, added: { start: second.children, end: second.end } };
}

interface WholeStore {
  /** Of its description box. */
  readonly description: Uint8Array;
  /** Where its manifests begin and end. */
  readonly children: number;
  readonly end: number;
}

/** Null unless the bytes are one superbox to the last, with boxes in it that fill it: what is joined is not parsed again by itself. */
function wholeStore(bytes: Uint8Array): WholeStore | null {
  const box = boxAt(bytes, 0, bytes.length);
  if (box?.type !== 'jumb' || box.body !== 8) return null;
  // Said outright: a size of 0, which means "to the end", is refused by c2pa-rs here.
  if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== bytes.length) return null;
  const description = boxAt(bytes, box.body, box.end);
  if (description?.type !== 'jumd') return null;
  let end = description.end;
  for (const child of boxesIn(bytes, description.end, box.end)) {
    if (child.type !== 'jumb') return null;
    end = child.end;
  }
  if (end !== box.end) return null;
  return { description: bytes.subarray(description.start, description.end), children: description.end, end };
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
