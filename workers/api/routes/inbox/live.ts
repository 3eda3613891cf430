import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/inbox/live',
  operationId: 'watchInbox',
  summary: 'Unread count, live (WebSocket)',
  description:
    'Sends `{ type: "unread", unread }` at once and at every change; then fetch the list. `ping` is answered with `pong`.',
  tags: ['Inbox'],
  responses: { 101: { description: 'Switching to WebSocket.' }, ...refusals('unauthenticated') },
});

export const watchInbox = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  if (c.req.header('Upgrade') !== 'websocket')
    throw new RefusalError('bad_request', 'Connect with a WebSocket.');
  return c.env.INBOX.getByName(accountId).fetch(c.req.raw);
});
