import { z } from 'zod';
import { uploadMediaTypes } from '#schemas/http/uploads.ts';
import { lookAtMedia } from '../../../durable-credentials/look.ts';
import { matchBinding, matchContent, supportedAlgorithms } from '../../../durable-credentials/matches.ts';
import { originOf } from '../../config.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { announcedSize, sniffBody } from '../verify/receive-file.ts';
import { admitAnybody, maxResultsSchema, queryResultSchema } from './shapes.ts';

/** How long a render node may take to look at it. */
const waitSeconds = 25;
const algorithms = [...supportedAlgorithms.watermarks, ...supportedAlgorithms.fingerprints];
const binary = { schema: z.string().meta({ format: 'binary' }) };

const route = createRoute({
  method: 'post',
  path: '/matches/byContent',
  operationId: 'uploadFile',
  summary: 'Manifests for a file',
  description:
    'C2PA Soft Binding Resolution API. A render node looks for the invisible mark and takes fingerprints; what it finds is looked up, and the file is erased. At most 95 MiB. `alg` asks for one algorithm only; `hintAlg` and `hintValue` are looked up when nothing is found in the file.',
  tags: ['Provenance'],
  request: {
    query: z.object({
      alg: z.string().max(100).optional(),
      maxResults: maxResultsSchema,
      hintAlg: z.string().max(100).optional(),
      hintValue: z.string().max(4096).optional(),
    }),
    body: {
      required: true,
      content: Object.fromEntries(
        [...uploadMediaTypes, 'application/octet-stream'].map((type) => [type, binary]),
      ),
    },
  },
  responses: {
    200: json(queryResultSchema, 'The manifests it may lead to, best first; none is an answer, too.'),
    ...refusals('payload_too_large', 'media_type_unsupported', 'engine_unavailable', 'consent_unavailable'),
  },
});

export const byContent = createRouter().openapi(route, async (c) => {
  await admitAnybody(c);
  await spend(c, 'LIMIT_VERIFY', `verify:${addressOf(c)}`);
  const { alg, maxResults, hintAlg, hintValue } = c.req.valid('query');
  if (alg !== undefined && !algorithms.some((known) => known === alg)) {
    throw new RefusalError('bad_request', `alg: this service knows ${algorithms.join(', ')}.`);
  }
  const stream = c.req.raw.body;
  if (stream === null) throw new RefusalError('bad_request', 'Send the file as the body.');
  const file = await sniffBody(stream, announcedSize(c.req.header('Content-Length')));
  const looking = lookAtMedia(c.env, file, originOf(c.get('config'), c.req.url), waitSeconds);
  // Goes on when the sender hangs up, so that nothing that was stored waits for the alarm.
  c.executionCtx.waitUntil(looking.catch(() => undefined));
  const seen = unwrap(await looking);
  const region = regionOf(c);
  const matches = await matchContent(c.env, region, seen, alg, maxResults);
  if (matches.length > 0 || hintAlg === undefined || hintValue === undefined) return c.json({ matches }, 200);
  const hinted = await matchBinding(c.env, region, { alg: hintAlg, value: hintValue }, maxResults);
  // A hint that is of no use is no error.
  return c.json({ matches: hinted.ok ? hinted.value : [] }, 200);
});
