import { z } from 'zod';
import { fenceSchema, outputFileSchema, outputFiles, storedFileSchema } from '#schemas/render.ts';
import { toHex } from '../../../encoding/hex.ts';
import { signedDigest } from '../../middleware/render-node.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { jobParams } from './heartbeat.ts';

const route = createRoute({
  method: 'put',
  path: '/render/v1/jobs/{jobId}/output/{file}',
  operationId: 'putRenderOutput',
  summary: 'Store one output file',
  description:
    'Streams into quarantine under the fencing token. R2 checks the SHA-256 of `Content-Digest` while it stores.',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: {
    params: jobParams.extend({ file: outputFileSchema }),
    query: z.object({ fence: z.coerce.number().pipe(fenceSchema) }),
  },
  responses: {
    200: json(storedFileSchema, 'Stored.'),
    ...refusals(
      'node_signature_invalid',
      'stale_lease',
      'payload_too_large',
      'checksum_mismatch',
      'not_found',
    ),
  },
});

export const output = createRouter().openapi(route, async (c) => {
  const { jobId, file } = c.req.valid('param');
  const { fence } = c.req.valid('query');
  const size = Number(c.req.header('Content-Length'));
  if (!Number.isSafeInteger(size) || size <= 0)
    throw new RefusalError('bad_request', 'Content-Length is required.');
  if (size > outputFiles[file].maxBytes)
    throw new RefusalError(
      'payload_too_large',
      `${file} may have at most ${outputFiles[file].maxBytes} bytes.`,
    );
  const sha256 = toHex(Uint8Array.from(atob(signedDigest(c)), (char) => char.charCodeAt(0)));
  const stream = c.req.raw.body;
  if (stream === null) throw new RefusalError('bad_request', 'The body is empty.');

  const { objectKey } = unwrap(await mainQueue(c.env).authorizeUpload(c.get('nodeId'), jobId, fence, file));
  try {
    await c.env.MEDIA.put(objectKey, stream, {
      sha256,
      httpMetadata: { contentType: outputFiles[file].mediaType },
    });
  } catch (error) {
    // R2 reports a checksum that does not match as an error whose text names it; anything else is a fault.
    if (error instanceof Error && /checksum|sha-?256/i.test(error.message))
      throw new RefusalError('checksum_mismatch');
    throw error;
  }
  return c.json({ sha256, size }, 200);
});
