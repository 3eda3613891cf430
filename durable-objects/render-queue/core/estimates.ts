/** What the queue tells people about time. Pure; called by the RenderQueue object. */
import type { Tier } from '#schemas/http/accounts.ts';
import { tierWeights } from './fair-queue.ts';

/** The middle value, the mean of the two middle ones for an even count; null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  if (upper === undefined) return null;
  const lower = sorted[(sorted.length - 1) >> 1] ?? upper;
  return (lower + upper) / 2;
}

/**
 * Seconds until a job with `ahead` jobs before it is rendered.
 * @param slots jobs the connected nodes render at once; 0 when none is connected
 * @param medianSeconds of one render; null before the first
 */
export function waitEstimate(ahead: number, slots: number, medianSeconds: number | null): number | null {
  if (slots === 0 || medianSeconds === null) return null;
  return Math.max(1, Math.round((Math.floor(ahead / slots) + 1) * medianSeconds));
}

/**
 * Seconds after which a place in a full tier should be free: its share of the finished renders, 5 s at least, 5 min at most.
 * @param excess jobs of the tier over its cap
 */
export function retryAfter(tier: Tier, excess: number, slots: number, medianSeconds: number | null): number {
  const shares = Object.values(tierWeights).reduce((sum, weight) => sum + weight, 0);
  const perJob = ((medianSeconds ?? 15) / Math.max(1, slots)) * (shares / tierWeights[tier]);
  return Math.min(300, Math.max(5, Math.ceil((excess + 1) * perJob)));
}
