import { z } from 'zod';
import { claimAnswerSchema, claimCaseSchema } from '#schemas/http/moderation.ts';
import { idSchema } from '#schemas/ids.ts';
import { viewCase } from '#workers/moderation/case-view.ts';
import { claimNext } from '#workers/moderation/claim-next.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { deskQueue, requireModerator } from './moderator.ts';

const claim = createRoute({
  method: 'post',
  path: '/api/v1/moderation/claims',
  operationId: 'claimCase',
  summary: 'Take the next case, or one by its id',
  description:
    'A claim is a lease of five minutes with a fencing token that a decision has to carry. Claiming a case that I hold renews the lease under the same token. `claimed` is null when nothing waits that I may judge: not what is mine, what I reported, or the appeal against my own decision.',
  tags: ['Moderation'],
  request: { body: body(claimCaseSchema) },
  responses: {
    200: json(claimAnswerSchema, 'The case, with what was reported and found.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'stale_claim', 'already_decided'),
  },
});

export const claimCase = createRouter().openapi(claim, async (c) => {
  const { accountId } = requireModerator(c);
  const { caseId } = c.req.valid('json');
  const grant =
    caseId === undefined
      ? await claimNext(c.env, accountId)
      : unwrap(await c.env.MODERATION_CASE.getByName(caseId).claim(accountId));
  if (grant === null) return c.json({ claimed: null }, 200);
  const [record, { terms }] = await Promise.all([
    c.env.MODERATION_CASE.getByName(grant.caseId).read(),
    deskQueue(c.env).surroundings(grant.caseId),
  ]);
  const view = await viewCase(c.env, unwrap(record), accountId);
  return c.json({ claimed: { claim: grant, terms, case: view } }, 200);
});

const release = createRoute({
  method: 'delete',
  path: '/api/v1/moderation/claims/{caseId}',
  operationId: 'releaseCase',
  summary: 'Skip a case',
  description:
    'Gives my claim back and puts the case behind the others for me. Costs nothing and is counted against nobody. A second call changes nothing.',
  tags: ['Moderation'],
  request: { params: z.object({ caseId: idSchema('case') }) },
  responses: {
    204: { description: 'Given back.' },
    ...refusals('unauthenticated', 'forbidden', 'not_found'),
  },
});

export const releaseCase = createRouter().openapi(release, async (c) => {
  const { accountId } = requireModerator(c);
  const { caseId } = c.req.valid('param');
  // Behind the others first: else the same case might be the next one again.
  const known = unwrap(await c.env.MODERATION_CASE.getByName(caseId).read());
  if (known.state.status === 'open' || known.state.status === 'appealed') {
    await deskQueue(c.env).skip(accountId, caseId);
  }
  unwrap(await c.env.MODERATION_CASE.getByName(caseId).release(accountId));
  return c.body(null, 204);
});
