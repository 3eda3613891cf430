import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { commentSchema } from '#schemas/http/clips.ts';
import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { accounts, comments } from '#schemas/tables.ts';
import { presentAccount } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { cutPage, decodeKeyset } from '#workers/store/keyset.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/comments',
  operationId: 'listComments',
  summary: 'Comments on a clip, newest first',
  tags: ['Social'],
  request: { params: clipParams, query: pageQuerySchema },
  responses: {
    200: json(pageOf(commentSchema), 'A page.'),
    ...refusals('not_found', 'clip_deleted', 'cursor_invalid', 'consent_unavailable'),
  },
});

export const listComments = createRouter().openapi(route, async (c) => {
  const { limit, cursor } = c.req.valid('query');
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  const after = unwrap(decodeKeyset(cursor ?? null));

  const found = await database(c.env)
    .select({ comment: comments, author: accounts })
    .from(comments)
    .innerJoin(accounts, eq(accounts.id, comments.authorId))
    .where(
      and(
        eq(comments.clipId, clip.clipId),
        isNull(comments.deletedAt),
        after === null
          ? undefined
          : or(
              lt(comments.createdAt, after.time),
              and(eq(comments.createdAt, after.time), sql`${comments.id} < ${after.id}`),
            ),
      ),
    )
    .orderBy(desc(comments.createdAt), desc(comments.id))
    .limit(limit + 1);

  const { rows, nextCursor } = cutPage(found, limit, ({ comment }) => ({
    time: comment.createdAt,
    id: comment.id,
  }));
  const viewerId = c.get('viewer')?.accountId;
  const items = rows.map(({ comment, author }) => ({
    id: comment.id,
    author: presentAccount(author),
    text: comment.text,
    createdAt: comment.createdAt,
    mine: author.id === viewerId,
  }));
  return c.json({ items, nextCursor }, 200);
});
