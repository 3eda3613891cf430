/**
 * Nodes whose lease request is held open until there is work. Invariant: a waiter is answered once, with a job or, when its time is up,
 * with null; the longest waiting is asked first. In memory only: a node whose request is lost asks again. Used by the objects
 * that lease work.
 */
/** More open requests than this are answered at once instead of being held. */
const maxWaiters = 1_000;

/**
 * @typeParam W who waits
 * @typeParam J what they are given
 */
export class Waiters<W extends object, J> {
  readonly #waiting = new Map<W, (job: J | null) => void>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @param waitMs resolves with null after this long, milliseconds */
  wait(waiter: W, waitMs: number): Promise<J | null> {
    if (waitMs <= 0 || this.#waiting.size >= maxWaiters) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer(waiter, null), waitMs);
      this.#waiting.set(waiter, (job) => {
        clearTimeout(timer);
        resolve(job);
      });
    });
  }

  /** Offers work to each in turn. @param lease leases a job for this waiter, or answers null when none fits */
  serve(lease: (waiter: W) => J | null): void {
    for (const waiter of [...this.#waiting.keys()]) {
      const job = lease(waiter);
      if (job !== null) this.#answer(waiter, job);
    }
  }

  #answer(waiter: W, job: J | null): void {
    const resolve = this.#waiting.get(waiter);
    this.#waiting.delete(waiter);
    resolve?.(job);
  }
}
