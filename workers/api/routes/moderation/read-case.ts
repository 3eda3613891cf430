import { caseLogSchema } from '#schemas/case-log.ts';
import { moderationCaseSchema } from '#schemas/http/moderation.ts';
import { isBlind, viewCase } from '#workers/moderation/case-view.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { caseParams, requireModerator } from './moderator.ts';

const read = createRoute({
  method: 'get',
  path: '/api/v1/moderation/cases/{id}',
  operationId: 'getCase',
  summary: 'One case',
  description:
    'With its events and what is known around it. While an appeal waits, nothing of the first verdict is in it.',
  tags: ['Moderation'],
  request: { params: caseParams },
  responses: {
    200: json(moderationCaseSchema, 'The case.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found'),
  },
});

export const getCase = createRouter().openapi(read, async (c) => {
  const { accountId } = requireModerator(c);
  const record = unwrap(await c.env.MODERATION_CASE.getByName(c.req.valid('param').id).read());
  return c.json(await viewCase(c.env, record, accountId), 200);
});

const log = createRoute({
  method: 'get',
  path: '/api/v1/moderation/cases/{id}/log',
  operationId: 'getCaseLog',
  summary: 'The signed log of a case',
  description:
    'Every event, hash-chained and signed. `scripts/verify-case-log.ts` checks it offline with the key at /api/v1/moderation/numbers and names the first event that is wrong. `conflict` while an appeal waits, because it holds the first verdict.',
  tags: ['Moderation'],
  request: { params: caseParams },
  responses: {
    200: json(caseLogSchema, 'The log.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'conflict'),
  },
});

export const getCaseLog = createRouter().openapi(log, async (c) => {
  requireModerator(c);
  const one = c.env.MODERATION_CASE.getByName(c.req.valid('param').id);
  const [record, signed] = [unwrap(await one.read()), unwrap(await one.log())];
  if (isBlind(record.state)) {
    throw new RefusalError('conflict', 'While an appeal waits, the log of its case is closed.');
  }
  return c.json(signed, 200);
});
