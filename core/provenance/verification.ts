/**
 * What a verification takes and gives. Types only, shared by the edge, the browser and the command line. Made by verify-asset.ts.
 */
import type { ManifestStore } from '@contentauth/c2pa-types';
import type { ByteRange, ProvenanceReport } from '#schemas/provenance.ts';
import type { HashAlgorithm, Hasher } from './byte-source.ts';

/** What c2pa-rs says of a manifest store, or the text it threw. */
export type StoreReading =
  | { readonly kind: 'store'; readonly store: ManifestStore; readonly crJson: unknown }
  | { readonly kind: 'failed'; readonly thrown: string };

export interface VerifyDeps {
  createHasher(algorithm: HashAlgorithm): Hasher;
  /**
   * Reads a bare manifest store (`application/c2pa`) and everything in it but the binding to the asset. @see c2pa-store.ts
   * @param settings c2pa-rs settings as JSON
   */
  readStore(store: Uint8Array, settings: string): Promise<StoreReading>;
  now(): Date;
}

export interface VerifyOptions {
  /** SHA-256 of the whole file, from the same pass over its bytes (default). It costs a second hash: callers that know it already say no. */
  readonly fileSha256?: boolean;
}

/** A verification. The report is what is shown and stored; the rest is for those who look deeper. */
export interface Verification {
  readonly report: ProvenanceReport;
  /** crJSON with the binding of this file in it; null where no store could be read. @see C2PA 2.4, crJSON */
  readonly crJson: unknown;
  /** The JUMBF manifest store as it lay in the file (an `original` and its `update` merged). */
  readonly manifestStore: Uint8Array | null;
  /** Lower-case hex, null if it was not asked for. */
  readonly fileSha256: string | null;
  readonly where: {
    readonly store: readonly ByteRange[];
    /** Bytes that the hard binding leaves out. */
    readonly excluded: readonly ByteRange[];
  };
  readonly binding: ProvenanceReport['binding'];
}
