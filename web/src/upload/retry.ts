/** When a part that did not arrive is sent again, and when not. Pure. Called by uploader.ts. */
import type { ApiError } from '../api/client.ts';

export const maxTries = 6;

/** Whether the same request may succeed later: nobody answered, too many at once, a fault, or bytes that were damaged on the way. */
export function mayRetry(error: ApiError): boolean {
  return (
    error.code === 'network' ||
    error.code === 'checksum_mismatch' ||
    error.status === 408 ||
    error.status === 429 ||
    error.status >= 500
  );
}

/**
 * Milliseconds before the next try: doubling from half a second to at most 20 s, half of it by chance, so that parts that failed together do
 * not come back together; never sooner than the server asked for.
 * @param tries how many have failed, from 1
 * @param chance 0..1
 */
export function retryDelay(tries: number, chance: number, retryAfter: number | null): number {
  const full = Math.min(20_000, 500 * 2 ** (tries - 1));
  return Math.max(full / 2 + (full / 2) * chance, (retryAfter ?? 0) * 1000);
}
