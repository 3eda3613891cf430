/**
 * Limits that hold for every endpoint: body size, same-origin for cookie sessions, and request rates by address and account through
 * Cloudflare's rate limiting bindings.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { originOf } from '../config.ts';
import type { ApiEnv } from '../context.ts';
import { RefusalError } from '../respond.ts';

/** JSON bodies; uploads have limits of their own where they are received. */
export const maxJsonBytes = 64 * 1024;

/** Fingerprints of a minute in every view a query is asked in come to some 400 kB of JSON. */
export const maxReportBytes = 640 * 1024;

export function jsonBodyLimit(maxSize = maxJsonBytes): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new RefusalError('payload_too_large', `The body may have at most ${maxSize / 1024} KiB.`);
    },
  });
}

/** Recordings, parts of uploads and files to be verified are large; their routes bound them themselves. */
const largeBodies: readonly [method: string, path: RegExp][] = [
  ['PUT', /^\/api\/v1\/cameo\/enrolments\/[^/]+\/recording$/],
  ['PUT', /^\/api\/v1\/uploads\/[^/]+\/parts\/[^/]+$/],
  ['POST', /^\/api\/v1\/verify$/],
];

/** JSON everywhere in the API but where media are sent. */
export function apiBodyLimit(): MiddlewareHandler<ApiEnv> {
  const limit = jsonBodyLimit();
  return (c, next) =>
    largeBodies.some(([method, path]) => c.req.method === method && path.test(c.req.path))
      ? next()
      : limit(c, next);
}

const inspectionReport = /^\/render\/v1\/inspections\/[^/]+\/complete$/;

/**
 * Render nodes send JSON of the same size, except for what they saw in media, and for the files they PUT, which the upload route bounds by
 * their kind.
 */
export function renderBodyLimit(): MiddlewareHandler<ApiEnv> {
  const [limit, reportLimit] = [jsonBodyLimit(), jsonBodyLimit(maxReportBytes)];
  return (c, next) => {
    if (c.req.method === 'PUT') return next();
    return inspectionReport.test(c.req.path) ? reportLimit(c, next) : limit(c, next);
  };
}

/**
 * A browser that carries the session cookie may change something only from our own pages. Bearer tokens and requests without an
 * Origin (no browser) are not exposed to cross-site forgery.
 */
export function sameOrigin(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const safe = c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.method === 'OPTIONS';
    const upgrade = c.req.header('Upgrade') === 'websocket';
    const origin = c.req.header('Origin');
    if (
      (!safe || upgrade) &&
      origin !== undefined &&
      c.req.header('Authorization') === undefined &&
      origin !== originOf(c.get('config'), c.req.url)
    ) {
      throw new RefusalError('forbidden', 'This request came from another site.');
    }
    await next();
  };
}

type LimitName = 'LIMIT_ADDRESS' | 'LIMIT_ACCOUNT' | 'LIMIT_SIGN_IN' | 'LIMIT_GENERATION' | 'LIMIT_VERIFY';

/** Spends one unit. @throws RefusalError `rate_limited` with Retry-After */
export async function spend(c: Context<ApiEnv>, limit: LimitName, key: string): Promise<void> {
  const { success } = await c.env[limit].limit({ key });
  if (!success) throw new RefusalError('rate_limited', undefined, { retryAfterSeconds: 60 });
}

export function addressOf(c: Context<ApiEnv>): string {
  return c.req.header('CF-Connecting-IP') ?? 'local';
}

/** Signed in: by account. Otherwise: by address. */
export function requestRate(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const viewer = c.get('viewer');
    if (viewer === null) await spend(c, 'LIMIT_ADDRESS', addressOf(c));
    else await spend(c, 'LIMIT_ACCOUNT', viewer.accountId);
    await next();
  };
}
