/**
 * How much of what hurts a moderator looks at in a day. Blurring alone is not enough (the studies disagree on whether it helps), so seconds
 * of unfiltered viewing are counted and end. Pure; called by the queue object and by the console, which shows what is left.
 */
import type { Exposure } from '#schemas/http/moderation.ts';
import type { HarmClass } from '#schemas/moderation.ts';

/** Seconds per UTC day. */
export const exposureCaps: Readonly<Record<HarmClass, number>> = {
  minor: 10 * 60,
  sexual: 60 * 60,
  violence: 45 * 60,
  hate: 90 * 60,
  none: 5 * 3600,
};

const dayMs = 86_400_000;

/** The UTC day that `now` lies in, e.g. `2026-11-22`. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** @param now milliseconds since the epoch */
export function exposureOf(harmClass: HarmClass, usedSeconds: number, now: number): Exposure {
  const capSeconds = exposureCaps[harmClass];
  return {
    harmClass,
    usedSeconds,
    capSeconds,
    remainingSeconds: Math.max(0, capSeconds - usedSeconds),
    resetsAt: new Date((Math.floor(now / dayMs) + 1) * dayMs).toISOString(),
  };
}
