import { moderationQueueSchema } from '#schemas/http/moderation.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { deskQueue, requireModerator } from './moderator.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/moderation/queue',
  operationId: 'getModerationQueue',
  summary: 'The queue as I see it',
  description:
    'How much waits, what would be given to me next and why, what I hold, and how much I have looked at today. Cases are not picked from a list: `POST /moderation/claims` gives the next one.',
  tags: ['Moderation'],
  responses: {
    200: json(moderationQueueSchema, 'The queue.'),
    ...refusals('unauthenticated', 'forbidden'),
  },
});

export const getModerationQueue = createRouter().openapi(route, async (c) => {
  const { accountId } = requireModerator(c);
  return c.json(await deskQueue(c.env).overview(accountId), 200);
});
