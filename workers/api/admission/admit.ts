/**
 * The admission of a generation (architecture.md §5): everybody in it is asked, then the hold, the cast and the co-owners are written in
 * one record (K-14). Invariants: what the account does not admit leaves nobody reserved; a repeated request reserves nobody twice.
 * Called by the routes that make and remake clips.
 */
import type { Context } from 'hono';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { CastPermit } from '#durable-objects/cameo/rpc.ts';
import { keysOf } from '#durable-objects/clip/core/clip-machine.ts';
import type { TextPart } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import type { GenerationRecord } from '#durable-objects/generation/rpc.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { CastCandidate } from '../../store/cast-store.ts';
import type { ApiEnv } from '../context.ts';
import { requireViewer } from '../middleware/session.ts';
import { regionOf } from '../region.ts';
import { RefusalError, unwrap } from '../respond.ts';
import { authorizeCast, parentField, releaseCast } from './cast.ts';

/** Generations one account may have unfinished at once: keeps one person from filling the queue. */
const maxUnfinished: Record<Tier, number> = { free: 8, plus: 24, pro: 64 };

export interface AdmissionInput {
  /** Everything but the cast and where it was asked for. */
  readonly generation: Omit<AdmittedGeneration, 'cast' | 'origin'>;
  /** Who is cast: handles in lower case, each once. */
  readonly handles: readonly string[];
  readonly candidates: readonly CastCandidate[];
  /** What the people in it are asked about. */
  readonly texts: readonly TextPart[];
  readonly idempotencyKey: string | null;
  readonly requestHash: string;
}

/** The header, or null without one. @throws RefusalError bad_request */
export function idempotencyKeyOf(c: Context<ApiEnv>): string | null {
  const header = c.req.header('Idempotency-Key');
  if (header === undefined) return null;
  if (!/^[\x21-\x7e]{1,128}$/.test(header))
    throw new RefusalError('bad_request', 'Idempotency-Key must be 1 to 128 visible ASCII characters.');
  return header;
}

/** What this request made before, if it is a repetition. @throws RefusalError idempotency_mismatch */
export async function repeated(
  c: Context<ApiEnv>,
  idempotencyKey: string | null,
  requestHash: string,
): Promise<GenerationRecord | null> {
  if (idempotencyKey === null) return null;
  const account = c.env.ACCOUNT.getByName(requireViewer(c).accountId);
  const generationId = unwrap(await account.recall(idempotencyKey, requestHash));
  return generationId === null ? null : unwrap(await c.env.GENERATION.getByName(generationId).read());
}

/**
 * @throws RefusalError consent_denied, cameo_rule, lineage_too_large, credits_insufficient, rate_limited, idempotency_mismatch;
 *   ConsentUnavailableError
 */
export async function admitGeneration(
  c: Context<ApiEnv>,
  { generation, handles, candidates, texts, idempotencyKey, requestHash }: AdmissionInput,
): Promise<GenerationRecord> {
  const { env } = c;
  const { generationId, clipId, parent } = generation;
  const shown = parent === null ? [] : [{ field: parentField, text: parent.prompt }];
  const cast = await authorizeCast(env, handles, candidates, {
    generationId,
    clipId,
    makerId: generation.accountId,
    makerHandle: generation.handle,
    texts: [...texts, ...shown],
    remixOf: parent?.clipId ?? null,
  });
  const release = () =>
    releaseCast(
      env,
      cast.map(({ accountId }) => accountId),
      generationId,
    );
  try {
    await checkKeys(c, generation, cast);
  } catch (error) {
    await release();
    throw error;
  }
  // If this call breaks off, the account may have admitted it all the same: then nothing is taken back here, and a generation that never
  // opens takes its reservations back by itself.
  const admitted = await env.ACCOUNT.getByName(generation.accountId).admit({
    generation: { ...generation, cast, origin: c.get('config').origin || new URL(c.req.url).origin },
    idempotencyKey,
    requestHash,
    maxUnfinished: maxUnfinished[generation.tier],
  });
  if (!admitted.ok || admitted.value.generationId !== generationId) await release();
  return unwrap(await env.GENERATION.getByName(unwrap(admitted).generationId).read());
}

/** Whether one clip can carry all of it, and whether everybody's consent still stands. */
async function checkKeys(
  c: Context<ApiEnv>,
  { clipId, accountId, parent }: AdmissionInput['generation'],
  cast: readonly CastPermit[],
): Promise<void> {
  const castKeys = cast.flatMap(({ keys }) => keys);
  unwrap(keysOf({ clipId, ownerId: accountId, castKeys, parent }));
  if (castKeys.length > 0 && !(await askGate(c.env, regionOf(c), castKeys, 'cast')).allowed)
    throw new RefusalError('consent_denied');
}
