import { z } from 'zod';
import { askGate } from '#durable-objects/consent/gate.ts';
import { idSchema } from '#schemas/ids.ts';
import { fenceSchema } from '#schemas/render.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';
import { regionOf } from '../../region.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { jobParams } from './heartbeat.ts';

const route = createRoute({
  method: 'get',
  path: '/render/v1/jobs/{jobId}/portraits/{cameoId}',
  operationId: 'getRenderPortrait',
  summary: 'The photograph of somebody cast in a job',
  description:
    'For the node that holds the lease, while it holds it and while that person agrees. 512 × 512 pixels; never to be stored.',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: {
    params: jobParams.extend({ cameoId: idSchema('cam') }),
    query: z.object({ fence: z.coerce.number().pipe(fenceSchema) }),
  },
  responses: {
    200: {
      description: 'The portrait.',
      content: { 'image/jpeg': { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
    },
    ...refusals(
      'node_signature_invalid',
      'stale_lease',
      'not_found',
      'consent_denied',
      'consent_unavailable',
    ),
  },
});

export const renderPortrait = createRouter().openapi(route, async (c) => {
  const { jobId, cameoId } = c.req.valid('param');
  const { fence } = c.req.valid('query');
  const { objectKey } = unwrap(
    await mainQueue(c.env).authorizePortrait(c.get('nodeId'), jobId, fence, cameoId),
  );
  const { cast } = unwrap(await c.env.GENERATION.getByName(jobId).admission());
  const permit = cast.find((candidate) => candidate.cameoId === cameoId);
  if (permit === undefined) throw new RefusalError('not_found');
  if (!(await askGate(c.env, regionOf(c), permit.keys, 'cast')).allowed)
    throw new RefusalError('consent_denied');
  const portrait = await c.env.MEDIA.get(objectKey);
  if (portrait === null) throw new RefusalError('not_found', 'This photograph was erased.');
  c.header('Content-Type', 'image/jpeg');
  c.header('Content-Length', String(portrait.size));
  c.header('Cache-Control', 'no-store');
  return c.body(portrait.body, 200);
});
