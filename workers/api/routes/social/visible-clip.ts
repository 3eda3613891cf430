/**
 * What every social operation asks first: that there is such a clip, that this person may see it, and that consent still allows it to
 * be served. The Clip object answers, not its projection, so a clip can be liked in the same second it is published.
 */
import type { Context } from 'hono';
import { z } from 'zod';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { canSee } from '#workers/store/core/visibility.ts';
import type { ApiEnv } from '../../context.ts';
import { RefusalError, unwrap } from '../../respond.ts';

export const clipParams = z.object({ id: idSchema('clip') });

/** @throws RefusalError `not_found`, or `clip_deleted` once withdrawn */
export async function existingClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const clip = unwrap(await c.env.CLIP.getByName(id).read());
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted');
  if (!canSee(clip, c.get('viewer')?.accountId ?? null)) throw new RefusalError('not_found');
  return clip;
}

/**
 * As above, and the gate allows `serve`. A clip that another key stopped looks deleted, so that nobody learns whose consent it was.
 * @throws RefusalError `not_found` or `clip_deleted`; ConsentUnavailableError
 */
export async function visibleClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const clip = await existingClip(c, id);
  const decision = await askGate(c.env, clip.keys, 'serve');
  if (!decision.allowed) throw new RefusalError('clip_deleted');
  return clip;
}
