import { enginesSchema, renderStatusSchema } from '#schemas/http/generations.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';

const statusRoute = createRoute({
  method: 'get',
  path: '/api/v1/render/status',
  operationId: 'getRenderStatus',
  summary: 'Queue and render nodes',
  tags: ['Generations'],
  responses: { 200: json(renderStatusSchema, 'Depth of the queue and health of the nodes.'), ...refusals() },
});

export const status = createRouter().openapi(statusRoute, async (c) =>
  c.json(await mainQueue(c.env).status(), 200),
);

const enginesRoute = createRoute({
  method: 'get',
  path: '/api/v1/engines',
  operationId: 'listEngines',
  summary: 'Engines that can be chosen now',
  tags: ['Generations'],
  responses: { 200: json(enginesSchema, 'What connected nodes offer.'), ...refusals() },
});

export const engines = createRouter().openapi(enginesRoute, async (c) =>
  c.json({ items: await mainQueue(c.env).engines() }, 200),
);
