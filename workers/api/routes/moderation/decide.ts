import { buildAction } from '#core/moderation/statement.ts';
import { subjectFor } from '#durable-objects/moderation-case/core/case-machine.ts';
import {
  decideCaseSchema,
  decisionReceiptSchema,
  moderationCaseSchema,
  statementPreviewRequestSchema,
  statementPreviewSchema,
} from '#schemas/http/moderation.ts';
import { decisionIdSchema } from '#schemas/moderation.ts';
import { viewCase } from '#workers/moderation/case-view.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { caseParams, requireModerator } from './moderator.ts';

const preview = createRoute({
  method: 'post',
  path: '/api/v1/moderation/cases/{id}/statement-preview',
  operationId: 'previewStatement',
  summary: 'What the author would read',
  description: 'Word for word, made by the same call that decides. Changes nothing.',
  tags: ['Moderation'],
  request: { params: caseParams, body: body(statementPreviewRequestSchema) },
  responses: {
    200: json(statementPreviewSchema, 'The statement of reasons.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'conflict'),
  },
});

export const previewStatement = createRouter().openapi(preview, async (c) => {
  requireModerator(c);
  const { state } = unwrap(await c.env.MODERATION_CASE.getByName(c.req.valid('param').id).read());
  const action = unwrap(buildAction(subjectFor(state), c.req.valid('json')));
  return c.json(
    action.kind === 'allow'
      ? { text: null, statement: null }
      : { text: action.text, statement: action.statement },
    200,
  );
});

const decide = createRoute({
  method: 'post',
  path: '/api/v1/moderation/cases/{id}/decisions',
  operationId: 'decideCase',
  summary: 'Decide a case',
  description:
    'Needs the token of my live claim and the version I saw. A restriction needs facts and explanation, from which its statement of reasons is made. It takes effect after ten seconds, in which it can be undone; urgent removals hide at once. Whoever comes second is told who won.',
  tags: ['Moderation'],
  request: { params: caseParams, body: body(decideCaseSchema) },
  responses: {
    200: json(decisionReceiptSchema, 'Decided; the same for the same idempotency key.'),
    ...refusals(
      'unauthenticated',
      'forbidden',
      'not_found',
      'stale_claim',
      'stale_version',
      'already_decided',
      'conflict',
      'idempotency_mismatch',
    ),
  },
});

export const decideCase = createRouter().openapi(decide, async (c) => {
  const { accountId } = requireModerator(c);
  const input = c.req.valid('json');
  const one = c.env.MODERATION_CASE.getByName(c.req.valid('param').id);
  return c.json(unwrap(await one.decide({ moderatorId: accountId, ...input })), 200);
});

const undo = createRoute({
  method: 'post',
  path: '/api/v1/moderation/cases/{id}/decisions/{decisionId}/undo',
  operationId: 'undoDecision',
  summary: 'Take my decision back',
  description: 'Within ten seconds, by whoever took it. The case waits again; nobody was told anything.',
  tags: ['Moderation'],
  request: { params: caseParams.extend({ decisionId: decisionIdSchema }) },
  responses: {
    200: json(moderationCaseSchema, 'The case, open again.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'already_final'),
  },
});

export const undoDecision = createRouter().openapi(undo, async (c) => {
  const { accountId } = requireModerator(c);
  const { id, decisionId } = c.req.valid('param');
  const record = unwrap(await c.env.MODERATION_CASE.getByName(id).undo(accountId, decisionId));
  return c.json(await viewCase(c.env, record, accountId), 200);
});
