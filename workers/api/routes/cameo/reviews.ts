import { z } from 'zod';
import { appearanceSchema, decideReviewSchema } from '#schemas/http/cameo.ts';
import { idSchema } from '#schemas/ids.ts';
import { viewAppearances } from '../../appearance-view.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { regionOf } from '../../region.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { spendChange } from './spend-cameo.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/cameo/reviews/{id}',
  operationId: 'decideReview',
  summary: 'Agree or not to a clip with my likeness',
  description:
    'Before it is made, or before it is published with the caption that was shown to me. The same answer again changes nothing; another one is a `conflict`.',
  tags: ['Cameos'],
  request: { params: z.object({ id: idSchema('rvw') }), body: body(decideReviewSchema) },
  responses: {
    200: json(appearanceSchema, 'The appearance as it is now.'),
    ...refusals('unauthenticated', 'not_found', 'conflict', 'already_final', 'consent_unavailable'),
  },
});

export const decideCameoReview = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  await spendChange(c);
  const { decision } = c.req.valid('json');
  const cameo = c.env.CAMEO.getByName(accountId);
  const record = unwrap(await cameo.decideReview(c.req.valid('param').id, decision));
  const [appearance] = await viewAppearances(c.env, regionOf(c), [record], accountId);
  if (appearance === undefined) throw new RefusalError('not_found', 'This clip is not there any more.');
  return c.json(appearance, 200);
});
