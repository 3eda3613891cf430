/**
 * When to try again. Invariant: the delay grows with the attempts, never passes the cap, and never falls below half of its step.
 * Called by the outbox and by the render queue's job machine. Pure: the jitter comes in.
 */

export interface Backoff {
  /** Delay before the second attempt, milliseconds. */
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Exponential backoff with equal jitter: half of the step is kept, half is spread, so that failures that began together do not return together.
 * @param attempts attempts made so far, 1 or more
 * @param jitter 0 ≤ jitter < 1
 * @returns milliseconds, whole
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("Equal Jitter")
 */
export function backoffMs(attempts: number, jitter: number, { baseMs, capMs }: Backoff): number {
  const step = Math.min(capMs, baseMs * 2 ** Math.max(0, attempts - 1));
  return Math.round(step / 2 + (step / 2) * jitter);
}
