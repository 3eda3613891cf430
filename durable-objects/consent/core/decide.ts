/**
 * The one pure function that decides (architecture.md §3). Nothing else in Kinora turns consent keys into an answer; its callers
 * are the consent log's gate and the machines.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly deniedBy: ConsentKey };

/** What is denied on which key at this moment: lifted entries are not in it. */
export type Revocations = ReadonlyMap<ConsentKey, ReadonlySet<Capability>>;

/**
 * Allowed only if no key of the set is denied the capability. An empty key set is denied: a clip without keys cannot be stopped
 * by anybody and must not exist.
 */
export function decide(
  keys: readonly ConsentKey[],
  capability: Capability,
  revocations: Revocations,
): Decision {
  if (keys.length === 0) return { allowed: false, deniedBy: 'clip:' };
  for (const key of keys) {
    if (revocations.get(key)?.has(capability)) return { allowed: false, deniedBy: key };
  }
  return { allowed: true };
}
