import { pageQuerySchema } from '#schemas/http/common.ts';
import { inboxSchema } from '#schemas/http/inbox.ts';
import { idSchema } from '#schemas/ids.ts';
import { accountsByIds } from '../../../store/accounts-store.ts';
import { database } from '../../../store/database.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/inbox',
  operationId: 'listInbox',
  summary: 'My inbox, newest first',
  description: 'At most a thousand items are kept; those that were read go first.',
  tags: ['Inbox'],
  request: { query: pageQuerySchema },
  responses: {
    200: json(inboxSchema, 'A page, and how many are unread.'),
    ...refusals('unauthenticated', 'cursor_invalid'),
  },
});

/** A cursor is the id of the last item shown. */
const cursorSchema = idSchema('ntf').optional();

export const listInbox = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const { limit, cursor } = c.req.valid('query');
  const before = cursorSchema.safeParse(cursor);
  if (!before.success) throw new RefusalError('cursor_invalid');
  const { items, unread } = await c.env.INBOX.getByName(accountId).list({
    before: before.data ?? null,
    limit: limit + 1,
  });
  const page = items.slice(0, limit);
  const actors = await accountsByIds(database(c.env), [
    ...new Set(page.flatMap(({ actorId }) => actorId ?? [])),
  ]);
  return c.json(
    {
      items: page.map(({ actorId, ...item }) => ({
        ...item,
        actor: actorId === null ? null : (actors.get(actorId) ?? null),
      })),
      nextCursor: items.length > limit ? (page.at(-1)?.id ?? null) : null,
      unread,
    },
    200,
  );
});
