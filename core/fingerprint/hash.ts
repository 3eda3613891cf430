/**
 * 256-bit hashes as eight words. Invariant: bit `i` of a PDQ hash (coefficient `i` of the 16 × 16 DCT block, row by row) is bit `i mod 32` of
 * word `i div 32`, and the hex form is Meta's: the highest bit first. Called by everything in this folder and by the objects that search.
 * @see https://github.com/facebook/ThreatExchange/blob/main/hashing/hashing.pdf, §"PDQ"
 */

/** Words of a hash, and bits. */
export const hashWords = 8;
export const hashBits = 256;

/** Eight unsigned 32-bit words. */
export type Hash = Uint32Array;

/** Stands for a picture with nothing in it: no hash of anything is all zeros. */
export const noHash = '0'.repeat(64);

/** @throws RangeError unless it is 64 hex digits */
export function hashFromHex(hex: string): Hash {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError('a hash is 64 hex digits');
  const hash = new Uint32Array(hashWords);
  for (let word = 0; word < hashWords; word++) {
    hash[word] = Number.parseInt(hex.slice(56 - 8 * word, 64 - 8 * word), 16);
  }
  return hash;
}

export function hashToHex(hash: Hash): string {
  let hex = '';
  for (let word = hashWords - 1; word >= 0; word--) hex += (hash[word] ?? 0).toString(16).padStart(8, '0');
  return hex;
}

/** Set bits of a 32-bit word. @see Warren, Hacker's Delight, §5-1 */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits that differ, 0..256. */
export function hamming(a: Hash, b: Hash): number {
  return hammingAt(a, 0, b, 0);
}

/** The same for hashes that lie one behind the other in longer arrays; `from` counts words. */
export function hammingAt(a: Uint32Array, fromA: number, b: Uint32Array, fromB: number): number {
  let bits = 0;
  for (let word = 0; word < hashWords; word++)
    bits += popcount((a[fromA + word] ?? 0) ^ (b[fromB + word] ?? 0));
  return bits;
}

/** Whether fewer than `limit` + 1 bits differ; gives up as soon as it cannot be. @returns the distance, or -1 */
export function hammingWithin(
  a: Uint32Array,
  fromA: number,
  b: Uint32Array,
  fromB: number,
  limit: number,
): number {
  let bits = 0;
  for (let word = 0; word < hashWords; word++) {
    bits += popcount((a[fromA + word] ?? 0) ^ (b[fromB + word] ?? 0));
    if (bits > limit) return -1;
  }
  return bits;
}

/**
 * The hash of the mirrored picture, from the hash alone. A horizontal flip negates the DCT coefficients of odd horizontal frequency: those
 * bits turn over. Off by the few coefficients that lie between the median and its negative (published examples: 2 to 7 bits of 256).
 */
export function mirrored(hash: Hash): Hash {
  // Column 0 of the block is frequency 1: even bits are the odd frequencies.
  return hash.map((word) => (word ^ 0x55555555) >>> 0);
}
