import { z } from 'zod';
import { matchBinding } from '../../../durable-credentials/matches.ts';
import { jsonBodyLimit } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { unwrap } from '../../respond.ts';
import { admitAnybody, bindingQuerySchema, maxResultsSchema, queryResultSchema } from './shapes.ts';

const responses = {
  200: json(queryResultSchema, 'The manifests it may lead to, best first; none is an answer, too.'),
  ...refusals('payload_too_large', 'consent_unavailable'),
};

const get = createRoute({
  method: 'get',
  path: '/matches/byBinding',
  operationId: 'queryByBinding',
  summary: 'Manifests for a soft binding',
  description:
    'C2PA Soft Binding Resolution API. `alg` is one of `/services/supportedAlgorithms`; `value` is base64: the five bytes of an invisible mark, or PDQ hashes of frames, 32 bytes each. Forty bits may collide, so every manifest that bears them is named.',
  tags: ['Provenance'],
  request: { query: bindingQuerySchema.extend({ maxResults: maxResultsSchema }) },
  responses,
});

const post = createRoute({
  method: 'post',
  path: '/matches/byBinding',
  operationId: 'queryByLargeBinding',
  summary: 'Manifests for a large soft binding',
  description: 'The same for a value that does not fit into an address.',
  tags: ['Provenance'],
  request: { query: z.object({ maxResults: maxResultsSchema }), body: body(bindingQuerySchema) },
  responses,
});

const router = createRouter();
router.use('/matches/byBinding', jsonBodyLimit());

router.openapi(get, async (c) => {
  await admitAnybody(c);
  const { maxResults, ...binding } = c.req.valid('query');
  return c.json({ matches: unwrap(await matchBinding(c.env, regionOf(c), binding, maxResults)) }, 200);
});

router.openapi(post, async (c) => {
  await admitAnybody(c);
  const { maxResults } = c.req.valid('query');
  const matches = unwrap(await matchBinding(c.env, regionOf(c), c.req.valid('json'), maxResults));
  return c.json({ matches }, 200);
});

export const byBinding = router;
