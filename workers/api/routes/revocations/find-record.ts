/**
 * Where public records come from. Invariant: what leaves here names no key, no person and no salt; a clip that any of its keys
 * stopped is told as stopped, without saying which. Called by the record routes.
 */
import { z } from 'zod';
import { consentShard, consentShardCount, firstShard } from '#durable-objects/consent/core/shard.ts';
import { consentLogOf } from '#durable-objects/consent/gate.ts';
import type { LogReceipt, PublicEntry } from '#durable-objects/consent/rpc.ts';
import { type ConsentKey, clipKey } from '#schemas/consent.ts';
import type { clipConsentSchema, revocationRecordSchema } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { RefusalError } from '../../respond.ts';

export type RevocationRecord = z.infer<typeof revocationRecordSchema>;
export type ClipConsent = z.infer<typeof clipConsentSchema>;

/** Names of the logs there are. */
export const logShards: readonly string[] = Array.from({ length: consentShardCount }, (_, i) => `log-${i}`);
export const logShardSchema = z
  .string()
  .refine((name) => logShards.includes(name), { error: 'there is no such log' })
  .meta({ type: 'string', examples: [firstShard] });

function present(entry: PublicEntry, shard: string): RevocationRecord {
  const { denies, at, proof, ...rest } = entry;
  return {
    ...rest,
    denies: [...denies],
    revokedAt: at,
    shard,
    proof: { ...proof, hashes: [...proof.hashes] },
  };
}

/** @throws RefusalError not_found */
export async function findRecord(env: Env, id: Id<'rev'>): Promise<RevocationRecord> {
  for (const shard of logShards) {
    const entry = await env.CONSENT_LOG.getByName(shard).record(id);
    if (entry !== null) return present(entry, shard);
  }
  throw new RefusalError('not_found', 'There is no such entry in the consent log.');
}

/** The newest entry that stops any of these keys. */
async function newestDenial(env: Env, keys: readonly ConsentKey[]): Promise<LogReceipt | null> {
  const shards = Map.groupBy(keys, (key) => consentShard(key));
  const found = await Promise.all(
    [...shards.values()].map((ofShard) => consentLogOf(env, ofShard[0]).latest(ofShard)),
  );
  return found.reduce<LogReceipt | null>(
    (newest, entry) => (entry !== null && (newest === null || entry.at > newest.at) ? entry : newest),
    null,
  );
}

/**
 * Whether a clip is stopped, by whichever of its keys. A draft that was deleted answers too: copies of it may exist.
 * @throws RefusalError not_found if there never was such a clip
 */
export async function findClipConsent(env: Env, clipId: Id<'clip'>): Promise<ClipConsent> {
  const clip = await env.CLIP.getByName(clipId).read();
  const denial = await newestDenial(env, clip.ok ? clip.value.keys : [clipKey(clipId)]);
  if (denial === null && !clip.ok) throw new RefusalError('not_found', 'There is no such clip.');
  return {
    clipId,
    revoked: denial !== null,
    revocation: denial === null ? null : await findRecord(env, denial.id),
  };
}
