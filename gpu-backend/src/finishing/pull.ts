/**
 * Pulling from an engine under an abort signal: an engine that hangs must not hold the node. Called by finish.ts.
 */

/** Yields what the source yields until it ends or the signal aborts; then the source is closed, without waiting for it. */
export async function* pull<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Lets timers and messages from worker threads run: blocks that arrive without waiting would starve them. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
