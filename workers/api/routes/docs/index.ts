/** The API explains itself: the document for tools and the page for people, both made from the routes. */
import { z } from 'zod';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import type { Api } from '../index.ts';
import { describeApi, registerSecuritySchemes } from './document.ts';
import { apiPage, pageContentSecurityPolicy } from './page.ts';
import { stylesheet } from './style.ts';

const documentRoute = createRoute({
  method: 'get',
  path: '/api/openapi.json',
  operationId: 'getOpenApi',
  summary: 'This API as OpenAPI 3.1',
  tags: ['Service'],
  responses: { 200: json(z.looseObject({ openapi: z.literal('3.1.0') }), 'The document.'), ...refusals() },
});

const text = (mediaType: string, description: string) => ({
  description,
  content: { [mediaType]: { schema: z.string() } },
});

const pageRoute = createRoute({
  method: 'get',
  path: '/api/docs',
  operationId: 'getDocs',
  summary: 'This page',
  tags: ['Service'],
  responses: { 200: text('text/html', 'The document as people read it.'), ...refusals() },
});

const styleRoute = createRoute({
  method: 'get',
  path: '/api/docs.css',
  operationId: 'getDocsStyle',
  summary: 'How this page looks',
  tags: ['Service'],
  responses: { 200: text('text/css', 'A stylesheet.'), ...refusals() },
});

/** The document does not change while a Worker runs. */
const cacheControl = 'public, max-age=300';

export function registerDocsRoutes(app: Api): void {
  registerSecuritySchemes(app);
  const router = createRouter();

  // Declared beside its handler and not with it: the body is the document, whose type no schema of ours describes.
  router.openAPIRegistry.registerPath(documentRoute);
  router.get(documentRoute.path, (c) => {
    c.header('Cache-Control', cacheControl);
    return c.json(describeApi(app, c.get('config'), c.req.url));
  });
  router.openapi(pageRoute, (c) => {
    const config = c.get('config');
    c.header('Cache-Control', cacheControl);
    c.header('Content-Security-Policy', pageContentSecurityPolicy);
    return c.html(apiPage(describeApi(app, config, c.req.url), config.environment === 'local'));
  });
  router.openapi(styleRoute, (c) => {
    c.header('Cache-Control', cacheControl);
    return c.body(stylesheet, 200, { 'Content-Type': 'text/css; charset=utf-8' });
  });

  app.route('/', router);
}
