/** First in the chain: request id, config, log line per request, and the security headers of every answer of the API. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { createId } from '#durable-objects/shared/id.ts';
import { loadConfig } from '../config.ts';
import type { ApiEnv } from '../context.ts';
import { createLog } from '../log.ts';

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
} as const;

/** JSON never runs: the strictest policy. Pages set their own. */
export const apiContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";

export function requestScope(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const started = Date.now();
    const requestId = createId('req', started);
    const log = createLog({ requestId });
    c.set('requestId', requestId);
    c.set('log', log);
    c.set('viewer', null);
    c.set('config', loadConfig(c.env));
    await next();
    // A WebSocket upgrade has immutable headers and is logged like any other answer.
    if (c.res.status !== 101) {
      c.header('X-Request-Id', requestId);
      // Pages of the app bring their own.
      for (const [name, value] of Object.entries(headers))
        if (!c.res.headers.has(name)) c.header(name, value);
      if (!c.res.headers.has('Content-Security-Policy'))
        c.header('Content-Security-Policy', apiContentSecurityPolicy);
      if (new URL(c.req.url).protocol === 'https:')
        c.header('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
      if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
    }
    log.info('request', {
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Date.now() - started,
    });
  };
}
