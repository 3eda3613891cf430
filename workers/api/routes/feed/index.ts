/**
 * The feed: skeleton (one call to the shard) → hydration (one round trip to D1) → rules (visibility, consent `list`) → presentation.
 */
import { z } from 'zod';
import { askGateMany } from '#durable-objects/consent/gate.ts';
import type { FeedPageRequest } from '#durable-objects/feed-shard/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { feedQuerySchema, feedSchema } from '#schemas/http/clips.ts';
import { feedShardName } from '../../../feed/shard.ts';
import { followingOf } from '../../../store/accounts-store.ts';
import { hydrateClips } from '../../../store/clips-store.ts';
import { canList } from '../../../store/core/visibility.ts';
import { database } from '../../../store/database.ts';
import { presentClip } from '../../../store/present-clip.ts';
import { openCursor, signCursor } from '../../cursor.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import type { Api } from '../index.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/feed',
  operationId: 'getFeed',
  summary: 'The feed',
  description:
    'A first request opens a session; `nextCursor` goes on in it without repeating a clip. Asking for the same page again answers the same clips, less what was withdrawn since. `following` needs a session.',
  tags: ['Feed'],
  // Only `following` needs a session.
  security: [{}, { bearer: [] }, { cookie: [] }],
  request: { query: feedQuerySchema },
  responses: {
    200: json(feedSchema, 'A page.'),
    ...refusals('unauthenticated', 'cursor_invalid', 'consent_unavailable'),
  },
});

const cursorPayload = z.strictObject({ mode: z.string(), session: z.string(), seq: z.number().int() });

const feed = createRouter().openapi(route, async (c) => {
  const { mode, limit, cursor } = c.req.valid('query');
  const viewerId = c.get('viewer')?.accountId ?? null;
  if (mode === 'following' && viewerId === null)
    throw new RefusalError('unauthenticated', 'Sign in to see the people you follow.');
  const { cursorSecret } = c.get('config');

  let position: FeedPageRequest['position'] = null;
  if (cursor !== undefined) {
    const opened = unwrap(await openCursor(cursorSecret, cursor, cursorPayload));
    if (opened.mode !== mode) throw new RefusalError('cursor_invalid');
    position = { session: opened.session, seq: opened.seq };
  }
  const db = database(c.env);
  const following = mode === 'following' && viewerId !== null ? await followingOf(db, viewerId) : [];
  const page = unwrap(
    await c.env.FEED_SHARD.getByName(feedShardName()).page({
      mode,
      limit,
      position,
      following,
      seen: [],
      blocked: [],
    }),
  );

  const [rows, decisions] = await Promise.all([
    hydrateClips(
      db,
      page.items.map((item) => item.clipId),
      viewerId,
    ),
    askGateMany(
      c.env,
      regionOf(c),
      page.items.map((item) => item.keys),
      'list',
    ),
  ]);
  const rowById = new Map(rows.map((row) => [row.clip.id, row]));
  const items = page.items.flatMap((item, index) => {
    const row = rowById.get(item.clipId);
    if (row === undefined || decisions[index]?.allowed !== true || !canList(row.clip, viewerId)) return [];
    return { ...presentClip(row, viewerId), why: item.why };
  });
  const nextCursor = page.next === null ? null : await signCursor(cursorSecret, { mode, ...page.next });
  return c.json({ items, nextCursor, requestId: createId('feed', Date.now()) }, 200);
});

export function registerFeedRoutes(app: Api): void {
  app.route('/', feed);
}
