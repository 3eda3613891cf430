/** Inspections over HTTP (schemas/inspection.ts): a render node leases a recording, looks at it and says what it saw. */
import { z } from 'zod';
import { maxPortraitBytes } from '#durable-objects/inspection-queue/rpc.ts';
import { idSchema } from '#schemas/ids.ts';
import {
  inspectionCompletionSchema,
  inspectionFailureSchema,
  inspectionLeaseRequestSchema,
  leasedInspectionSchema,
} from '#schemas/inspection.ts';
import { fenceSchema } from '#schemas/render.ts';
import { toHex } from '../../../encoding/hex.ts';
import { hearDigits } from '../../../speech/hear-digits.ts';
import { signedDigest } from '../../middleware/render-node.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const params = z.object({ id: idSchema('enr') });
const query = z.object({ fence: z.coerce.number().pipe(fenceSchema) });
const done = z.object({});
const node = { tags: ['Render nodes'], security: [{ node: [] }] };
const inspections = (env: Env) => env.INSPECTION_QUEUE.getByName('main');

const leaseRoute = createRoute({
  method: 'post',
  path: '/render/v1/inspections/lease',
  operationId: 'leaseInspection',
  summary: 'Lease a recording to look at',
  description: 'Long poll by a render node: answers as soon as one waits, or 204 after `waitMs`.',
  ...node,
  request: { body: body(inspectionLeaseRequestSchema) },
  responses: {
    200: json(leasedInspectionSchema, 'A recording under a fresh fencing token.'),
    204: { description: 'Nothing to do.' },
    ...refusals('node_signature_invalid'),
  },
});

export const leaseInspection = createRouter().openapi(leaseRoute, async (c) => {
  const leased = await inspections(c.env).lease(c.get('nodeId'), c.req.valid('json'));
  return leased === null ? c.body(null, 204) : c.json(leased, 200);
});

const mediaRoute = createRoute({
  method: 'get',
  path: '/render/v1/inspections/{id}/media',
  operationId: 'getInspectionMedia',
  summary: 'The recording',
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
  if (object === null) throw new RefusalError('not_found', 'The recording was deleted.');
  return c.body(object.body, 200, {
    'Content-Type': media.mediaType,
    'Content-Length': String(object.size),
    'Cache-Control': 'no-store',
  });
});

const portraitRoute = createRoute({
  method: 'put',
  path: '/render/v1/inspections/{id}/portrait',
  operationId: 'putInspectionPortrait',
  summary: 'Store a portrait frame',
  description: 'A JPEG under the lease; R2 checks the SHA-256 of `Content-Digest` while it stores.',
  ...node,
  request: { params, query },
  responses: {
    200: json(done, 'Stored.'),
    ...refusals(
      'node_signature_invalid',
      'stale_lease',
      'conflict',
      'payload_too_large',
      'output_invalid',
      'checksum_mismatch',
      'not_found',
    ),
  },
});

export const putPortrait = createRouter().openapi(portraitRoute, async (c) => {
  const size = Number(c.req.header('Content-Length'));
  if (!Number.isSafeInteger(size) || size <= 0) {
    throw new RefusalError('bad_request', 'Content-Length is required.');
  }
  if (size > maxPortraitBytes) {
    throw new RefusalError('payload_too_large', `A portrait may have at most ${maxPortraitBytes} bytes.`);
  }
  const { id } = c.req.valid('param');
  const { objectKey } = unwrap(
    await inspections(c.env).portraitKey(c.get('nodeId'), id, c.req.valid('query').fence),
  );
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const signed = Uint8Array.from(atob(signedDigest(c)), (char) => char.charCodeAt(0));
  if (!crypto.subtle.timingSafeEqual(digest, signed)) throw new RefusalError('checksum_mismatch');
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) {
    throw new RefusalError('output_invalid', 'The portrait is not a JPEG.');
  }
  await c.env.MEDIA.put(objectKey, bytes, {
    sha256: toHex(digest),
    httpMetadata: { contentType: 'image/jpeg' },
  });
  return c.json({}, 200);
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
  const heard = job.ok ? await hearDigits(c.env, job.value, report) : report;
  unwrap(await queue.complete(nodeId, id, fence, heard));
  return c.json({}, 200);
});

const failRoute = createRoute({
  method: 'post',
  path: '/render/v1/inspections/{id}/fail',
  operationId: 'failInspection',
  summary: 'Give a recording back',
  ...node,
  request: { params, body: body(inspectionFailureSchema) },
  responses: { 200: json(done, 'Taken.'), ...refusals('node_signature_invalid', 'stale_lease', 'not_found') },
});

export const failInspection = createRouter().openapi(failRoute, async (c) => {
  const { id } = c.req.valid('param');
  unwrap(await inspections(c.env).fail(c.get('nodeId'), id, c.req.valid('json')));
  return c.json({}, 200);
});
