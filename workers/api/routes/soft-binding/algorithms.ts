import { z } from 'zod';
import { supportedAlgorithms } from '../../../durable-credentials/matches.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { admitAnybody } from './shapes.ts';

const list = z.array(z.object({ alg: z.string() }));

const route = createRoute({
  method: 'get',
  path: '/services/supportedAlgorithms',
  operationId: 'getSupportedBindings',
  summary: 'Soft binding algorithms this service resolves',
  description: 'C2PA Soft Binding Resolution API.',
  tags: ['Provenance'],
  responses: {
    200: json(
      z.object({ watermarks: list, fingerprints: list }).meta({ id: 'SoftBindingAlgList' }),
      'Their names.',
    ),
    ...refusals(),
  },
});

export const algorithms = createRouter().openapi(route, async (c) => {
  await admitAnybody(c);
  const { watermarks, fingerprints } = supportedAlgorithms;
  return c.json(
    { watermarks: watermarks.map((alg) => ({ alg })), fingerprints: fingerprints.map((alg) => ({ alg })) },
    200,
  );
});
