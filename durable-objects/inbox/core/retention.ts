/**
 * What an inbox keeps. Invariants: never more than `inboxLimit` items; what was read goes before what was not, the oldest first; times
 * grow strictly, so ids made from them sort as the items came, also when many come within one millisecond. Pure; called by
 * inbox-object.ts.
 */

/** Items one account's inbox holds. */
export const inboxLimit = 1_000;

/** A notice that comes again within this time is known; its sender's outbox gives up within hours. Milliseconds. */
export const dedupeMs = 30 * 86_400_000;

/** How many of the oldest read and of the oldest unread items have to go. */
export function overflow(
  { total, read }: { readonly total: number; readonly read: number },
  limit = inboxLimit,
): { read: number; unread: number } {
  const excess = Math.max(0, total - limit);
  const dropped = Math.min(excess, read);
  return { read: dropped, unread: excess - dropped };
}

/** When the next item happened, milliseconds since the epoch: now, or just after the last one if the clock has not moved since. */
export function nextTime(now: number, last: number | null): number {
  return last === null ? now : Math.max(now, last + 1);
}
