/**
 * Finds the picture inside bars: by looking for one-coloured ones, by reckoning for blurred ones. Called by detect.ts.
 */
import type { LumaFrame } from './frame.ts';
import type { Window } from './grid.ts';

/** Grey levels a bar may vary by: coding noise. */
const tolerance = 6;

/** @returns the part of the frame that is not bars, or null when there are none or nothing would be left. */
export function contentWindow({ width, height, data }: LumaFrame): Window | null {
  const flatRow = (y: number): boolean => flat((i) => data[y * width + i] ?? 0, width);
  const flatColumn = (x: number): boolean => flat((i) => data[i * width + x] ?? 0, height);
  let top = 0;
  let bottom = height;
  let left = 0;
  let right = width;
  while (top < height && flatRow(top)) top++;
  while (bottom > top && flatRow(bottom - 1)) bottom--;
  while (left < width && flatColumn(left)) left++;
  while (right > left && flatColumn(right - 1)) right--;
  const window = { x: left, y: top, width: right - left, height: bottom - top };
  const bars = (width - window.width) / width + (height - window.height) / height;
  return bars > 0.01 && window.width >= 32 && window.height >= 32 ? window : null;
}

/** Width over height of what is made here and of what editors export. */
const aspects = [16 / 9, 9 / 16, 1, 4 / 5, 4 / 3] as const;

/** Where a whole clip of a usual shape lies when it was set in the middle of a frame of another, whatever fills the rest. */
export function framedWindows(width: number, height: number): Window[] {
  const frame = width / height;
  return aspects
    .filter((aspect) => Math.abs(Math.log(aspect / frame)) > 0.03)
    .map((aspect) => {
      const w = aspect < frame ? height * aspect : width;
      const h = aspect < frame ? height : width / aspect;
      return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
    });
}

function flat(at: (i: number) => number, length: number): boolean {
  const first = at(0);
  for (let i = 0; i < length; i++) {
    if (Math.abs(at(i) - first) > tolerance) return false;
  }
  return true;
}
