import { z } from 'zod';
import { createId } from '#durable-objects/shared/id.ts';
import { localSignInSchema, sessionSchema } from '#schemas/http/accounts.ts';
import { upsertLocalAccount } from '#workers/auth/accounts.ts';
import { database } from '#workers/store/database.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import { startSession } from './start-session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/local/sign-in',
  operationId: 'signInLocally',
  summary: 'Sign in without a passkey, on your own machine',
  description:
    'Exists only where ENVIRONMENT is `local`; anywhere else it answers `not_found`. Makes the account on first use. Sets the session cookie and answers with the same token for `Authorization: Bearer`.',
  tags: ['Sign in'],
  request: { body: body(z.strictObject(localSignInSchema.shape)) },
  responses: { 200: json(sessionSchema, 'Signed in.'), ...refusals('not_found', 'account_suspended') },
});

const router = createRouter();

// Before validation: outside the local environment nothing here answers, not even with what is wrong about a body.
router.use(route.path, async (c, next) => {
  if (c.get('config').environment !== 'local') throw new RefusalError('not_found');
  await next();
});

export const signInLocally = router.openapi(route, async (c) => {
  const now = Date.now();
  const account = await upsertLocalAccount(database(c.env), createId('acc', now), c.req.valid('json'), now);
  return c.json(await startSession(c, account, now), 200);
});
