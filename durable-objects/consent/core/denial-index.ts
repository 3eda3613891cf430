/**
 * What is denied at this moment, kept in memory. Invariant: after the entries 1…n were applied in order, a capability is denied on
 * a key exactly if some denial among them names it and no entry among them lifts that denial; two denials of one key stand
 * independently. Called by consent-machine.ts and, at start, by the object's restore.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { Revocations } from './decide.ts';
import type { LogEntry } from './log-entry.ts';

export interface DenialIndex {
  /** The view `decide` reads. */
  readonly denied: Revocations;
  /** Updates the index in place: it may hold millions of keys. */
  apply(entry: Pick<LogEntry, 'id' | 'key' | 'denies' | 'lifts'>): void;
}

/** An empty index. */
export function createDenialIndex(): DenialIndex {
  const denied = new Map<ConsentKey, ReadonlySet<Capability>>();
  const standing = new Map<ConsentKey, Map<Id<'rev'>, readonly Capability[]>>();

  return {
    denied,
    apply(entry) {
      const ofKey = standing.get(entry.key) ?? new Map<Id<'rev'>, readonly Capability[]>();
      if (entry.lifts === null) ofKey.set(entry.id, entry.denies);
      else ofKey.delete(entry.lifts);
      if (ofKey.size === 0) {
        standing.delete(entry.key);
        denied.delete(entry.key);
        return;
      }
      standing.set(entry.key, ofKey);
      denied.set(entry.key, new Set([...ofKey.values()].flat()));
    },
  };
}
