import { z } from 'zod';
import { clipSchema } from '#schemas/http/clips.ts';
import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { clipsOfOwner } from '../../../store/clips-store.ts';
import { database } from '../../../store/database.ts';
import { presentClip } from '../../../store/present-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/me/clips',
  operationId: 'listMyClips',
  summary: 'My drafts or published clips, newest first',
  tags: ['Clips'],
  request: { query: pageQuerySchema.extend({ status: z.enum(['draft', 'published']).default('published') }) },
  responses: { 200: json(pageOf(clipSchema), 'A page.'), ...refusals('unauthenticated', 'cursor_invalid') },
});

export const listMyClips = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { limit, cursor, status } = c.req.valid('query');
  const { rows, nextCursor } = unwrap(
    await clipsOfOwner(database(c.env), accountId, accountId, { limit, cursor: cursor ?? null, status }),
  );
  return c.json({ items: rows.map((row) => presentClip(row, accountId)), nextCursor }, 200);
});
