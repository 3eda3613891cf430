import { z } from 'zod';
import { authorDecisionSchema, createAppealSchema } from '#schemas/http/moderation.ts';
import { caseIdOfDecision, decisionIdSchema } from '#schemas/moderation.ts';
import { authorDecision } from '#workers/moderation/author-decision.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const params = z.object({ id: decisionIdSchema });

const read = createRoute({
  method: 'get',
  path: '/api/v1/moderation/decisions/{id}',
  operationId: 'getDecision',
  summary: 'A decision about something of mine',
  description: 'With its statement of reasons, and what became of my appeal.',
  tags: ['Moderation'],
  request: { params },
  responses: {
    200: json(authorDecisionSchema, 'The decision.'),
    ...refusals('unauthenticated', 'not_found'),
  },
});

export const getDecision = createRouter().openapi(read, async (c) => {
  const { accountId } = requireViewer(c);
  const { id } = c.req.valid('param');
  const { state } = unwrap(await c.env.MODERATION_CASE.getByName(caseIdOfDecision(id)).read());
  const decision = authorDecision(state, id, accountId, Date.now());
  if (decision === null) throw new RefusalError('not_found');
  return c.json(decision, 200);
});

const appeal = createRoute({
  method: 'post',
  path: '/api/v1/moderation/decisions/{id}/appeal',
  operationId: 'appealDecision',
  summary: 'Appeal a decision about something of mine',
  description:
    'Within six months, once. Another person decides without knowing the first verdict; it never gets worse than it is, and if they decide otherwise everything that followed is taken back.',
  tags: ['Moderation'],
  request: { params, body: body(createAppealSchema) },
  responses: {
    202: json(authorDecisionSchema, 'Taken; it waits for somebody else.'),
    ...refusals('unauthenticated', 'not_found', 'conflict', 'already_final'),
  },
});

export const appealDecision = createRouter().openapi(appeal, async (c) => {
  const { accountId } = requireViewer(c);
  const { id } = c.req.valid('param');
  const one = c.env.MODERATION_CASE.getByName(caseIdOfDecision(id));
  const { state } = unwrap(await one.appeal(accountId, id, c.req.valid('json').text));
  const decision = authorDecision(state, id, accountId, Date.now());
  if (decision === null) throw new RefusalError('not_found');
  return c.json(decision, 202);
});
