import { revokeSession } from '#workers/auth/sessions.ts';
import { database } from '#workers/store/database.ts';
import { createRoute, createRouter, refusals } from '../../openapi.ts';
import { clearSessionCookie } from './start-session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/auth/sign-out',
  operationId: 'signOut',
  summary: 'Sign out',
  description:
    'Ends the session of this request on the server and clears the cookie. Harmless without a session.',
  tags: ['Sign in'],
  responses: { 204: { description: 'Signed out.' }, ...refusals('forbidden') },
});

export const signOut = createRouter().openapi(route, async (c) => {
  const viewer = c.get('viewer');
  if (viewer !== null) await revokeSession(database(c.env), viewer.tokenHash);
  clearSessionCookie(c);
  return c.body(null, 204);
});
