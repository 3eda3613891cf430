/**
 * What the verifier reads from and hashes with. Invariant: nobody asks for a whole file in one piece; the platform (R2 ranges, a Blob, a file
 * handle) is the caller's. Called by verify-asset.ts; sources live with their platforms, the one over memory here.
 */

export interface ByteSource {
  readonly size: number;
  /** Bytes `[start, end)` in chunks. A chunk is only valid until the next one is asked for. Shorter than asked is a fault: throw. */
  stream(start: number, end: number): AsyncIterable<Uint8Array>;
  /** Bytes `[start, end)`, of which there are few. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512';

export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** Digest sizes in bytes. */
export const digestSizes: Readonly<Record<HashAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Whether c2pa-rs knows the algorithm; it knows no other spelling. @see c2pa-rs `utils/hash_utils.rs` */
export function isHashAlgorithm(name: string): name is HashAlgorithm {
  return Object.hasOwn(digestSizes, name);
}

/** A source over bytes that are in memory anyway. */
export function bytesSource(bytes: Uint8Array, chunkSize = 256 * 1024): ByteSource {
  return {
    size: bytes.length,
    async *stream(start, end) {
      for (let at = start; at < end; at += chunkSize) yield bytes.subarray(at, Math.min(end, at + chunkSize));
    },
    read: async (start, end) => bytes.subarray(start, end),
  };
}
