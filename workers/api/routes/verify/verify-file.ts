import { z } from 'zod';
import { uploadMediaTypes } from '#schemas/http/uploads.ts';
import { verificationSchema } from '#schemas/verdict.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import { announcedSize, sniffBody } from './receive-file.ts';
import { verifyBody } from './verify-stored.ts';

const binary = { schema: z.string().meta({ format: 'binary' }) };

/** Seconds a render node may take to look at a file, at most and unless asked otherwise. */
export const waitSchema = z.coerce.number().int().min(0).max(25).default(15);

const route = createRoute({
  method: 'post',
  path: '/api/v1/verify',
  operationId: 'verifyFile',
  summary: 'Where does this file come from?',
  description:
    'Checks Content Credentials, the invisible mark and the fingerprint of a file of at most 95 MiB, and answers one verdict with the evidence it stands on. No account; the file is erased before the answer is sent. What it is, is told by its bytes, whatever Content-Type says. `wait` is how many seconds a render node may take to look at picture and sound; without one the credentials are checked alone, and the answer says so.',
  tags: ['Provenance'],
  request: {
    query: z.object({ wait: waitSchema }),
    body: {
      required: true,
      content: Object.fromEntries(
        [...uploadMediaTypes, 'application/octet-stream'].map((type) => [type, binary]),
      ),
    },
  },
  responses: {
    200: json(verificationSchema, 'The verdict.'),
    ...refusals('payload_too_large', 'media_type_unsupported', 'consent_unavailable'),
  },
});

export const verifyFile = createRouter().openapi(route, async (c) => {
  await spend(c, 'LIMIT_VERIFY', `verify:${addressOf(c)}`);
  const stream = c.req.raw.body;
  if (stream === null) throw new RefusalError('bad_request', 'Send the file as the body.');
  const size = announcedSize(c.req.header('Content-Length'));
  const body = await sniffBody(stream, size);
  return c.json(await verifyBody(c, body, c.req.valid('query').wait), 200);
});
