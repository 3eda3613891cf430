/**
 * Which log holds a key. Invariant: every caller, for one key, always names the same shard, or a denial would be written where
 * nobody looks. Called by the gate and by every object that appends.
 *
 * There is one shard for now. Raising `consentShardCount` moves keys to other logs, so it needs a migration that copies their
 * unlifted denials first (README.md, "More shards").
 */
import type { ConsentKey } from '#schemas/consent.ts';

export const consentShardCount = 1;
export const firstShard = 'log-0';
/** Names of all of them. */
export const consentShards: readonly string[] = Array.from(
  { length: consentShardCount },
  (_, number) => `log-${number}`,
);

/** FNV-1a, 32 bits. */
function hashOf(key: ConsentKey): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Name of the ConsentLog object that holds the key. */
export function consentShard(key: ConsentKey, count: number = consentShardCount): string {
  return `log-${hashOf(key) % count}`;
}

/** Which gate of a region is asked about a clip whose first key this is. Any of them would do: each knows every revocation. */
export function partitionOf(key: ConsentKey, partitions: number): number {
  return hashOf(key) % partitions;
}
