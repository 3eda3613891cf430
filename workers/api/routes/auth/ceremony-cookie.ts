/**
 * Binds a passkey challenge to the browser that asked for it. The challenge is looked up by this cookie and not by the value inside
 * clientDataJSON: an assertion made elsewhere cannot be slipped into somebody's browser to sign them in as another person
 * (login CSRF), and a challenge seen in transit is worth nothing without the cookie. One cookie per kind, because a page may keep
 * a sign-in open (autofill) while a registration runs.
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type ChallengeKind, challengeSeconds } from '#workers/auth/challenges.ts';
import type { ApiEnv } from '../../context.ts';

/** `__Host-` needs HTTPS, which a local run does not have. */
function nameOf(c: Context<ApiEnv>, kind: ChallengeKind): string {
  return c.get('config').environment === 'local' ? `kinora-${kind}` : `__Host-kinora-${kind}`;
}

function attributes(c: Context<ApiEnv>) {
  return {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: c.get('config').environment !== 'local',
  } as const;
}

export function rememberChallenge(c: Context<ApiEnv>, kind: ChallengeKind, id: string): void {
  setCookie(c, nameOf(c, kind), id, { ...attributes(c), maxAge: challengeSeconds });
}

/** The challenge this browser holds, if any. */
export function heldChallenge(c: Context<ApiEnv>, kind: ChallengeKind): string | null {
  return getCookie(c, nameOf(c, kind)) ?? null;
}

export function forgetChallenge(c: Context<ApiEnv>, kind: ChallengeKind): void {
  deleteCookie(c, nameOf(c, kind), attributes(c));
}
