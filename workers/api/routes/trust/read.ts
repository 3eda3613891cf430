import { trustListsSchema } from '#schemas/provenance.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/trust-lists',
  operationId: 'getTrustLists',
  summary: 'Whom checks trust at the moment',
  description:
    'The root certificates behind every verdict, each list with its version and date. Whoever checks a file by themselves, in a browser or on a command line, needs the same ones.',
  tags: ['Provenance'],
  responses: { 200: json(trustListsSchema, 'The lists.'), ...refusals() },
});

/** Minutes: a list that changes reaches everybody soon, and nobody asks twice for one check. */
const cacheControl = 'public, max-age=600';

export const readTrustLists = createRouter().openapi(route, async (c) => {
  c.header('Cache-Control', cacheControl);
  return c.json(await c.env.PROVENANCE.trustLists(), 200);
});
