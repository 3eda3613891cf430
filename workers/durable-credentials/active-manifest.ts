/**
 * One manifest out of a store, as a store of its own. Invariant: bytes are copied, never written anew, so what was signed stays what it was; of
 * anything that is not a plain store nothing is made. Called by `/manifests/{manifestId}`.
 * @see ISO/IEC 19566-5 (JUMBF boxes), C2PA 2.4 §11.1
 */
import { storePaths } from '#core/provenance/jumbf.ts';

const headerSize = 8;

/** Null when the store has no manifest of this label, or is not one superbox of ordinary size. */
export function manifestOf(store: Uint8Array, label: string): Uint8Array<ArrayBuffer> | null {
  const paths = storePaths(store);
  const root = paths.get('/c2pa');
  const manifest = paths.get(`/c2pa/${label}`);
  if (root === undefined || manifest === undefined || root.start !== 0) return null;
  const view = new DataView(store.buffer, store.byteOffset, store.byteLength);
  // Sizes of one and zero mean an extended size and "to the end": nobody writes a store of a few kilobytes so.
  const descriptionEnd = headerSize + view.getUint32(headerSize);
  if (view.getUint32(0) !== root.end || descriptionEnd > manifest.start) return null;
  const length = manifest.end - manifest.start;
  const bytes = new Uint8Array(descriptionEnd + length);
  bytes.set(store.subarray(0, descriptionEnd));
  bytes.set(store.subarray(manifest.start, manifest.end), descriptionEnd);
  new DataView(bytes.buffer).setUint32(0, bytes.length);
  return bytes;
}
