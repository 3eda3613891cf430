/**
 * Deterministic chance: the same session sees the same order, whatever was restarted in between. Called by rank.ts and
 * candidate-pool.ts. Not for secrets.
 */

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A number in [0, 1) from a seed and a hash: the finaliser of MurmurHash3 (Austin Appleby) over their combination. */
export function chance(seed: number, hash: number): number {
  let h = (seed ^ Math.imul(hash, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
}
