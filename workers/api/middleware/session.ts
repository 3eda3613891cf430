/**
 * Resolves the session of a request from `Authorization: Bearer` or the HttpOnly cookie. Tokens are opaque, 256 random bits; D1 holds only
 * their SHA-256, so a stolen database signs nobody in.
 */
import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { accounts, sessions } from '#schemas/tables.ts';
import { hexSha256 } from '../../encoding/hex.ts';
import { database } from '../../store/database.ts';
import type { ApiEnv, Viewer } from '../context.ts';
import { RefusalError } from '../respond.ts';

/** `__Host-` needs HTTPS, which a local run does not have. */
export function sessionCookieName(environment: 'local' | 'production'): string {
  return environment === 'local' ? 'kinora-session' : '__Host-kinora-session';
}

export const sessionSeconds = 60 * 60 * 24 * 30;

/** What D1 knows a session token by. */
export function hashToken(token: string): Promise<string> {
  return hexSha256(token);
}

const tokenPattern = /^kns_[A-Za-z0-9_-]{43}$/;

function presentedToken(c: Context<ApiEnv>): string | null {
  const bearer = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  const token = bearer ?? getCookie(c, sessionCookieName(c.get('config').environment));
  return token !== undefined && tokenPattern.test(token) ? token : null;
}

/** Sets `viewer`, or leaves it null. Never refuses: routes decide whether they need somebody. */
export function session(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const token = presentedToken(c);
    if (token !== null) {
      const tokenHash = await hashToken(token);
      const row = await database(c.env)
        .select({
          accountId: accounts.id,
          handle: accounts.handle,
          displayName: accounts.displayName,
          tier: accounts.tier,
          roles: accounts.roles,
          demo: accounts.demo,
          createdAt: accounts.createdAt,
        })
        .from(sessions)
        .innerJoin(accounts, eq(accounts.id, sessions.accountId))
        .where(
          and(
            eq(sessions.tokenHash, tokenHash),
            gt(sessions.expiresAt, new Date().toISOString()),
            isNull(accounts.suspendedAt),
          ),
        )
        .get();
      if (row !== undefined) c.set('viewer', { ...row, tokenHash });
    }
    await next();
  };
}

/** The signed-in account. @throws RefusalError `unauthenticated` */
export function requireViewer(c: Context<ApiEnv>): Viewer {
  const viewer = c.get('viewer');
  if (viewer === null) throw new RefusalError('unauthenticated');
  return viewer;
}
