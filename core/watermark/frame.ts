/**
 * Pictures as the mark sees them: luma, eight bits, rows without padding. Called by everything in this folder and by whoever
 * decodes a picture for it.
 */

export interface LumaFrame {
  readonly width: number;
  readonly height: number;
  /** `width · height` samples, row by row; full or limited range, the detector does not mind. */
  readonly data: Uint8Array;
}

/** BT.709 luma, weights in 1/256. @see ITU-R BT.709-6 §3.2 */
export const [weightR, weightG, weightB] = [54, 183, 19] as const;

/**
 * @param rgba `width · height · 4` bytes
 * @throws RangeError when there are fewer bytes than that
 */
export function lumaFromRgba(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): LumaFrame {
  const count = width * height;
  if (rgba.length < 4 * count)
    throw new RangeError(`${rgba.length} bytes are no picture of ${width}×${height}`);
  const data = new Uint8Array(count);
  for (let i = 0, j = 0; i < count; i++, j += 4) {
    data[i] =
      (weightR * (rgba[j] ?? 0) + weightG * (rgba[j + 1] ?? 0) + weightB * (rgba[j + 2] ?? 0) + 128) >> 8;
  }
  return { width, height, data };
}
