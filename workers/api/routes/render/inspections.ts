/** Inspections over HTTP (schemas/inspection.ts): a render node leases a recording or an upload, looks at it and says what it saw. */
import { z } from 'zod';
import {
  inspectionCompletionSchema,
  inspectionFailureSchema,
  inspectionIdSchema,
  inspectionLeaseRequestSchema,
  leasedInspectionSchema,
} from '#schemas/inspection.ts';
import { fenceSchema } from '#schemas/render.ts';
import { carrierKey } from '../../../durable-credentials/watermark-id.ts';
import { hearDigits } from '../../../speech/hear-digits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const params = z.object({ id: inspectionIdSchema });
const query = z.object({ fence: z.coerce.number().pipe(fenceSchema) });
const done = z.object({});
const node = { tags: ['Render nodes'], security: [{ node: [] }] };
const inspections = (env: Env) => env.INSPECTION_QUEUE.getByName('main');

const leaseRoute = createRoute({
  method: 'post',
  path: '/render/v1/inspections/lease',
  operationId: 'leaseInspection',
  summary: 'Lease a recording or an upload to look at',
  description: 'Long poll by a render node: answers as soon as one waits, or 204 after `waitMs`.',
  ...node,
  request: { body: body(inspectionLeaseRequestSchema) },
  responses: {
    200: json(leasedInspectionSchema, 'What to look at, under a fresh fencing token.'),
    204: { description: 'Nothing to do.' },
    ...refusals('node_signature_invalid'),
  },
});

export const leaseInspection = createRouter().openapi(leaseRoute, async (c) => {
  // Before anything is leased: a key that cannot be drawn must not cost a lease.
  const watermarkKey = await carrierKey(c.env.WATERMARK_KEY);
  const leased = await inspections(c.env).lease(c.get('nodeId'), c.req.valid('json'));
  if (leased === null) return c.body(null, 204);
  return c.json(leased.kind === 'media' ? { ...leased, watermarkKey } : leased, 200);
});

const mediaRoute = createRoute({
  method: 'get',
  path: '/render/v1/inspections/{id}/media',
  operationId: 'getInspectionMedia',
  summary: 'The recording or upload',
  description: 'For the node that holds the lease. It deletes its copy when it has reported.',
  ...node,
  request: { params, query },
  responses: {
    200: { description: 'The bytes as they were sent.' },
    ...refusals('node_signature_invalid', 'stale_lease', 'not_found'),
  },
});

export const inspectionMedia = createRouter().openapi(mediaRoute, async (c) => {
  const { id } = c.req.valid('param');
  const { media } = unwrap(await inspections(c.env).job(c.get('nodeId'), id, c.req.valid('query').fence));
  const object = await c.env.MEDIA.get(media.objectKey);
  if (object === null) throw new RefusalError('not_found', 'What was to be inspected was deleted.');
  return c.body(object.body, 200, {
    'Content-Type': media.mediaType,
    'Content-Length': String(object.size),
    'Cache-Control': 'no-store',
  });
});

const completeRoute = createRoute({
  method: 'post',
  path: '/render/v1/inspections/{id}/complete',
  operationId: 'completeInspection',
  summary: 'Report what was seen',
  ...node,
  request: { params, body: body(inspectionCompletionSchema) },
  responses: {
    200: json(done, 'Taken. Saying it again is harmless.'),
    ...refusals('node_signature_invalid', 'stale_lease', 'output_invalid', 'checksum_mismatch', 'not_found'),
  },
});

export const completeInspection = createRouter().openapi(completeRoute, async (c) => {
  const { id } = c.req.valid('param');
  const { fence, report } = c.req.valid('json');
  const queue = inspections(c.env);
  const nodeId = c.get('nodeId');
  const job = await queue.job(nodeId, id, fence);
  const spoken = job.ok && job.value.kind === 'enrolment' && 'checks' in report;
  const heard = spoken ? await hearDigits(c.env, job.value, report) : report;
  unwrap(await queue.complete(nodeId, id, fence, heard));
  return c.json({}, 200);
});

const failRoute = createRoute({
  method: 'post',
  path: '/render/v1/inspections/{id}/fail',
  operationId: 'failInspection',
  summary: 'Give it back',
  ...node,
  request: { params, body: body(inspectionFailureSchema) },
  responses: { 200: json(done, 'Taken.'), ...refusals('node_signature_invalid', 'stale_lease', 'not_found') },
});

export const failInspection = createRouter().openapi(failRoute, async (c) => {
  const { id } = c.req.valid('param');
  unwrap(await inspections(c.env).fail(c.get('nodeId'), id, c.req.valid('json')));
  return c.json({}, 200);
});
