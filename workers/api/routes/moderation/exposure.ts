import { exposureReportSchema, exposureSchema } from '#schemas/http/moderation.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { caseParams, deskQueue, requireModerator } from './moderator.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/moderation/cases/{id}/exposure',
  operationId: 'reportExposure',
  summary: 'Count what I have looked at unfiltered',
  description:
    'Seconds since the last report, while the media was not blurred. They are counted per class and UTC day; `exposure_capped` says that the share of the day is used up: blur it and skip the case.',
  tags: ['Moderation'],
  request: { params: caseParams, body: body(exposureReportSchema) },
  responses: {
    200: json(exposureSchema, 'What is left for today.'),
    ...refusals('unauthenticated', 'forbidden', 'not_found', 'stale_claim', 'exposure_capped'),
  },
});

export const reportExposure = createRouter().openapi(route, async (c) => {
  const { accountId } = requireModerator(c);
  const { seconds, harmClass } = c.req.valid('json');
  const one = c.env.MODERATION_CASE.getByName(c.req.valid('param').id);
  unwrap(await one.read());
  // What was seen was seen, whatever has become of the claim.
  const exposure = await deskQueue(c.env).expose(accountId, harmClass, seconds);
  unwrap(await one.viewed(accountId, seconds, harmClass));
  return c.json(unwrap(exposure), 200);
});
