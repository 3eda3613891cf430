/** Timing of requests. Medians, because a shared machine has bad moments; ratios, because machines differ. */

export interface Timing {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

export function summarise(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

/**
 * Times several actions turn by turn, so that a slow moment of the machine hits all of them.
 * @param rounds how often each action runs, after a tenth of that as warm-up
 */
export async function timeInTurns<K extends string>(
  actions: Readonly<Record<K, () => Promise<void>>>,
  rounds: number,
): Promise<Record<K, Timing>> {
  const names = Object.keys(actions) as K[];
  const samples = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = -Math.ceil(rounds / 10); round < rounds; round += 1) {
    for (const name of names) {
      const started = performance.now();
      await actions[name]();
      if (round >= 0) samples.get(name)?.push(performance.now() - started);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(samples.get(name) ?? [])])) as Record<
    K,
    Timing
  >;
}
