/**
 * The HTTP API. Order matters: scope (id, log, headers) → limits → session → routes → one place that turns refusals and faults into
 * the envelope.
 */

import { methodNotAllowed } from 'hono/method-not-allowed';
import { ConsentUnavailableError } from '#durable-objects/consent/gate.ts';
import { apiBodyLimit, renderBodyLimit, requestRate, sameOrigin } from './middleware/limits.ts';
import { renderNode } from './middleware/render-node.ts';
import { requestScope } from './middleware/request-scope.ts';
import { session } from './middleware/session.ts';
import { createRouter } from './openapi.ts';
import { RefusalError, refuse } from './respond.ts';
import { registerRoutes } from './routes/index.ts';

/**
 * What a log may say of a fault. A failed query carries its values in its own message, so the cause speaks for it; of the stack only
 * the frames.
 */
function describeFault(error: Error): { error: string; stack: string } {
  const origin = error.cause instanceof Error ? error.cause : error;
  const frames = (origin.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: origin.message.slice(0, 300), stack: frames.slice(0, 12).join('\n') };
}

export function createApp() {
  const app = createRouter();

  app.use('*', requestScope());
  app.use('/api/*', apiBodyLimit(), sameOrigin(), session(), requestRate());
  app.use('/media/*', session());
  app.use('/render/*', renderBodyLimit(), renderNode());

  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return refuse(c, { code: 'method_not_allowed', details: { allow: methods } });
      },
    }),
  );
  registerRoutes(app);

  app.notFound((c) => refuse(c, { code: 'not_found' }));
  app.onError((error, c) => {
    if (error instanceof RefusalError) return refuse(c, error.refusal);
    if (error instanceof ConsentUnavailableError) {
      const { code, retryAfterSeconds } = error;
      return refuse(c, { code, details: { retryAfterSeconds } });
    }
    // Hono's own refusals: a body of another type, or one that is not JSON.
    if ('status' in error && error.status === 415) return refuse(c, { code: 'media_type_unsupported' });
    if ('status' in error && error.status === 400)
      return refuse(c, { code: 'bad_request', message: 'The body is not valid JSON.' });
    c.get('log')?.error('fault', describeFault(error));
    return refuse(c, { code: 'internal' });
  });
  return app;
}
