/** The one way a request becomes signed in: tier told to the Account object, session stored, cookie set, older session of this browser ended. */
import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Session } from '#schemas/http/accounts.ts';

import { issueSession, revokeSession } from '#workers/auth/sessions.ts';
import { type AccountRow, presentAccount } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import type { ApiEnv } from '../../context.ts';
import { sessionCookieName, sessionSeconds } from '../../middleware/session.ts';
import { RefusalError } from '../../respond.ts';

/** @throws RefusalError `account_suspended` */
export async function startSession(c: Context<ApiEnv>, account: AccountRow, now: number): Promise<Session> {
  if (account.suspendedAt !== null) throw new RefusalError('account_suspended');
  // Told at every sign-in, so that a fault after the account was stored heals itself.
  await c.env.ACCOUNT.getByName(account.id).configure({ accountId: account.id, tier: account.tier });
  const db = database(c.env);
  const { token, expiresAt } = await issueSession(db, account.id, now);

  // A browser holds one session; a Bearer client may hold as many as it likes.
  const previous = c.get('viewer');
  if (previous !== null && c.req.header('Authorization') === undefined)
    await revokeSession(db, previous.tokenHash);
  const { environment } = c.get('config');
  setCookie(c, sessionCookieName(environment), token, {
    ...cookieAttributes(environment),
    maxAge: sessionSeconds,
  });
  return { account: presentAccount(account), token, expiresAt };
}

export function clearSessionCookie(c: Context<ApiEnv>): void {
  const { environment } = c.get('config');
  deleteCookie(c, sessionCookieName(environment), cookieAttributes(environment));
}

function cookieAttributes(environment: 'local' | 'production') {
  return { httpOnly: true, sameSite: 'Lax', path: '/', secure: environment !== 'local' } as const;
}
