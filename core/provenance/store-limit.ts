/**
 * How large a manifest store may be. Invariant: what c2pa-wasm and crJSON make of a store fits beside everything else into an isolate. Called by
 * the container readers and trusted-reading.ts.
 */

/** A store with its thumbnails is well under one megabyte; c2pa-wasm needs several times its size. */
export const maxStoreSize = 16 * 1024 * 1024;
/** Of which CBOR: two megabytes are 60,000 hashes, and as JSON twenty. Pictures are not CBOR. */
export const maxCborSize = 2 * 1024 * 1024;

/** Becomes `payload_too_large`. */
export class StoreTooLarge extends Error {
  readonly size: number;

  constructor(size: number, limit: number = maxStoreSize) {
    super(`A manifest store with ${size} bytes of this kind is not read; ${limit} is the limit.`);
    this.size = size;
  }
}
