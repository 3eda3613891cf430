/**
 * The `uuid` box in which a BMFF file carries its manifest store. Invariant: its size follows from the store's alone, so room can be left for it
 * before the store exists. Called by write-signed.ts, bmff-rewriter.ts and the code that keeps the bare store beside the file.
 * @see C2PA 2.4 Annex A.5.1
 */
import { box } from './jumbf-writer.ts';

/** d8fec3d6-1b0e-483c-9297-5828877ec481 */
export const c2paUuid = Uint8Array.of(
  0xd8,
  0xfe,
  0xc3,
  0xd6,
  0x1b,
  0x0e,
  0x48,
  0x3c,
  0x92,
  0x97,
  0x58,
  0x28,
  0x87,
  0x7e,
  0xc4,
  0x81,
);
const purpose = new TextEncoder().encode('manifest\0');
/** FullBox version and flags. */
const versionAndFlags = new Uint8Array(4);
/** Absolute offset of the first `merkle` box: there is none. */
const merkleOffset = new Uint8Array(8);
const overhead = 8 + c2paUuid.length + versionAndFlags.length + purpose.length + merkleOffset.length;

/** Bytes the box takes for a store of this size. */
export function slotSize(storeSize: number): number {
  return overhead + storeSize;
}

/** The box around a store. */
export function manifestBox(store: Uint8Array): Uint8Array<ArrayBuffer> {
  return box('uuid', [c2paUuid, versionAndFlags, purpose, merkleOffset, store]);
}
