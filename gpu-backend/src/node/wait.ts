/**
 * Waiting and trying again: exponential with full jitter, so that nodes that lost the edge together do not come back
 * together. Called by the loops of this folder. @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */

/** The outside world of the node; a test brings its own. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves after the time, at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

export const realClock: Clock = {
  now: () => performance.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, milliseconds);
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Milliseconds to wait before attempt `attempt` (1 is the first retry). */
export function backoff(attempt: number, random: number, base = 400, most = 15_000): number {
  return Math.round((0.25 + 0.75 * random) * Math.min(most, base * 2 ** Math.min(20, attempt - 1)));
}
