/**
 * What is denied at this moment, kept in memory. Invariant: after the entries 1…n were applied once each, every lift after its denial,
 * a capability is denied on a key exactly if some denial among them names it and no entry among them lifts that denial; two denials
 * of one key stand independently. A region gate holds every standing denial of a shard here, so a key costs one slot of a map and
 * shares its set with all keys that are denied the same. Called by the region gate's machine and by tests.
 */
import { type Capability, type ConsentKey, capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Revocations } from './decide.ts';

export interface DenialIndex {
  /** The view `decide` reads. */
  readonly denied: Revocations;
  /** Updates the index in place: it may hold millions of keys. */
  apply(entry: {
    readonly key: ConsentKey;
    /** Of a lift: what its denial denied. */
    readonly denies: readonly Capability[];
    readonly lifts: Id<'rev'> | null;
  }): void;
}

/** One set for each of the 32 combinations, shared by every index: a combination is a number with one bit per capability. */
const sets = Array.from(
  { length: 2 ** capabilities.length },
  (_, mask): ReadonlySet<Capability> => new Set(capabilities.filter((_, bit) => (mask & (1 << bit)) !== 0)),
);
const masks = new Map(sets.map((set, mask) => [set, mask]));

function maskOf(denies: readonly Capability[]): number {
  let mask = 0;
  for (const capability of denies) mask |= 1 << capabilities.indexOf(capability);
  return mask;
}

/** An empty index. */
export function createDenialIndex(): DenialIndex {
  const denied = new Map<ConsentKey, ReadonlySet<Capability>>();
  /** How many denials stand per capability, for the few keys on which some capability is denied more than once. */
  const stacked = new Map<ConsentKey, readonly number[]>();

  function store(key: ConsentKey, mask: number): void {
    const set = sets[mask];
    if (set === undefined || mask === 0) denied.delete(key);
    else denied.set(key, set);
  }

  return {
    denied,
    apply({ key, denies, lifts }) {
      const change = maskOf(denies);
      const present = denied.get(key);
      const before = present === undefined ? 0 : (masks.get(present) ?? 0);
      // Nothing that is denied already: no need to count.
      if (lifts === null && (before & change) === 0 && !stacked.has(key)) {
        store(key, before | change);
        return;
      }
      const counts = (stacked.get(key) ?? capabilities.map((_, bit) => (before >> bit) & 1)).map(
        (count, bit) => Math.max(0, count + (lifts === null ? 1 : -1) * ((change >> bit) & 1)),
      );
      store(
        key,
        counts.reduce((mask, count, bit) => (count > 0 ? mask | (1 << bit) : mask), 0),
      );
      if (counts.some((count) => count > 1)) stacked.set(key, counts);
      else stacked.delete(key);
    },
  };
}
