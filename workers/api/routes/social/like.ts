import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Id } from '#schemas/ids.ts';
import { likes } from '#schemas/tables.ts';
import { type Database, database } from '#workers/store/database.ts';
import { clipParams, findVisibleClip } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const likeSchema = z
  .object({
    liked: z.boolean(),
    likes: z.number().int().meta({ description: 'Counted after this request.' }),
  })
  .meta({ id: 'Like' });

const shared = {
  request: { params: clipParams },
  responses: {
    200: json(likeSchema, 'As it is now.'),
    ...refusals('unauthenticated', 'not_found', 'clip_deleted', 'consent_unavailable', 'forbidden'),
  },
};

const likeRoute = createRoute({
  ...shared,
  path: '/api/v1/clips/{id}/like',
  tags: ['Social'],
  method: 'put',
  operationId: 'likeClip',
  summary: 'Like a clip',
  description: 'One like per account; repeating it changes nothing.',
});
const unlikeRoute = createRoute({
  ...shared,
  path: '/api/v1/clips/{id}/like',
  tags: ['Social'],
  method: 'delete',
  operationId: 'unlikeClip',
  summary: 'Take a like back',
});

/** Rows are the counter: counting them in the transaction of the write stays exact however many write at once. */
const countOf = (db: Database, clipId: Id<'clip'>) =>
  db.select({ likes: count() }).from(likes).where(eq(likes.clipId, clipId));

export const likeClip = createRouter().openapi(likeRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  const db = database(c.env);
  const createdAt = new Date().toISOString();
  const [, rows] = await db.batch([
    db.insert(likes).values({ clipId: clip.clipId, accountId, createdAt }).onConflictDoNothing(),
    countOf(db, clip.clipId),
  ]);
  return c.json({ liked: true, likes: rows[0]?.likes ?? 0 }, 200);
});

export const unlikeClip = createRouter().openapi(unlikeRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const clip = await findVisibleClip(c, c.req.valid('param').id);
  const db = database(c.env);
  const [, rows] = await db.batch([
    db.delete(likes).where(and(eq(likes.clipId, clip.clipId), eq(likes.accountId, accountId))),
    countOf(db, clip.clipId),
  ]);
  return c.json({ liked: false, likes: rows[0]?.likes ?? 0 }, 200);
});
