import { z } from 'zod';
import { idSchema } from '#schemas/ids.ts';
import { heartbeatReplySchema, heartbeatSchema } from '#schemas/render.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';
import { unwrap } from '../../respond.ts';

export const jobParams = z.object({ jobId: idSchema('gen') });

const route = createRoute({
  method: 'post',
  path: '/render/v1/jobs/{jobId}/heartbeat',
  operationId: 'heartbeatRenderJob',
  summary: 'Extend a lease and report progress',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: { params: jobParams, body: body(heartbeatSchema) },
  responses: {
    200: json(heartbeatReplySchema, 'Go on, or stop.'),
    ...refusals('node_signature_invalid', 'stale_lease', 'not_found'),
  },
});

export const heartbeat = createRouter().openapi(route, async (c) => {
  const { jobId } = c.req.valid('param');
  const beat = c.req.valid('json');
  const reply = unwrap(await mainQueue(c.env).heartbeat(c.get('nodeId'), jobId, beat));
  if (reply.directive === 'continue') {
    // Live progress is for the eyes only: the lease does not wait for it.
    c.executionCtx.waitUntil(
      c.env.GENERATION.getByName(jobId).progress({
        attempt: beat.fence,
        stage: beat.stage,
        progress: beat.progress,
      }),
    );
  }
  return c.json(reply, 200);
});
