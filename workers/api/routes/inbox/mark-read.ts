import { markReadSchema, unreadSchema } from '#schemas/http/inbox.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/inbox/read',
  operationId: 'markInboxRead',
  summary: 'Mark items as read',
  description: 'These, or `"all"` up to now. Ids that are not in the inbox are passed over.',
  tags: ['Inbox'],
  request: { body: body(markReadSchema) },
  responses: { 200: json(unreadSchema, 'How many are left.'), ...refusals('unauthenticated') },
});

export const markInboxRead = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  return c.json(await c.env.INBOX.getByName(accountId).markRead(c.req.valid('json').ids), 200);
});
