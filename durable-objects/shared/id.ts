/** New ids. Invariant: what this makes passes `idSchema(prefix)` and sorts by the time it was given. Called by objects and by the edge. */

import { ulid } from 'ulid';
import { type Id, type IdPrefix, withPrefix } from '#schemas/ids.ts';

/** @param now milliseconds since the epoch */
export function createId<P extends IdPrefix>(prefix: P, now: number): Id<P> {
  return withPrefix(prefix, ulid(now));
}
