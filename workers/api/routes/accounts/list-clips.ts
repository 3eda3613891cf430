import { askGateMany } from '#durable-objects/consent/gate.ts';
import { clipSchema } from '#schemas/http/clips.ts';
import { pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { clipsOfOwner } from '#workers/store/clips-store.ts';
import { database } from '#workers/store/database.ts';
import { presentClip } from '#workers/store/present-clip.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { unwrap } from '../../respond.ts';
import { handleParams, namedAccount } from './named-account.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/accounts/{handle}/clips',
  operationId: 'listClipsOfAccount',
  summary: 'Clips an account published, newest first',
  description:
    'What everybody may see: drafts, private and unlisted clips are not here, not even for their owner. A page may be shorter than `limit` while `nextCursor` is set.',
  tags: ['Accounts'],
  request: { params: handleParams, query: pageQuerySchema },
  responses: {
    200: json(pageOf(clipSchema), 'A page.'),
    ...refusals('not_found', 'cursor_invalid', 'consent_unavailable'),
  },
});

export const listClipsOfAccount = createRouter().openapi(route, async (c) => {
  const { limit, cursor } = c.req.valid('query');
  const viewerId = c.get('viewer')?.accountId ?? null;
  const db = database(c.env);
  const account = await namedAccount(db, c.req.valid('param').handle);
  const { rows, nextCursor } = unwrap(
    await clipsOfOwner(db, account.id, viewerId, { limit, cursor: cursor ?? null, status: 'published' }),
  );
  const listed = rows.filter(({ clip }) => clip.visibility === 'public');
  const decisions = await askGateMany(
    c.env,
    regionOf(c),
    listed.map(({ clip }) => clip.keys),
    'list',
  );
  const items = listed
    .filter((_, index) => decisions[index]?.allowed)
    .map((row) => presentClip(row, viewerId));
  return c.json({ items, nextCursor }, 200);
});
