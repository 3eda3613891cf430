/** How routes find the clip they act on: its object answers, not its projection. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { canSee, hasSay } from '../store/core/visibility.ts';
import type { ApiEnv } from './context.ts';
import { requireViewer } from './middleware/session.ts';
import { regionOf } from './region.ts';
import { RefusalError, unwrap } from './respond.ts';

/** Path parameters of every operation on one clip. */
export const clipParams = z.object({ id: idSchema('clip') });

/** A clip that status and visibility let the viewer see; consent is not asked. @throws RefusalError not_found, or clip_deleted once withdrawn */
export async function findExistingClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const clip = unwrap(await c.env.CLIP.getByName(id).read());
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted');
  if (!canSee(clip, c.get('viewer')?.accountId ?? null)) throw new RefusalError('not_found');
  return clip;
}

/**
 * As above, and consent allows it to be served. A clip that another key stopped looks deleted, so that nobody learns whose consent it was.
 * @throws RefusalError not_found or clip_deleted; ConsentUnavailableError
 */
export async function findVisibleClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const clip = await findExistingClip(c, id);
  if (!(await askGate(c.env, regionOf(c), clip.keys, 'serve')).allowed)
    throw new RefusalError('clip_deleted');
  return clip;
}

/**
 * A clip the viewer owns or is in, withdrawn ones included. One they may see but have no say in is `forbidden`; one they may not see
 * does not exist for them. @throws RefusalError unauthenticated, not_found, forbidden
 */
export async function findOwnClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const viewer = requireViewer(c);
  const clip = unwrap(await c.env.CLIP.getByName(id).read());
  if (hasSay(clip, viewer.accountId)) return clip;
  throw new RefusalError(canSee(clip, viewer.accountId) ? 'forbidden' : 'not_found');
}
