/**
 * The order of `discover`: fresh clips first, few of one author or remix tree near each other, a little chance. Invariants: nothing
 * served or blocked is picked; at every place, spacing is broken only when no clip left could keep it; the same inputs give the
 * same picks. Called by session.ts.
 *
 * Score = 1 / (1 + age / 6 h) × (0.8 … 1.25 by session seed) × 0.5 per clip of the same author among the last 19, at least × 0.25
 * (the author decay that X publishes, xai-org/x-algorithm, home-mixer/params). Places 7 and 15 of every 20 are drawn evenly from
 * all that is left, authors this session has not met first: a floor of exposure that costs little of the order.
 */
import type { CandidatePool } from './candidate-pool.ts';
import { chance } from './random.ts';
import { topRows } from './top-rows.ts';

/** An author or a remix tree appears at most this often… */
export const repeatLimit = 2;
/** … in so many clips in a row. */
export const repeatWindow = 20;
/** Clips of other authors between two of the same. */
export const authorGap = 4;

const halfScoreMs = 6 * 3_600_000;
/** Best scores looked at before the whole pool is; enough to fill a page past authors shown too often. */
const shortlistLength = 256;
const explorationPlaces = new Set([6, 14]);

export type Pick = 'rank' | 'voice' | 'random';

/** What the session has shown last, oldest first; owners and trees as pool numbers, -1 for those that left the pool. */
export interface RankHistory {
  readonly owners: readonly number[];
  readonly roots: readonly number[];
}

export interface RankRequest {
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly limit: number;
  /** Clips this session has shown: tells which place comes next. */
  readonly shown: number;
  /** By row: 1 may be picked. Rows picked are set to 0. */
  readonly eligible: Uint8Array;
  /** By owner number: 1 if this session has shown the author. */
  readonly met: Uint8Array;
  readonly history: RankHistory;
}

export interface RankedRow {
  readonly row: number;
  readonly pick: Pick;
}

/** Counts of the last `repeatWindow - 1` items and how far back each author was, kept while picks are added. */
function createWindow(pool: CandidatePool, history: RankHistory) {
  const ownerCount = new Uint8Array(pool.owners);
  const rootCount = new Uint8Array(pool.roots);
  const lastPlace = new Int32Array(pool.owners).fill(-1_000);
  const owners: number[] = [];
  const roots: number[] = [];
  let place = 0;

  function bump(counts: Uint8Array, number: number | undefined, by: number): void {
    if (number !== undefined && number >= 0) counts[number] = (counts[number] ?? 0) + by;
  }
  function push(owner: number, root: number): void {
    owners.push(owner);
    roots.push(root);
    bump(ownerCount, owner, 1);
    bump(rootCount, root, 1);
    if (owner >= 0) lastPlace[owner] = place;
    place += 1;
    if (owners.length < repeatWindow) return;
    bump(ownerCount, owners.shift(), -1);
    bump(rootCount, roots.shift(), -1);
  }
  for (let i = 0; i < history.owners.length; i++) push(history.owners[i] ?? -1, history.roots[i] ?? -1);

  /** 0 keeps every rule; 1 repeats too often; above 1, the author is too near, nearer the higher. */
  function breach(owner: number, root: number): number {
    const distance = place - (lastPlace[owner] ?? -1_000);
    if (distance <= authorGap) return 2 + authorGap - distance;
    return (ownerCount[owner] ?? 0) >= repeatLimit || (rootCount[root] ?? 0) >= repeatLimit ? 1 : 0;
  }
  return { push, breach, ownerCount };
}

/** A row with what speaks for and against it at the place to be filled. */
interface Choice {
  readonly row: number;
  readonly breach: number;
  readonly value: number;
}

/** Picks up to `limit` rows, best first. Cost: one pass over the pool, a second where the shortlist cannot decide. */
export function rankDiscover(pool: CandidatePool, request: RankRequest): RankedRow[] {
  const { eligible, met, seed, now } = request;
  const { owner, root, publishedAt, hash, candidates, size } = pool;
  const score = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (eligible[i] === 0) continue;
    const age = Math.max(0, now - (publishedAt[i] ?? 0));
    score[i] = (0.8 + 0.45 * chance(seed, hash[i] ?? 0)) / (1 + age / halfScoreMs);
  }
  const shortlist = topRows(score, eligible, shortlistLength + request.limit);
  const allRows = rowNumbers(size);
  const window = createWindow(pool, request.history);

  const ranked = (row: number, of: number): number =>
    (score[row] ?? 0) * Math.max(0.25, 0.5 ** (window.ownerCount[of] ?? 0));
  const drawn = (row: number, of: number): number => chance(~seed, hash[row] ?? 0) + (met[of] === 0 ? 1 : 0);

  /** The least breach wins, then the highest value, then the smaller id: no two runs choose differently. */
  function choose(rows: ArrayLike<number>, worth: (row: number, of: number) => number): Choice | null {
    let best = -1;
    let bestBreach = Number.POSITIVE_INFINITY;
    let bestValue = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      if (eligible[row] === 0) continue;
      const of = owner[row] ?? 0;
      const breach = window.breach(of, root[row] ?? 0);
      if (breach > bestBreach) continue;
      const value = worth(row, of);
      const better =
        breach < bestBreach ||
        value > bestValue ||
        (value === bestValue && (candidates[row]?.clipId ?? '') < (candidates[best]?.clipId ?? ''));
      if (!better) continue;
      best = row;
      bestBreach = breach;
      bestValue = value;
    }
    return best === -1 ? null : { row: best, breach: bestBreach, value: bestValue };
  }

  /** Nothing outside the shortlist can beat a choice that keeps every rule and scores above the threshold: decay only lowers scores. */
  function chooseRanked(): Choice | null {
    const short = choose(shortlist.rows, ranked);
    const decided = short !== null && short.breach === 0 && short.value > shortlist.threshold;
    return decided ? short : choose(allRows, ranked);
  }

  const picks: RankedRow[] = [];
  while (picks.length < request.limit) {
    const explores = explorationPlaces.has((request.shown + picks.length) % repeatWindow);
    const choice = explores ? choose(allRows, drawn) : chooseRanked();
    if (choice === null) break;
    const { row } = choice;
    const of = owner[row] ?? 0;
    picks.push({ row, pick: !explores ? 'rank' : met[of] === 0 ? 'voice' : 'random' });
    eligible[row] = 0;
    met[of] = 1;
    window.push(of, root[row] ?? 0);
  }
  return picks;
}

function rowNumbers(size: number): Uint32Array {
  const rows = new Uint32Array(size);
  for (let row = 0; row < size; row++) rows[row] = row;
  return rows;
}
