/**
 * One part of an upload. Invariants: the bytes stream into R2 and are never held whole; only a part of exactly the right length, and of the
 * announced digest, is recorded; what is refused does not touch a part that came before.
 */
import { z } from 'zod';
import { storedPartSchema } from '#schemas/http/uploads.ts';
import { toHex } from '../../../encoding/hex.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { findOwnUpload, uploadParams } from './own-upload.ts';

const route = createRoute({
  method: 'put',
  path: '/api/v1/uploads/{id}/parts/{n}',
  operationId: 'putUploadPart',
  summary: 'Send one part',
  description:
    'Parts are numbered from 1. `Content-Digest: sha-256=:…:` (RFC 9530) is checked if it is sent. A part that is sent again takes the place of the one before.',
  tags: ['Uploads'],
  request: {
    params: uploadParams.extend({ n: z.coerce.number().int().min(1).max(10_000) }),
    body: {
      required: true,
      content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } },
    },
  },
  responses: {
    200: json(storedPartSchema, 'Stored.'),
    ...refusals(
      'unauthenticated',
      'not_found',
      'payload_too_large',
      'checksum_mismatch',
      'conflict',
      'upload_expired',
    ),
  },
});

export const putUploadPart = createRouter().openapi(route, async (c) => {
  const { id, n } = c.req.valid('param');
  await findOwnUpload(c, id);
  const stream = c.req.raw.body;
  if (stream === null) throw new RefusalError('bad_request', 'The body is empty.');
  const announced = digestOf(c.req.header('Content-Digest'));
  const upload = c.env.UPLOAD.getByName(id);
  const { objectKey, r2UploadId, r2Number, size } = unwrap(await upload.part(n));
  checkLength(c.req.header('Content-Length'), n, size);
  const parts = c.env.MEDIA.resumeMultipartUpload(objectKey, r2UploadId);
  const sized = new FixedLengthStream(size);
  const digest = new crypto.DigestStream('SHA-256');
  const storing = parts.uploadPart(r2Number, sized.readable);
  // Its failure follows from that of the bytes, or is awaited below.
  storing.catch(() => undefined);
  await copy(stream, sized.writable.getWriter(), digest.getWriter(), n, size);
  const sha256 = toHex(await digest.digest);
  const { etag } = await storing;
  if (announced !== null && announced !== sha256) throw new RefusalError('checksum_mismatch');
  unwrap(await upload.partStored(n, { r2Number, etag, size, sha256 }));
  return c.json({ part: n, size, sha256 }, 200);
});

/** Chunk by chunk, as fast as R2 takes them. @throws RefusalError bad_request for another length */
async function copy(
  body: ReadableStream<Uint8Array>,
  store: WritableStreamDefaultWriter<Uint8Array>,
  hash: WritableStreamDefaultWriter<ArrayBuffer | ArrayBufferView>,
  n: number,
  size: number,
): Promise<void> {
  let received = 0;
  try {
    for await (const chunk of body) {
      received += chunk.length;
      if (received > size) throw otherLength(n, size);
      await hash.write(chunk);
      await store.write(chunk);
    }
    if (received < size) throw otherLength(n, size);
    await hash.close();
    await store.close();
  } catch (error) {
    await Promise.all([store.abort(error), hash.abort(error)].map((end) => end.catch(() => undefined)));
    throw error;
  }
}

/** Hex of the announced SHA-256, null without one. @throws RefusalError bad_request for one that cannot be read */
function digestOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const encoded = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header)?.[1];
  if (encoded === undefined) throw new RefusalError('bad_request', 'Content-Digest must carry a sha-256.');
  return toHex(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)).buffer);
}

/** @throws RefusalError payload_too_large, bad_request; a body without a length is measured as it comes */
function checkLength(header: string | undefined, n: number, size: number): void {
  if (header === undefined) return;
  const length = Number(header);
  if (length > size) {
    throw new RefusalError('payload_too_large', `Part ${n} has ${size} bytes, and no more.`, { limit: size });
  }
  if (length !== size) throw otherLength(n, size);
}

function otherLength(n: number, size: number): RefusalError {
  return new RefusalError('bad_request', `Part ${n} must have exactly ${size} bytes.`);
}
