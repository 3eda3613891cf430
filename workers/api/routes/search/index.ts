/** Search: what the words find in D1, less what consent stops from being listed. */
import { askGateMany } from '#durable-objects/consent/gate.ts';
import { searchQuerySchema, searchSchema } from '#schemas/http/search.ts';
import { database } from '../../../store/database.ts';
import { presentClip } from '../../../store/present-clip.ts';
import { searchAccounts, searchClips } from '../../../store/search-store.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import type { Api } from '../index.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/search',
  operationId: 'search',
  summary: 'Find clips and people',
  description:
    'Clips by caption, summary and shown prompt, newest first; people by handle and name. Consent is asked for every clip, so there may be fewer than `limit`.',
  tags: ['Feed'],
  // A session only changes what is said of the viewer.
  security: [{}, { bearer: [] }, { cookie: [] }],
  request: { query: searchQuerySchema },
  responses: { 200: json(searchSchema, 'What was found.'), ...refusals('consent_unavailable') },
});

export function registerSearchRoutes(app: Api): void {
  app.route(
    '/',
    createRouter().openapi(route, async (c) => {
      const { q: text, limit } = c.req.valid('query');
      const viewerId = c.get('viewer')?.accountId ?? null;
      const db = database(c.env);
      const [rows, accounts] = await Promise.all([
        searchClips(db, viewerId, { text, limit }),
        searchAccounts(db, { text, limit }),
      ]);
      const decisions = await askGateMany(
        c.env,
        regionOf(c),
        rows.map(({ clip }) => clip.keys),
        'list',
      );
      const clips = rows
        .filter((_, i) => decisions[i]?.allowed === true)
        .map((row) => presentClip(row, viewerId));
      return c.json({ clips, accounts }, 200);
    }),
  );
}
