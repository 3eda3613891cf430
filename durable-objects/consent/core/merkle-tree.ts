/**
 * The Merkle tree over the consent log's entries: RFC 6962 §2.1 hashes, proofs checked by RFC 9162 §2.1.3.2 and §2.1.4.2.
 * Invariants: only roots of perfect subtrees are ever stored, and they never change; everything else is computed from them, so an
 * append writes one node, plus one for every subtree it completes. Called by transparency.ts and by verify-record.ts.
 */

/** SHA-256 over the parts, one after the other; given by the caller because pure code knows no platform. */
export type HashBytes = (...parts: readonly Uint8Array[]) => Uint8Array;

/** Root of the perfect subtree over the leaves `index · 2^level` to `(index + 1) · 2^level − 1`. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** Reads a stored node. @throws if it is not there */
export type ReadNode = (level: number, index: number) => Uint8Array;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export function hashLeaf(data: Uint8Array, hash: HashBytes): Uint8Array {
  return hash(leafPrefix, data);
}

function hashNode(left: Uint8Array, right: Uint8Array, hash: HashBytes): Uint8Array {
  return hash(nodePrefix, left, right);
}

/** The nodes that appending one leaf to a tree of `size` leaves completes: the leaf first. */
export function appendLeaf(size: number, leafHash: Uint8Array, read: ReadNode, hash: HashBytes): TreeNode[] {
  const nodes: TreeNode[] = [{ level: 0, index: size, hash: leafHash }];
  let current = leafHash;
  let index = size;
  for (let level = 0; index % 2 === 1; level += 1) {
    current = hashNode(read(level, index - 1), current, hash);
    index = (index - 1) / 2;
    nodes.push({ level: level + 1, index, hash: current });
  }
  return nodes;
}

/** MTH(D[from:to]) for a range that starts where a subtree of its size may start (RFC 6962 §2.1). */
function rangeHash(from: number, to: number, read: ReadNode, hash: HashBytes): Uint8Array {
  const count = to - from;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return read(level, from / count);
  const split = from + largestPowerBelow(count);
  return hashNode(rangeHash(from, split, read, hash), rangeHash(split, to, read, hash), hash);
}

/** The largest power of two smaller than `count` (≥ 2). */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** The root over the first `size` leaves; of an empty tree, the hash of nothing. */
export function rootHash(size: number, read: ReadNode, hash: HashBytes): Uint8Array {
  return size === 0 ? hash() : rangeHash(0, size, read, hash);
}

/**
 * The audit path of one leaf in the tree of the first `size` leaves, from leaf to root (RFC 6962 §2.1.1).
 * @param index 0 … size − 1
 */
export function inclusionProof(index: number, size: number, read: ReadNode, hash: HashBytes): Uint8Array[] {
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const split = from + largestPowerBelow(to - from);
    return index < split
      ? [...path(from, split), rangeHash(split, to, read, hash)]
      : [...path(split, to), rangeHash(from, split, read, hash)];
  };
  return path(0, size);
}

/** Shows that the tree of `oldSize` leaves (≥ 1) is the beginning of the tree of `size` leaves (RFC 6962 §2.1.2). */
export function consistencyProof(
  oldSize: number,
  size: number,
  read: ReadNode,
  hash: HashBytes,
): Uint8Array[] {
  const subproof = (from: number, to: number, whole: boolean): Uint8Array[] => {
    if (oldSize === to) return whole ? [] : [rangeHash(from, to, read, hash)];
    const split = from + largestPowerBelow(to - from);
    return oldSize <= split
      ? [...subproof(from, split, whole), rangeHash(split, to, read, hash)]
      : [...subproof(split, to, false), rangeHash(from, split, read, hash)];
  };
  return subproof(0, size, true);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(
  leafHash: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  hash: HashBytes,
): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let [node, last, current] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      current = hashNode(sibling, current, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else current = hashNode(current, sibling, hash);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(current, root);
}

/** RFC 9162 §2.1.4.2. */
export function verifyConsistency(
  oldSize: number,
  size: number,
  oldRoot: Uint8Array,
  root: Uint8Array,
  proof: readonly Uint8Array[],
  hash: HashBytes,
): boolean {
  if (oldSize < 1 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && same(oldRoot, root);
  // A tree of a power of two leaves is a node of the larger one: it opens the path itself.
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : [...proof];
  const [first, ...siblings] = path;
  if (first === undefined) return false;
  let [node, last] = [oldSize - 1, size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  let [older, newer] = [first, first];
  for (const sibling of siblings) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [older, newer] = [hashNode(sibling, older, hash), hashNode(sibling, newer, hash)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else newer = hashNode(newer, sibling, hash);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(older, oldRoot) && same(newer, root);
}
