import { z } from 'zod';
import { sessionSchema } from '#schemas/http/accounts.ts';
import { takeChallenge } from '#workers/auth/challenges.ts';
import { authenticationResponseSchema } from '#workers/auth/passkey-shapes.ts';
import { verifyAuthentication } from '#workers/auth/passkeys.ts';
import { relyingPartyOf } from '#workers/auth/relying-party.ts';
import { accountById } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { originOf } from '../../config.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { forgetChallenge, heldChallenge } from './ceremony-cookie.ts';
import { startSession } from './start-session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys/authentication/verify',
  operationId: 'finishPasskeySignIn',
  summary: 'Finish signing in with a passkey',
  description:
    'Sets the session cookie and answers with the same token. The challenge is spent whatever the outcome.',
  tags: ['Sign in'],
  request: { body: body(z.strictObject({ response: authenticationResponseSchema })) },
  responses: {
    200: json(sessionSchema, 'Signed in.'),
    ...refusals('challenge_expired', 'passkey_invalid', 'account_suspended', 'forbidden'),
  },
});

export const finishPasskeySignIn = createRouter().openapi(route, async (c) => {
  await spend(c, 'LIMIT_SIGN_IN', addressOf(c));
  const db = database(c.env);
  const now = Date.now();
  const { challenge } = unwrap(
    await takeChallenge(db, heldChallenge(c, 'authentication'), 'authentication', now),
  );
  forgetChallenge(c, 'authentication');
  const accountId = unwrap(
    await verifyAuthentication(
      db,
      relyingPartyOf(originOf(c.get('config'), c.req.url)),
      challenge,
      c.req.valid('json').response,
      now,
      (error) => c.get('log').info('passkey refused', { error }),
    ),
  );
  const account = await accountById(db, accountId);
  if (account === null) throw new Error('a passkey without an account');
  return c.json(await startSession(c, account, now), 200);
});
