/**
 * Whether a clip may be remixed, and what a remix takes from it. Labels, keys, lineage and co-owners come from the clip, never from the
 * request (K-36). Invariant: everybody whose likeness the clip carries is asked again, over the new words (K-13). Called by the routes
 * that make and remake clips.
 */
import type { Context } from 'hono';
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { peopleIn } from '#durable-objects/clip/core/clip-publication.ts';
import type { TextPart } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';
import { candidatesById } from '../../store/cast-store.ts';
import { database } from '../../store/database.ts';
import type { ApiEnv } from '../context.ts';
import { regionOf } from '../region.ts';
import { RefusalError, unwrap } from '../respond.ts';

export interface RemixParent {
  readonly parent: NonNullable<AdmittedGeneration['parent']>;
  /** Accounts whose likeness a remix inherits. */
  readonly people: readonly Id<'acc'>[];
}

/** @throws RefusalError not_found, clip_deleted, clip_locked, remix_refused, consent_denied or cameo_rule */
export async function findRemixParent(
  c: Context<ApiEnv>,
  clipId: Id<'clip'>,
  makerId: Id<'acc'>,
  texts: readonly TextPart[],
): Promise<RemixParent> {
  const clip = unwrap(await c.env.CLIP.getByName(clipId).read());
  const mine = clip.ownerId === makerId || clip.coOwnerIds.includes(makerId);
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted', 'The clip to remix was deleted.');
  if (!mine && (clip.status === 'draft' || clip.visibility === 'private'))
    throw new RefusalError('not_found', 'There is no such clip to remix.');
  if (clip.status !== 'published')
    throw new RefusalError('remix_refused', 'Publish this draft before remixing it.');
  if (clip.locked) throw new RefusalError('clip_locked');
  const decision = await askGate(c.env, regionOf(c), clip.keys, 'remix');
  if (!decision.allowed)
    throw new RefusalError('consent_denied', 'Somebody in this clip has withdrawn their consent to remixes.');
  const people = peopleIn(clip);
  await askInherited(c, makerId, people, texts);
  const { ownerHandle: handle, prompt, seed, keys, depth, rootId } = clip;
  return { parent: { clipId, handle, prompt, seed, keys, depth, rootId }, people };
}

/**
 * Asks everybody whose likeness a remix inherits, without saying who refused.
 * @throws RefusalError consent_denied, or cameo_rule with the span in the maker's own words
 */
export async function askInherited(
  c: Context<ApiEnv>,
  makerId: Id<'acc'>,
  people: readonly Id<'acc'>[],
  texts: readonly TextPart[],
): Promise<void> {
  const candidates = await candidatesById(database(c.env), makerId, people);
  const known = new Map(candidates.map((candidate) => [candidate.accountId, candidate.mutual]));
  const answers = await Promise.all(
    people.map(
      (accountId): Promise<Result<void>> =>
        c.env.CAMEO.getByName(accountId).admitRemix({
          makerId,
          mutual: known.get(accountId) ?? false,
          texts,
        }),
    ),
  );
  for (const answer of answers) {
    if (answer.ok) continue;
    const { code, message, details } = answer.error;
    throw code === 'consent_denied'
      ? new RefusalError(code, 'Somebody in this clip does not allow you to remix it.')
      : new RefusalError(code, message, details);
  }
}
