import { eq } from 'drizzle-orm';
import { createSignalSchema } from '#schemas/http/clips.ts';
import { clips } from '#schemas/tables.ts';
import { canSee } from '#workers/store/core/visibility.ts';
import { database } from '#workers/store/database.ts';
import { clipParams } from '../../find-clip.ts';
import { body, createRoute, createRouter, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/signals',
  operationId: 'sendSignal',
  summary: 'Say what happened to a clip on screen',
  description:
    'Validated and written as one structured metric event (clip and type, never the account). Nothing is stored per person, and ranking does not read signals yet.',
  tags: ['Social'],
  request: { params: clipParams, body: body(createSignalSchema) },
  responses: { 204: { description: 'Noted.' }, ...refusals('not_found', 'forbidden') },
});

export const sendSignal = createRouter().openapi(route, async (c) => {
  // The projection is enough: a signal lost in the second after publication harms nobody, and the Clip object is spared the traffic.
  const clip = await database(c.env)
    .select({
      status: clips.status,
      visibility: clips.visibility,
      ownerId: clips.ownerId,
      coOwnerIds: clips.coOwnerIds,
    })
    .from(clips)
    .where(eq(clips.id, c.req.valid('param').id))
    .get();
  if (clip === undefined || !canSee(clip, c.get('viewer')?.accountId ?? null))
    throw new RefusalError('not_found');
  c.get('log').info('signal', { id: c.req.valid('param').id, code: c.req.valid('json').type });
  return c.body(null, 204);
});
