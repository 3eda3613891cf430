/**
 * Small integers for strings (owners, remix trees), so that ranking compares numbers and uses typed arrays. Invariant: while a
 * string is held at least once it keeps its number; a number is reused only after everybody released it, so memory follows what
 * is in the pool. Called by candidate-pool.ts.
 */
export interface Interner {
  /** Takes one hold. */
  hold(text: string): number;
  release(text: string): void;
  /** The number, or -1 for a string nobody holds. */
  find(text: string): number;
  /** Every number is below this. */
  readonly size: number;
}

/** An empty interner. */
export function createInterner(): Interner {
  const held = new Map<string, { number: number; holds: number }>();
  const free: number[] = [];
  let next = 0;
  return {
    hold(text) {
      const known = held.get(text);
      if (known !== undefined) {
        known.holds += 1;
        return known.number;
      }
      const number = free.pop() ?? next++;
      held.set(text, { number, holds: 1 });
      return number;
    },
    release(text) {
      const known = held.get(text);
      if (known === undefined) return;
      known.holds -= 1;
      if (known.holds > 0) return;
      held.delete(text);
      free.push(known.number);
    },
    find: (text) => held.get(text)?.number ?? -1,
    get size() {
      return next;
    },
  };
}
