/** The OpenAPI document is complete: what the app answers is in it, and what is in it the app answers. */
import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { createApp } from '#workers/api/app.ts';

/** The document and the page made from it describe themselves; the page of a clip is no part of the API. */
const undocumented = new Set([
  'GET /api/openapi.json',
  'GET /api/docs',
  'GET /api/docs.css',
  'GET /clip/{id}',
]);

const methods = ['get', 'post', 'put', 'patch', 'delete'];

test('every route is in the document, and every operation of the document is a route', async () => {
  const response = await exports.default.fetch('http://localhost/api/openapi.json');
  const document: { paths: Record<string, Record<string, unknown>> } = await response.json();
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => methods.includes(key))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = createApp()
    .routes.filter(({ method }) => methods.includes(method.toLowerCase()))
    .map(({ method, path }) => `${method} ${path.replace(/:([A-Za-z]+)(\{[^}]*\})?/g, '{$1}')}`)
    // The one path with slashes in a parameter, which OpenAPI cannot say.
    .map((route) => route.replace('/tile/*', '/tile/{tile}'))
    .filter((route) => !undocumented.has(route));
  expect([...new Set(routes)].sort()).toEqual(
    [...new Set(documented)].filter((route) => !undocumented.has(route)).sort(),
  );
  expect(documented.length).toBeGreaterThan(30);
});
