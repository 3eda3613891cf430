/**
 * The trust lists in force: our own anchors from the secrets, the published ones from KV. Invariant: a list that is missing or damaged in KV is
 * left out, never guessed, and the report names the lists that were asked. Called by index.ts.
 */
import type { TrustLists } from '#schemas/provenance.ts';
import type { TrustAnchors } from '../config.ts';
import { ownTrust } from '../verify.ts';
import {
  type KeptList,
  keptListSchema,
  listKey,
  type PublishedList,
  publishedLists,
  trustListOf,
} from './publishers.ts';

/** A refreshed list is in force everywhere within this, seconds (the least KV caches for). */
const cacheSeconds = 60;

/** The list in use; null if it was never fetched or cannot be read. */
export async function keptList(store: KVNamespace, kind: PublishedList): Promise<KeptList | null> {
  const value = await store.get(listKey(kind), { type: 'json', cacheTtl: cacheSeconds });
  if (value === null) return null;
  const parsed = keptListSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  console.error(JSON.stringify({ event: 'trust.unreadable', list: kind }));
  return null;
}

/** Every list there is, ours always among them. */
export async function trustLists(store: KVNamespace, anchors: TrustAnchors): Promise<TrustLists> {
  const [official, timestamp, interim] = await Promise.all(
    publishedLists.map((kind) => keptList(store, kind)),
  );
  const present = (list: KeptList | null | undefined) => (list == null ? undefined : trustListOf(list));
  return {
    ...ownTrust(anchors),
    official: present(official),
    timestamp: present(timestamp),
    interim: present(interim),
  };
}
