/**
 * What every kind of file comes down to for the verifier: where its manifest store lies and what a hash may be asked to cover. Types only.
 * Made by bmff.ts, jpeg.ts, png.ts, riff.ts; called by verify-asset.ts.
 */
import type { ByteRange } from '#schemas/provenance.ts';

/** The manifest store of a file. */
export type FoundStore =
  | {
      readonly kind: 'store';
      readonly bytes: Uint8Array;
      /** Where its bytes lie, in order. */
      readonly ranges: readonly ByteRange[];
    }
  /** `remoteUrl`: where the file's XMP says that its manifest is. */
  | { readonly kind: 'none'; readonly remoteUrl: string | null }
  /** There is something that should be a store and cannot be read as one. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** A named part of a file, as `c2pa.hash.boxes` counts them. @see C2PA 2.4 §18.8 (general box hash) */
export interface NamedBox {
  readonly name: string;
  readonly start: number;
  readonly size: number;
}

/** The name under which `c2pa.hash.boxes` lists the store itself. */
export const storeBoxName = 'C2PA';

export interface FlatContainer {
  readonly kind: 'jpeg' | 'png' | 'riff';
  readonly store: FoundStore;
  /** What `c2pa.hash.data` has to exclude: everything from the first to the last byte that carries the store. */
  readonly storeSpan: ByteRange | null;
  /** Null for kinds of file that have no box hash in c2pa-rs. */
  readonly boxes: readonly NamedBox[] | null;
}
