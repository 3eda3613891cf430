/** Whether a clip may be remixed, and what a remix takes from it. Labels, keys and lineage come from the clip, never from the request (K-36). */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import type { Id } from '#schemas/ids.ts';
import { RefusalError, unwrap } from '../../respond.ts';

/** @throws RefusalError not_found, clip_deleted, clip_locked, remix_refused or consent_denied */
export async function findRemixParent(
  env: Env,
  clipId: Id<'clip'>,
  viewerId: Id<'acc'>,
): Promise<NonNullable<AdmittedGeneration['parent']>> {
  const clip = unwrap(await env.CLIP.getByName(clipId).read());
  const mine = clip.ownerId === viewerId || clip.coOwnerIds.includes(viewerId);
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted', 'The clip to remix was deleted.');
  if (!mine && (clip.status === 'draft' || clip.visibility === 'private'))
    throw new RefusalError('not_found', 'There is no such clip to remix.');
  if (clip.status !== 'published')
    throw new RefusalError('remix_refused', 'Publish this draft before remixing it.');
  if (clip.locked) throw new RefusalError('clip_locked');
  const decision = await askGate(env, clip.keys, 'remix');
  if (!decision.allowed)
    throw new RefusalError('consent_denied', 'Somebody in this clip has withdrawn their consent to remixes.');
  return {
    clipId,
    handle: clip.ownerHandle,
    prompt: clip.prompt,
    seed: clip.seed,
    keys: clip.keys,
    depth: clip.depth,
    rootId: clip.rootId,
  };
}
