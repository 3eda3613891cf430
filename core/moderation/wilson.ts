/** Shares that are honest about how little was counted. Pure; called by the numbers of the desk. */

/** 97.5 % quantile of the normal distribution. */
const z95 = 1.959963984540054;

/**
 * Wilson score interval at 95 %.
 * @see Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22
 */
export function wilson(
  count: number,
  of: number,
): { value: number | null; low: number; high: number; of: number } {
  if (of === 0) return { value: null, low: 0, high: 1, of };
  const p = count / of;
  const z2 = z95 * z95;
  const centre = p + z2 / (2 * of);
  const spread = z95 * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of));
  const scale = 1 + z2 / of;
  return {
    value: p,
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
    of,
  };
}
