/**
 * Likenesses and their revocations as the API answers them. Invariant: the one place where a cameo receipt is made, so that every scope
 * answers in the same words. Called by the cameo routes.
 */
import type {
  CameoRecord,
  CameoRevocation,
  CarryingClips,
  RevokeTarget,
} from '#durable-objects/cameo/rpc.ts';
import { type ConsentKey, cameoKey, capabilities } from '#schemas/consent.ts';
import type { Cameo, CameoReceipt, RevokeInput } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { countByKeys } from '../store/consent-store.ts';
import { database } from '../store/database.ts';
import { presentReceipt } from './receipt.ts';

/** With the clips that carry it, of whatever epoch. */
export async function presentCameo(env: Env, record: CameoRecord): Promise<Cameo> {
  const { accountId: _, counts, ...cameo } = record;
  const epochs = Array.from({ length: record.epoch }, (_, index) => cameoKey(record.id, index + 1));
  const { clips, drafts } = await countByKeys(database(env), epochs);
  return { ...cameo, counts: { ...counts, clips: clips + drafts } };
}

/** What stops with these keys, to be counted before they are denied. */
export function carrying(env: Env, keys: readonly ConsentKey[]): Promise<CarryingClips> {
  return countByKeys(database(env), keys);
}

/** @param origin public address without a slash at the end */
export function presentCameoReceipt(
  origin: string,
  scope: RevokeInput['scope'],
  targetId: RevokeTarget['targetId'],
  revocation: CameoRevocation,
): CameoReceipt {
  const { entries, existing, generationIds, carrying: stopped } = revocation;
  const [lead] = entries;
  if (lead === undefined) throw new Error('a revocation without an entry');
  const clipId = scope === 'clip' ? (targetId as Id<'clip'>) : undefined;
  const denied = new Set(entries.flatMap(({ denies }) => denies));
  return {
    id: lead.id,
    scope,
    existing,
    revokedAt: lead.at,
    entries: entries.map((entry) => presentReceipt(origin, entry, clipId)),
    denies: capabilities.filter((capability) => denied.has(capability)),
    stopped: {
      clips: stopped.clips + stopped.drafts,
      remixes: stopped.remixes,
      generations: generationIds.length,
      clipIds: [...stopped.clipIds],
    },
    url: `${origin}/revocations/${lead.id}`,
  };
}
