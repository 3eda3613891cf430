import { z } from 'zod';
import { completionSchema, failureSchema } from '#schemas/render.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';
import { unwrap } from '../../respond.ts';
import { jobParams } from './heartbeat.ts';

const done = z.object({});

const completeRoute = createRoute({
  method: 'post',
  path: '/render/v1/jobs/{jobId}/complete',
  operationId: 'completeRenderJob',
  summary: 'Report a finished job',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: { params: jobParams, body: body(completionSchema) },
  responses: {
    200: json(done, 'Taken. Saying it again is harmless.'),
    ...refusals('node_signature_invalid', 'stale_lease', 'output_invalid', 'checksum_mismatch', 'not_found'),
  },
});

export const complete = createRouter().openapi(completeRoute, async (c) => {
  const { fence, output, faces } = c.req.valid('json');
  const { jobId } = c.req.valid('param');
  unwrap(await mainQueue(c.env).complete(c.get('nodeId'), jobId, fence, output, faces));
  return c.json({}, 200);
});

const failRoute = createRoute({
  method: 'post',
  path: '/render/v1/jobs/{jobId}/fail',
  operationId: 'failRenderJob',
  summary: 'Give a job back',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: { params: jobParams, body: body(failureSchema) },
  responses: { 200: json(done, 'Taken.'), ...refusals('node_signature_invalid', 'stale_lease', 'not_found') },
});

export const failJob = createRouter().openapi(failRoute, async (c) => {
  unwrap(await mainQueue(c.env).fail(c.get('nodeId'), c.req.valid('param').jobId, c.req.valid('json')));
  return c.json({}, 200);
});
