/**
 * Which bytes a hash covers once exclusions are taken out, in the exact order c2pa-rs hashes them. Invariant: the ranges are the ones of
 * `utils/hash_utils.rs` (`hash_stream_by_alg`), odd cases included, so that a digest differs exactly when c2pa-rs's does.
 * Called by binding-bmff.ts and binding-data.ts.
 */

/** Bytes to leave out. `offset`: not an exclusion but a place at which the file offset itself is hashed (BMFF hash v2 and later). */
export interface HashRange {
  readonly start: number;
  readonly length: number;
  readonly offset?: true;
}

/** One piece of what goes into a hash: bytes of the file, or an offset as eight bytes big-endian. */
export type HashStep =
  | { readonly kind: 'bytes'; readonly start: number; readonly end: number }
  | { readonly kind: 'offset'; readonly at: number };

/**
 * Steps in file order, or null where c2pa-rs refuses the ranges (one of them reaches beyond the file, or there is nothing to hash).
 * @param size of the file in bytes
 */
export function hashSteps(ranges: readonly HashRange[], size: number): HashStep[] | null {
  if (size < 1) return null;
  const sorted = ranges.toSorted((left, right) => left.start - right.start);
  const last = sorted.at(-1);
  if (last === undefined) return [{ kind: 'bytes', start: 0, end: size }];
  if (last.start + last.length > size) return null;
  const offsets = sorted.filter(({ offset }) => offset === true).map(({ start }) => start);
  const included = complement(sorted, size);
  return offsets.length === 0 ? included : withOffsets(included, offsets, size);
}

interface Bytes {
  readonly kind: 'bytes';
  readonly start: number;
  readonly end: number;
}

/** What is left of the file without the sorted exclusions. */
function complement(sorted: readonly HashRange[], size: number): Bytes[] {
  const left: Bytes[] = [];
  let at = 0;
  for (const { start, length, offset } of sorted) {
    if (offset === true || length === 0) continue;
    if (start > at) left.push({ kind: 'bytes', start: at, end: Math.min(start, size) });
    at = Math.max(at, start + length);
  }
  if (at < size) left.push({ kind: 'bytes', start: at, end: size });
  return left;
}

/**
 * Splits the bytes where an offset is hashed. An offset whose bytes are excluded still counts if it lies between the first and the last byte
 * that is hashed, and a single byte at such a place gives way to the offset: both as in c2pa-rs.
 */
function withOffsets(included: readonly Bytes[], offsets: readonly number[], size: number): HashStep[] {
  const steps: HashStep[] = [];
  let next = 0;
  for (const range of included) {
    while (next < offsets.length && (offsets[next] ?? 0) < range.start) next += 1;
    let { start } = range;
    for (let at = offsets[next]; at !== undefined && at < range.end; at = offsets[next]) {
      if (at > start) steps.push({ kind: 'bytes', start, end: at });
      steps.push({ kind: 'offset', at });
      start = at;
      next += 1;
    }
    steps.push({ kind: 'bytes', start, end: range.end });
  }
  const known = new Set(offsets);
  const marked = steps.map((step) =>
    step.kind === 'bytes' && step.end - step.start === 1 && known.has(step.start)
      ? ({ kind: 'offset', at: step.start } as const)
      : step,
  );
  const first = included.at(0)?.start ?? 0;
  const lastByte = (included.at(-1)?.end ?? size) - 1;
  const outside = offsets.filter(
    (at) => at > first && at < lastByte && !included.some(({ start, end }) => at >= start && at < end),
  );
  return merge(marked, outside);
}

function merge(steps: readonly HashStep[], outside: readonly number[]): HashStep[] {
  if (outside.length === 0) return [...steps];
  const startOf = (step: HashStep) => (step.kind === 'bytes' ? step.start : step.at);
  return [...steps, ...outside.map((at) => ({ kind: 'offset', at }) as const)].sort(
    (left, right) => startOf(left) - startOf(right),
  );
}
