import { erasuresReplySchema, erasuresSchema } from '#schemas/render.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';

const route = createRoute({
  method: 'post',
  path: '/render/v1/erasures',
  operationId: 'confirmRenderErasures',
  summary: 'Confirm what was erased, learn what to erase',
  description:
    'A node names jobs of which nothing is left in its scratch, and gets those it still has to erase. Only what it was asked counts.',
  tags: ['Render nodes'],
  security: [{ node: [] }],
  request: { body: body(erasuresSchema) },
  responses: {
    200: json(erasuresReplySchema, 'What this node has yet to confirm.'),
    ...refusals('node_signature_invalid'),
  },
});

export const confirmErasures = createRouter().openapi(route, async (c) => {
  const { erased } = c.req.valid('json');
  return c.json({ erase: await mainQueue(c.env).confirmErasures(c.get('nodeId'), erased) }, 200);
});
