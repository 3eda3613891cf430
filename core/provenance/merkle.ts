/**
 * Merkle trees over parts of a media file. Invariant: an unpaired node rises unchanged, and a path is replayed exactly as in c2pa-rs
 * (`assertions/bmff_hash.rs`, `check_merkle_tree`; `utils/merkle.rs`). Called by binding-merkle.ts and the streaming signer.
 * @see C2PA 2.4 §18.7.4 (Merkle tree)
 */

import { equal } from './bmff-boxes.ts';
import type { HashAlgorithm, Hasher } from './byte-source.ts';

/** Makes hashers. */
export type CreateHasher = (algorithm: HashAlgorithm) => Hasher;

/** Sizes of the rows of a tree, leaves first. */
export function rowSizes(leaves: number): number[] {
  const sizes = [leaves];
  for (let size = leaves; size > 1; ) {
    size = Math.ceil(size / 2);
    sizes.push(size);
  }
  return sizes;
}

/**
 * The root over leaves that lie one behind the other; null of none.
 * @param leaves hashes of `size` bytes each
 */
export function rootOf(
  leaves: Uint8Array,
  size: number,
  algorithm: HashAlgorithm,
  createHasher: CreateHasher,
): Uint8Array | null {
  let row = leaves;
  while (row.length > size) {
    const count = row.length / size;
    const above = new Uint8Array(Math.ceil(count / 2) * size);
    for (let at = 0; at < count; at += 2) {
      const left = row.subarray(at * size, (at + 1) * size);
      const right = row.subarray((at + 1) * size, (at + 2) * size);
      above.set(right.length === 0 ? left : pair(left, right, algorithm, createHasher), (at / 2) * size);
    }
    row = above;
  }
  return row.length === 0 ? null : row;
}

/** Which row is signed. */
export interface SignedRow {
  /** Leaves of the whole tree. */
  readonly count: number;
  readonly hashes: readonly Uint8Array[];
}

/**
 * Whether a leaf leads to the signed row.
 * @param path the hashes beside its way up; null where the leaf row itself is signed
 */
export function leadsToRow(
  leaf: Uint8Array,
  location: number,
  path: readonly Uint8Array[] | null,
  row: SignedRow,
  algorithm: HashAlgorithm,
  createHasher: CreateHasher,
): boolean {
  if (location >= row.count) return false;
  let [index, hash, used] = [location, leaf, 0];
  for (const size of rowSizes(row.count)) {
    if (size === row.hashes.length) break;
    const sibling = index % 2 === 1 ? index - 1 : index + 1;
    if (path !== null && sibling < size) {
      const beside = path[used];
      if (beside === undefined) return false;
      used += 1;
      hash =
        sibling < index
          ? pair(beside, hash, algorithm, createHasher)
          : pair(hash, beside, algorithm, createHasher);
    }
    index = Math.floor(index / 2);
  }
  const signed = row.hashes[index];
  return signed !== undefined && equal(signed, hash);
}

function pair(
  left: Uint8Array,
  right: Uint8Array,
  algorithm: HashAlgorithm,
  createHasher: CreateHasher,
): Uint8Array {
  const hasher = createHasher(algorithm);
  hasher.update(left);
  hasher.update(right);
  return hasher.digest();
}
