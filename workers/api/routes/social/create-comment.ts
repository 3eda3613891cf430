import { createId } from '#durable-objects/shared/id.ts';
import { commentSchema, createCommentSchema } from '#schemas/http/clips.ts';
import { comments } from '#schemas/tables.ts';
import { accountOf } from '#workers/auth/account-of-viewer.ts';
import { database } from '#workers/store/database.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/comments',
  operationId: 'createComment',
  summary: 'Comment on a clip',
  tags: ['Social'],
  request: { params: clipParams, body: body(createCommentSchema) },
  responses: {
    201: json(commentSchema, 'Said.'),
    ...refusals('unauthenticated', 'not_found', 'clip_deleted', 'consent_unavailable', 'forbidden'),
  },
});

export const createComment = createRouter().openapi(route, async (c) => {
  const viewer = requireViewer(c);
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  const now = Date.now();
  const comment = {
    id: createId('cmt', now),
    clipId: clip.clipId,
    authorId: viewer.accountId,
    text: c.req.valid('json').text,
    createdAt: new Date(now).toISOString(),
  };
  await database(c.env).insert(comments).values(comment);
  const { id, text, createdAt } = comment;
  return c.json({ id, author: accountOf(viewer), text, createdAt, mine: true }, 201);
});
