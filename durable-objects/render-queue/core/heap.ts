/** A binary min-heap. Invariant: `peek` is never greater than any other element. Used by the fair queue; push and pop cost O(log n). */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before whether `a` comes out ahead of `b`; a strict order */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    items.push(item);
    for (let at = items.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIf(at, parent)) return;
      at = parent;
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = left + 1 < items.length && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (child >= items.length || !this.#swapIf(child, at)) return top;
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#items[a], this.#items[b]];
    return x !== undefined && y !== undefined && this.#before(x, y);
  }

  #swapIf(lower: number, upper: number): boolean {
    const [x, y] = [this.#items[lower], this.#items[upper]];
    if (x === undefined || y === undefined || !this.#before(x, y)) return false;
    this.#items[lower] = y;
    this.#items[upper] = x;
    return true;
  }
}
