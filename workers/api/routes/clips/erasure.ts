import { eq } from 'drizzle-orm';
import { erasureSchema } from '#schemas/http/clips.ts';
import { clips } from '#schemas/tables.ts';
import { hasSay } from '../../../store/core/visibility.ts';
import { database } from '../../../store/database.ts';
import { openReceipt } from '../../../workflows/erase/core/receipt.ts';
import { readReceipt } from '../../../workflows/erase/receipts.ts';
import { clipParams } from '../../find-clip.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/clips/{id}/erasure',
  operationId: 'getClipErasure',
  summary: 'What was erased of a deleted clip',
  description:
    'For its owner and co-owners, store by store, with times; evidence under a legal hold is named. Complete once render nodes have confirmed.',
  tags: ['Clips'],
  request: { params: clipParams },
  responses: {
    200: json(erasureSchema, 'The receipt as it is now.'),
    ...refusals('unauthenticated', 'not_found'),
  },
});

/** Asked of D1, not of the Clip object: a draft that was deleted is gone there, and its receipt is not. */
export const readClipErasure = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { id } = c.req.valid('param');
  const db = database(c.env);
  const clip = await db.select().from(clips).where(eq(clips.id, id)).get();
  if (clip === undefined || !hasSay(clip, accountId)) throw new RefusalError('not_found');
  const receipt = await readReceipt(db, id);
  if (receipt !== null) return c.json(receipt, 200);
  if (clip.status !== 'withdrawn') throw new RefusalError('not_found', 'This clip was not deleted.');
  return c.json(openReceipt({ subject: id, revocationId: null }), 200);
});
