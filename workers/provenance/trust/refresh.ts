/**
 * Fetches the published trust lists once a day. Invariant: a list is taken whole or not at all; what cannot be fetched, read, or is older than
 * what is in use leaves the one in use in force. Called by the cron in index.ts.
 */
import { keptList } from './lists.ts';
import {
  type KeptList,
  ListRefused,
  listKey,
  maxListBytes,
  mayReplace,
  type PublishedList,
  publishedLists,
  publishers,
  readList,
} from './publishers.ts';

type Fetch = (address: string, init: RequestInit) => Promise<Response>;

export interface RefreshOutcome {
  readonly list: PublishedList;
  readonly outcome: 'replaced' | 'unchanged' | 'refused' | 'unreachable';
  readonly reason: string | null;
}

const timeoutMs = 20_000;

/** Refreshes every list; one that fails does not hold up the others. */
export function refreshTrustLists(
  store: KVNamespace,
  fetcher: Fetch,
  now: () => Date,
): Promise<RefreshOutcome[]> {
  return Promise.all(publishedLists.map((kind) => refresh(kind, store, fetcher, now)));
}

async function refresh(
  list: PublishedList,
  store: KVNamespace,
  fetcher: Fetch,
  now: () => Date,
): Promise<RefreshOutcome> {
  const publisher = publishers[list];
  let texts: readonly [string, string | null];
  try {
    texts = await Promise.all([
      download(publisher.pem, fetcher),
      publisher.json === null ? null : download(publisher.json, fetcher),
    ]);
  } catch (error) {
    return { list, outcome: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
  try {
    const fresh = readList(list, ...texts, { source: publisher.pem, at: now() });
    const kept = await keptList(store, list);
    if (kept?.sha256 === fresh.sha256 && kept.issuedAt === fresh.issuedAt)
      return { list, outcome: 'unchanged', reason: null };
    mayReplace(kept, fresh);
    await keep(store, list, fresh);
    return { list, outcome: 'replaced', reason: fresh.version };
  } catch (error) {
    if (!(error instanceof ListRefused)) throw error;
    return { list, outcome: 'refused', reason: error.message };
  }
}

/** The version first: what is in use can always be looked up by its hash. */
async function keep(store: KVNamespace, list: PublishedList, fresh: KeptList): Promise<void> {
  const text = JSON.stringify(fresh);
  await store.put(listKey(list, fresh.sha256), text);
  await store.put(listKey(list), text);
}

async function download(address: string, fetcher: Fetch): Promise<string> {
  // An address that has moved is a matter for a person, not for a cron.
  const response = await fetcher(address, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`the publisher answered ${response.status}`);
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maxListBytes) throw new Error('the list is far too long');
  const text = await response.text();
  if (text.length > maxListBytes) throw new Error('the list is far too long');
  return text;
}
