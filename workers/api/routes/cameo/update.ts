import { cameoSchema, updateCameoSchema } from '#schemas/http/cameo.ts';
import { presentCameo } from '../../cameo-view.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { spendChange } from './spend-cameo.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/v1/cameo',
  operationId: 'updateCameo',
  summary: 'Change who may cast me, and for what',
  description:
    'Holds from the next cast on. After everything was revoked, a level other than `nobody` consents again: it opens the next epoch, and clips of earlier ones stay stopped. `sexual` stays denied whatever is sent.',
  tags: ['Cameos'],
  request: { body: body(updateCameoSchema) },
  responses: {
    200: json(cameoSchema, 'As it is now.'),
    ...refusals('unauthenticated', 'not_found', 'conflict'),
  },
});

export const updateCameo = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  await spendChange(c);
  const record = unwrap(await c.env.CAMEO.getByName(accountId).update(c.req.valid('json')));
  return c.json(await presentCameo(c.env, record), 200);
});
