import { leasedJobSchema, leaseRequestSchema } from '#schemas/render.ts';
import { carrierKey, watermarkIdOf } from '../../../durable-credentials/watermark-id.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';

const route = createRoute({
  method: 'post',
  path: '/render/v1/lease',
  operationId: 'leaseRenderJob',
  summary: 'Lease a job',
  description: 'Long poll by a render node: answers as soon as a fitting job waits, or 204 after `waitMs`.',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: { body: body(leaseRequestSchema) },
  responses: {
    200: json(leasedJobSchema, 'A job under a fresh fencing token.'),
    204: { description: 'Nothing to do.' },
    ...refusals('node_signature_invalid'),
  },
});

export const lease = createRouter().openapi(route, async (c) => {
  // Before anything is leased: a key that cannot be drawn must not cost a lease.
  const secret = c.env.WATERMARK_KEY;
  const key = await carrierKey(secret);
  const job = await mainQueue(c.env).lease(c.get('nodeId'), c.req.valid('json'));
  if (job === null) return c.body(null, 204);
  return c.json({ ...job, watermark: { id: await watermarkIdOf(secret, job.jobId), key } }, 200);
});
