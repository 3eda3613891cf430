/**
 * How an entry of the consent log leaves as a receipt. Invariant: the one place where that happens, so that every receipt of the API
 * says the same things about the same entry. Called by the clip routes and the cameo routes.
 */
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { ReceiptBody } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';

/**
 * @param origin public address without a slash at the end (`originOf`)
 * @param clipId the clip the entry stops, where it is about one clip
 */
export function presentReceipt(origin: string, entry: LogReceipt, clipId?: Id<'clip'>): ReceiptBody {
  return {
    id: entry.id,
    ...(clipId === undefined ? {} : { clipId }),
    position: entry.position,
    denies: [...entry.denies],
    revokedAt: entry.at,
    hash: entry.hash,
    key: entry.key,
    salt: entry.salt,
    regions: entry.regions.map(({ region, outcome, ms }) => ({ region, outcome, ms })),
    waitedMs: entry.waitedMs,
    url: `${origin}/revocations/${entry.id}`,
  };
}
