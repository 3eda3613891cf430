/**
 * The order of `recent` and `following`: newest first. Invariant: every row given comes strictly after `after` in that order, so
 * pages never overlap and never skip. Called by session.ts.
 */
import type { Id } from '#schemas/ids.ts';
import type { CandidatePool } from './candidate-pool.ts';

export interface TimelinePlace {
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
  readonly clipId: Id<'clip'>;
}

/** Newest first; clips of the same millisecond by id, largest first. Negative: `a` comes first. */
export function compareNewest(a: TimelinePlace, b: TimelinePlace): number {
  if (a.publishedAt !== b.publishedAt) return b.publishedAt - a.publishedAt;
  return a.clipId > b.clipId ? -1 : a.clipId < b.clipId ? 1 : 0;
}

/** Up to `limit` eligible rows after a place. Cost: one scan, plus insertion into a short list. */
export function newestRows(
  pool: CandidatePool,
  eligible: Uint8Array,
  after: TimelinePlace | null,
  limit: number,
): number[] {
  const rows: number[] = [];
  const { candidates, publishedAt, size } = pool;
  const latest = after?.publishedAt ?? Number.POSITIVE_INFINITY;
  let earliest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    const time = publishedAt[i] ?? 0;
    if (eligible[i] === 0 || time > latest || time < earliest) continue;
    const candidate = candidates[i];
    if (candidate === undefined || (after !== null && compareNewest(after, candidate) >= 0)) continue;
    let at = rows.length;
    while (at > 0) {
      const before = candidates[rows[at - 1] ?? -1];
      if (before === undefined || compareNewest(before, candidate) < 0) break;
      at -= 1;
    }
    rows.splice(at, 0, i);
    if (rows.length > limit) rows.pop();
    if (rows.length === limit) earliest = publishedAt[rows[limit - 1] ?? 0] ?? 0;
  }
  return rows;
}
