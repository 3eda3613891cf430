import { z } from 'zod';
import { castableSchema } from '#schemas/http/cameo.ts';
import { castableFor } from '../../../store/castable-store.ts';
import { database } from '../../../store/database.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const query = z.object({
  /** The beginning of a handle or a name. */
  query: z
    .string()
    .trim()
    .max(60)
    .regex(/^(?:@?[\p{L}\p{N}][\p{L}\p{N}\p{M} '’.-]*)?$/u, 'must be the beginning of a handle or a name')
    .default(''),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

const route = createRoute({
  method: 'get',
  path: '/api/v1/cameo/castable',
  operationId: 'listCastable',
  summary: 'People I may cast now',
  description:
    'Myself, those who gave me a contract, people I follow who follow me back and allow it, and those open to everyone. Nobody else is here, so a name that is missing says nothing about whether somebody has a likeness.',
  tags: ['Cameos'],
  request: { query },
  responses: {
    200: json(z.object({ items: z.array(castableSchema) }), 'Myself first, then the closest permission.'),
    ...refusals('unauthenticated'),
  },
});

export const listCastable = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { query: text, limit } = c.req.valid('query');
  const now = new Date().toISOString();
  const items = await castableFor(database(c.env), accountId, { query: text.replace(/^@/, ''), limit }, now);
  return c.json({ items }, 200);
});
