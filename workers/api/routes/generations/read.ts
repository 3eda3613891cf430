import type { Context } from 'hono';
import { z } from 'zod';
import type { GenerationRecord } from '#durable-objects/generation/rpc.ts';
import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { generationSchema } from '#schemas/http/generations.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { database } from '../../../store/database.ts';
import { generationsOf } from '../../../store/generations-store.ts';
import type { ApiEnv } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { presentGeneration } from './present.ts';

const params = z.object({ id: idSchema('gen') });

/** The generation, if it is the viewer's own. Another person's does not exist for them. @throws RefusalError */
async function ownGeneration(c: Context<ApiEnv>, id: Id<'gen'>): Promise<GenerationRecord> {
  const viewer = requireViewer(c);
  const record = unwrap(await c.env.GENERATION.getByName(id).read());
  if (record.accountId !== viewer.accountId) throw new RefusalError('not_found');
  return record;
}

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/generations/{id}',
  operationId: 'getGeneration',
  summary: 'One generation',
  tags: ['Generations'],
  request: { params },
  responses: { 200: json(generationSchema, 'Its state now.'), ...refusals('unauthenticated', 'not_found') },
});

export const readGeneration = createRouter().openapi(readRoute, async (c) =>
  c.json(presentGeneration(await ownGeneration(c, c.req.valid('param').id)), 200),
);

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/generations',
  operationId: 'listGenerations',
  summary: 'My generations, newest first',
  tags: ['Generations'],
  request: { query: pageQuerySchema },
  responses: {
    200: json(pageOf(generationSchema), 'A page.'),
    ...refusals('unauthenticated', 'cursor_invalid'),
  },
});

export const listGenerations = createRouter().openapi(listRoute, async (c) => {
  const viewer = requireViewer(c);
  const { limit, cursor } = c.req.valid('query');
  return c.json(
    unwrap(await generationsOf(database(c.env), viewer.accountId, { limit, cursor: cursor ?? null })),
    200,
  );
});

const cancelRoute = createRoute({
  method: 'delete',
  path: '/api/v1/generations/{id}',
  operationId: 'cancelGeneration',
  summary: 'Cancel',
  description: 'Returns the credits. Refused with `already_final` once the clip is being delivered.',
  tags: ['Generations'],
  request: { params },
  responses: {
    200: json(generationSchema, 'Cancelled.'),
    ...refusals('unauthenticated', 'not_found', 'already_final'),
  },
});

export const cancelGeneration = createRouter().openapi(cancelRoute, async (c) => {
  const { id } = c.req.valid('param');
  await ownGeneration(c, id);
  return c.json(presentGeneration(unwrap(await c.env.GENERATION.getByName(id).cancel())), 200);
});

const liveRoute = createRoute({
  method: 'get',
  path: '/api/v1/generations/{id}/live',
  operationId: 'watchGeneration',
  summary: 'Live progress (WebSocket)',
  description:
    'Sends `{ type: "generation", generation }` at once and at every change, and closes after the last.',
  tags: ['Generations'],
  request: { params },
  responses: { 101: { description: 'Switching to WebSocket.' }, ...refusals('unauthenticated', 'not_found') },
});

export const watchGeneration = createRouter().openapi(liveRoute, async (c) => {
  const { id } = c.req.valid('param');
  await ownGeneration(c, id);
  if (c.req.header('Upgrade') !== 'websocket')
    throw new RefusalError('bad_request', 'Connect with a WebSocket.');
  return c.env.GENERATION.getByName(id).fetch(c.req.raw);
});
