/**
 * The highest scores of many, without sorting all. Invariant: every eligible row that is not among `rows` scores at most
 * `threshold`. Called by rank.ts.
 */

export interface TopRows {
  readonly rows: readonly number[];
  /** The lowest score among `rows`, or 0 when every eligible row is among them. */
  readonly threshold: number;
}

/** Keeps the best `limit` in a binary min-heap; cost: one comparison for most rows. Scores are positive. */
export function topRows(score: Float64Array, eligible: Uint8Array, limit: number): TopRows {
  const heap: number[] = [];
  let threshold = 0;
  const scoreOf = (at: number): number => score[heap[at] ?? 0] ?? 0;

  function swap(a: number, b: number): void {
    const kept = heap[a] ?? 0;
    heap[a] = heap[b] ?? 0;
    heap[b] = kept;
  }
  function siftUp(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (scoreOf(parent) <= scoreOf(at)) return;
      swap(parent, at);
      at = parent;
    }
  }
  function siftDown(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && scoreOf(child) < scoreOf(least)) least = child;
      }
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  }

  for (let row = 0; row < eligible.length; row++) {
    if (eligible[row] === 0 || (score[row] ?? 0) <= threshold) continue;
    if (heap.length < limit) {
      heap.push(row);
      siftUp(heap.length - 1);
    } else {
      heap[0] = row;
      siftDown();
    }
    if (heap.length === limit) threshold = scoreOf(0);
  }
  return { rows: heap, threshold };
}
