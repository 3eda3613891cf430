/**
 * Which parts a file has, and under which number each attempt to send one is stored. Invariants: the parts cover the file exactly once;
 * two attempts of one part that are under way together never share a place, so the one that is recorded last is the one that counts,
 * whichever of them finishes last. Pure; called by the Upload object.
 */
import { uploadPartSize } from '#schemas/http/uploads.ts';

/** Numbers kept for each part. R2 takes 10,000 in all and wants them ascending; 4 GiB in 8 MiB parts are 512. */
export const slotsPerPart = 16;

export function partCount(size: number): number {
  return Math.ceil(size / uploadPartSize);
}

/** Bytes of part `n`, from 1; null if there is no such part. */
export function sizeOfPart(size: number, n: number): number | null {
  const count = partCount(size);
  if (!Number.isInteger(n) || n < 1 || n > count) return null;
  return n < count ? uploadPartSize : size - (count - 1) * uploadPartSize;
}

/**
 * The R2 part number of an attempt, never the one that holds the recorded bytes.
 * @param attempt from 1; beyond `slotsPerPart - 1` the oldest numbers come round again
 * @param recorded R2 number of the attempt that counts now, null for none
 */
export function slotOf(n: number, attempt: number, recorded: number | null): number {
  const slots = Array.from({ length: slotsPerPart }, (_, index) => (n - 1) * slotsPerPart + index + 1);
  const free = slots.filter((slot) => slot !== recorded);
  // Without a recorded one the last is left out as well, so that recording one does not shift the others.
  const usable = recorded === null ? free.slice(0, slotsPerPart - 1) : free;
  return usable[(attempt - 1) % usable.length] ?? (n - 1) * slotsPerPart + 1;
}

/** Numbers that have not come, ascending. */
export function missingParts(size: number, stored: readonly number[]): number[] {
  const there = new Set(stored);
  return Array.from({ length: partCount(size) }, (_, index) => index + 1).filter((n) => !there.has(n));
}
