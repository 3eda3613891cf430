/**
 * Pictures that go with an inspection: the portrait of somebody who enrols, the poster of an upload. Invariants: only the holder of the
 * lease stores one, and only if one is wanted; what is stored is a JPEG with the digest the node signed.
 */
import type { Context } from 'hono';
import { z } from 'zod';
import { maxPictureBytes } from '#durable-objects/inspection-queue/rpc.ts';
import { idSchema } from '#schemas/ids.ts';
import type { InspectionId } from '#schemas/inspection.ts';
import { fenceSchema } from '#schemas/render.ts';
import { toHex } from '../../../encoding/hex.ts';
import type { ApiEnv } from '../../context.ts';
import { signedDigest } from '../../middleware/render-node.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const query = z.object({ fence: z.coerce.number().pipe(fenceSchema) });
const done = z.object({});
const node = { tags: ['Render nodes'], security: [{ node: [] }] };
const description = 'A JPEG under the lease; its SHA-256 is that of `Content-Digest`.';
const responses = {
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
};

const portraitRoute = createRoute({
  method: 'put',
  path: '/render/v1/inspections/{id}/portrait',
  operationId: 'putInspectionPortrait',
  summary: 'Store a portrait frame',
  description,
  ...node,
  responses,
  request: { params: z.object({ id: idSchema('enr') }), query },
});

const posterRoute = createRoute({
  method: 'put',
  path: '/render/v1/inspections/{id}/poster',
  operationId: 'putInspectionPoster',
  summary: 'Store the poster of an upload',
  description,
  ...node,
  responses,
  request: { params: z.object({ id: idSchema('upl') }), query },
});

export const putPortrait = createRouter().openapi(portraitRoute, async (c) => {
  await store(c, c.req.valid('param').id, c.req.valid('query').fence);
  return c.json({}, 200);
});

export const putPoster = createRouter().openapi(posterRoute, async (c) => {
  await store(c, c.req.valid('param').id, c.req.valid('query').fence);
  return c.json({}, 200);
});

async function store(c: Context<ApiEnv>, id: InspectionId, fence: number): Promise<void> {
  const size = Number(c.req.header('Content-Length'));
  if (!Number.isSafeInteger(size) || size <= 0) {
    throw new RefusalError('bad_request', 'Content-Length is required.');
  }
  if (size > maxPictureBytes) {
    throw new RefusalError('payload_too_large', `A picture may have at most ${maxPictureBytes} bytes.`);
  }
  const queue = c.env.INSPECTION_QUEUE.getByName('main');
  const { objectKey } = unwrap(await queue.pictureKey(c.get('nodeId'), id, fence));
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const signed = Uint8Array.from(atob(signedDigest(c)), (char) => char.charCodeAt(0));
  if (!crypto.subtle.timingSafeEqual(digest, signed)) throw new RefusalError('checksum_mismatch');
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) {
    throw new RefusalError('output_invalid', 'The picture is not a JPEG.');
  }
  await c.env.MEDIA.put(objectKey, bytes, {
    sha256: toHex(digest),
    httpMetadata: { contentType: 'image/jpeg' },
  });
}
