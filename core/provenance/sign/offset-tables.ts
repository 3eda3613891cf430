/**
 * The tables of an MP4 that hold absolute file offsets. Invariant: an entry that no longer fits its width stops the signature; a wrong offset is
 * never written. Called by bmff-rewriter.ts with slices of whole entries.
 * @see ISO/IEC 14496-12 §8.7.5 (stco, co64), §8.7.9 (saio), §8.8.10 (tfra)
 */
import { UnsignableAsset } from './errors.ts';

/** How the rows of a table look. */
export interface TableLayout {
  /** Bytes of one row. */
  readonly stride: number;
  /** Where in a row the offset is, and how wide: 4 or 8. */
  readonly at: number;
  readonly width: 4 | 8;
  readonly rows: number;
}

const largest32 = 0xffff_ffff;

/** Adds `delta` to one offset, in place. */
export function moveOffset(view: DataView, at: number, width: 4 | 8, delta: number): void {
  if (width === 8) {
    const moved = view.getBigUint64(at) + BigInt(delta);
    if (moved > 0x7fff_ffff_ffff_ffffn) throw new UnsignableAsset('an offset in it is beyond every file');
    view.setBigUint64(at, moved);
    return;
  }
  const moved = view.getUint32(at) + delta;
  if (moved > largest32) {
    throw new UnsignableAsset(
      'it has 32-bit chunk offsets that the credentials would push over 4 GiB; write it with co64',
    );
  }
  view.setUint32(at, moved);
}

/** Adds `delta` to the offset of every row in `slice`, in place. */
export function moveRows(slice: Uint8Array, layout: TableLayout, delta: number): void {
  const view = new DataView(slice.buffer, slice.byteOffset, slice.byteLength);
  for (let row = 0; row + layout.stride <= slice.length; row += layout.stride) {
    moveOffset(view, row + layout.at, layout.width, delta);
  }
}
