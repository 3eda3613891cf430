import { z } from 'zod';
import { createId } from '#durable-objects/shared/id.ts';
import { createReportSchema } from '#schemas/http/clips.ts';
import { idSchema } from '#schemas/ids.ts';
import { reports } from '#schemas/tables.ts';
import { database } from '#workers/store/database.ts';
import { clipParams, findExistingClip } from '../../find-clip.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/reports',
  operationId: 'reportClip',
  summary: 'Report a clip',
  description: 'Anyone may, also without an account. Taken even while consent cannot be checked.',
  tags: ['Social'],
  request: { params: clipParams, body: body(createReportSchema) },
  responses: {
    202: json(z.object({ id: idSchema('rep') }).meta({ id: 'ReportReceipt' }), 'Taken; quote this id.'),
    ...refusals('not_found', 'clip_deleted', 'forbidden'),
  },
});

export const reportClip = createRouter().openapi(route, async (c) => {
  const viewer = c.get('viewer');
  // Reports wait for a person, so they are bounded far below ordinary requests.
  await spend(c, 'LIMIT_SIGN_IN', `report:${viewer?.accountId ?? addressOf(c)}`);
  const clip = await findExistingClip(c, c.req.valid('param').id);
  const now = Date.now();
  const id = createId('rep', now);
  await database(c.env)
    .insert(reports)
    .values({
      id,
      clipId: clip.clipId,
      reporterId: viewer?.accountId ?? null,
      ...c.req.valid('json'),
      createdAt: new Date(now).toISOString(),
    });
  return c.json({ id }, 202);
});
