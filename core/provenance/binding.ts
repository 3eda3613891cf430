/**
 * What a hard binding asks for and how it is judged. Types and what all bindings share. Made by binding-bmff.ts, binding-data.ts and
 * binding-boxes.ts; carried out by verify-asset.ts.
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { type HashAlgorithm, isHashAlgorithm } from './byte-source.ts';
import { bytesOf, type DigestJob } from './hash-pass.ts';

/**
 * `malformed`: the assertion binds nothing or contradicts itself; `mismatch`: the file is not what was signed.
 * Both make a file Invalid. @see C2PA 2.4 §15.2.2 (`assertion.*Hash.malformed`, `.mismatch`)
 */
export type BindingResult = 'match' | 'mismatch' | 'malformed';

/** Decided without hashing, or by digests. */
export type BindingPlan =
  | {
      readonly kind: 'decided';
      readonly result: 'mismatch' | 'malformed';
      readonly reason: string;
      readonly misplaced?: boolean;
    }
  | {
      readonly kind: 'digests';
      readonly jobs: readonly DigestJob[];
      /** @param digests in the order of the jobs */
      readonly judge: (digests: readonly Uint8Array[]) => { result: BindingResult; reason: string };
      /** Whether the assertion is also wrong about where the store lies: a failure beside whatever the hash says. */
      readonly misplaced?: boolean;
      /** Informational codes that only the file can tell, e.g. `assertion.boxesHash.additionalExclusionsPresent`. */
      readonly informational?: readonly string[];
    };

export function mismatch(reason: string): BindingPlan {
  return { kind: 'decided', result: 'mismatch', reason };
}

export function malformed(reason: string): BindingPlan {
  return { kind: 'decided', result: 'malformed', reason };
}

/** The first algorithm that is named, null if none is or c2pa-rs does not know it. */
export function algorithmOf(...names: readonly (string | null)[]): HashAlgorithm | null {
  const name = names.find((one) => one !== null) ?? null;
  return name !== null && isHashAlgorithm(name) ? name : null;
}

/** The bytes of the file that any of the jobs hashes: sorted, without overlap. */
export function coverage(jobs: readonly DigestJob[]): ByteRange[] {
  const ranges = jobs.flatMap(bytesOf).sort((left, right) => left.start - right.start);
  const joined: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last === undefined || range.start > last.end) joined.push({ ...range });
    else last.end = Math.max(last.end, range.end);
  }
  return joined;
}

export function sizeOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** How much of `[start, end)` lies in sorted ranges. */
export function coveredWithin(ranges: readonly ByteRange[], start: number, end: number): number {
  return sizeOf(
    ranges
      .map((range) => ({ start: Math.max(range.start, start), end: Math.min(range.end, end) }))
      .filter((range) => range.end > range.start),
  );
}

/** What of `[0, size)` sorted ranges leave out. */
export function gaps(ranges: readonly ByteRange[], size: number): ByteRange[] {
  const left: ByteRange[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (start > at) left.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  if (at < size) left.push({ start: at, end: size });
  return left;
}
