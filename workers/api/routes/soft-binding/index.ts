/**
 * The five routes of the C2PA Soft Binding Resolution API, at the addresses the specification fixes. `/matches/byReference`, which it calls optional,
 * is left out: fetching whatever address somebody names is not worth the risk while files can be sent.
 */
import { cors } from 'hono/cors';
import { createRouter } from '../../openapi.ts';
import type { Api } from '../index.ts';
import { algorithms } from './algorithms.ts';
import { byBinding } from './by-binding.ts';
import { byContent } from './by-content.ts';
import { manifest } from './manifest.ts';

export function registerSoftBindingRoutes(app: Api): void {
  const router = createRouter();
  for (const path of ['/matches/*', '/manifests/*', '/services/*']) {
    router.use(
      path,
      cors({ origin: '*', allowMethods: ['GET', 'POST'], exposeHeaders: ['Retry-After', 'Link'] }),
    );
  }
  for (const routes of [byBinding, byContent, manifest, algorithms]) router.route('/', routes);
  app.route('/', router);
}
