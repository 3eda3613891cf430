/**
 * Real time and what happens in it, in milliseconds. Invariant: events run in order of time, and of two at the same time the one that
 * was planned first runs first, so that a history always plays the same. Called by every actor of the simulation.
 */

interface Planned {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

/** More events than this in one history means that something feeds itself. */
const maxEvents = 1_000_000;

export class Scheduler {
  /** Real time: no actor may read it, only clocks, the network and the invariants. */
  now = 0;
  #planned = 0;
  /** A binary heap. */
  readonly #heap: Planned[] = [];

  /** Runs at `time`, or now if that is past. */
  at(time: number, run: () => void): void {
    if (this.#planned > maxEvents) throw new Error('the simulation does not come to rest');
    const event = { time: Math.max(time, this.now), order: this.#planned++, run };
    const heap = this.#heap;
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = event;
  }

  /** Until `end`, or until nothing is left. */
  runUntil(end: number): void {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.time > end) break;
      this.#pop();
      this.now = next.time;
      next.run();
    }
    this.now = end;
  }

  get events(): number {
    return this.#planned;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      const left = heap[2 * i + 1];
      if (left === undefined) break;
      const right = heap[2 * i + 2];
      const rightFirst = right !== undefined && before(right, left);
      const child = rightFirst ? right : left;
      if (before(last, child)) break;
      heap[i] = child;
      i = 2 * i + (rightFirst ? 2 : 1);
    }
    heap[i] = last;
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
