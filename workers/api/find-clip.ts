/** How routes find the clip they act on: its object answers, not its projection. */
import type { Context } from 'hono';
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import type { Id } from '#schemas/ids.ts';
import { canSee, hasSay } from '../store/core/visibility.ts';
import type { ApiEnv } from './context.ts';
import { requireViewer } from './middleware/session.ts';
import { RefusalError, unwrap } from './respond.ts';

/** A clip the viewer may see. @throws RefusalError not_found; clip_deleted when withdrawn or stopped by anybody's revocation */
export async function findVisibleClip(c: Context<ApiEnv>, id: Id<'clip'>): Promise<ClipRecord> {
  const clip = unwrap(await c.env.CLIP.getByName(id).read());
  if (clip.status === 'withdrawn') throw new RefusalError('clip_deleted');
  if (!canSee(clip, c.get('viewer')?.accountId ?? null)) throw new RefusalError('not_found');
  if (!(await askGate(c.env, clip.keys, 'serve')).allowed) throw new RefusalError('clip_deleted');
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
