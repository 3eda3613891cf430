/** What every operation of the desk shares: who may call it, and its parameters. */
import type { Context } from 'hono';
import { z } from 'zod';
import { idSchema } from '#schemas/ids.ts';
import type { ApiEnv, Viewer } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { RefusalError } from '../../respond.ts';

export const caseParams = z.object({ id: idSchema('case') });

/** The signed-in moderator. @throws RefusalError unauthenticated, forbidden */
export function requireModerator(c: Context<ApiEnv>): Viewer {
  const viewer = requireViewer(c);
  if (!viewer.roles.includes('moderator')) throw new RefusalError('forbidden', 'This is for moderators.');
  return viewer;
}

/** The desk's one queue. */
export function deskQueue(env: Pick<Env, 'MODERATION_QUEUE'>) {
  return env.MODERATION_QUEUE.getByName('main');
}
