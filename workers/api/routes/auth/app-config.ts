import { configSchema, healthSchema } from '#schemas/http/config.ts';
import { version } from '../../config.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const configRoute = createRoute({
  method: 'get',
  path: '/api/v1/config',
  operationId: 'getConfig',
  summary: 'What the app needs before anybody signs in',
  tags: ['Service'],
  responses: { 200: json(configSchema, 'How this deployment is set up.'), ...refusals() },
});

export const getConfig = createRouter().openapi(configRoute, (c) => {
  const { environment } = c.get('config');
  return c.json({ environment, localSignIn: environment === 'local', passkeys: true as const, version }, 200);
});

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  summary: 'Whether the edge answers',
  description:
    'Asks nothing of the database or of any object: it says that this Worker runs and is configured.',
  tags: ['Service'],
  responses: { 200: json(healthSchema, 'It does.'), ...refusals() },
});

export const getHealth = createRouter().openapi(healthRoute, (c) =>
  c.json({ status: 'ok' as const, version }, 200),
);
