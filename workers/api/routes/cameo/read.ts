import { cameoSchema } from '#schemas/http/cameo.ts';
import { presentCameo } from '../../cameo-view.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/cameo',
  operationId: 'getCameo',
  summary: 'My likeness and who may cast it',
  tags: ['Cameos'],
  responses: {
    200: json(cameoSchema, 'As it is now; status `none` after a deletion.'),
    ...refusals('unauthenticated', 'not_found'),
  },
});

export const readCameo = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const record = unwrap(await c.env.CAMEO.getByName(accountId).read());
  return c.json(await presentCameo(c.env, record), 200);
});
