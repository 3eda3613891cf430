import { and, eq, isNull } from 'drizzle-orm';
import { idSchema } from '#schemas/ids.ts';
import { comments } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import { clipParams } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/v1/clips/{id}/comments/{commentId}',
  operationId: 'deleteComment',
  summary: 'Delete a comment',
  description:
    'By its author, or by the owner of the clip. The text is erased; a second call answers `not_found`.',
  tags: ['Social'],
  request: { params: clipParams.extend({ commentId: idSchema('cmt') }) },
  responses: { 204: { description: 'Gone.' }, ...refusals('unauthenticated', 'not_found', 'forbidden') },
});

export const deleteComment = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { id, commentId } = c.req.valid('param');
  const db = database(c.env);
  const present = and(eq(comments.id, commentId), eq(comments.clipId, id), isNull(comments.deletedAt));
  const comment = await db.select({ authorId: comments.authorId }).from(comments).where(present).get();
  if (comment === undefined) throw new RefusalError('not_found');
  // One's own words can be taken back whatever became of the clip, so the clip is asked only about somebody else's.
  if (comment.authorId !== accountId) {
    const clip = unwrap(await c.env.CLIP.getByName(id).read());
    if (clip.ownerId !== accountId)
      throw new RefusalError('forbidden', 'Only the author or the owner of the clip can delete a comment.');
  }
  const { meta } = await db
    .update(comments)
    .set({ deletedAt: new Date().toISOString(), text: '' })
    .where(present);
  if (meta.changes === 0) throw new RefusalError('not_found');
  return c.body(null, 204);
});
