import { z } from 'zod';
import { sessionSchema } from '#schemas/http/accounts.ts';
import { addPasskey, createAccountWithPasskey } from '#workers/auth/accounts.ts';
import { takeChallenge } from '#workers/auth/challenges.ts';
import { registrationResponseSchema } from '#workers/auth/passkey-shapes.ts';
import { verifyRegistration } from '#workers/auth/passkeys.ts';
import { relyingPartyOf } from '#workers/auth/relying-party.ts';
import { accountById } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { originOf } from '../../config.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { forgetChallenge, heldChallenge } from './ceremony-cookie.ts';
import { startSession } from './start-session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys/registration/verify',
  operationId: 'finishPasskeyRegistration',
  summary: 'Finish registering a passkey',
  description:
    'Makes the account, or adds the passkey to yours, and signs in. The challenge is spent whatever the outcome.',
  tags: ['Sign in'],
  request: { body: body(z.strictObject({ response: registrationResponseSchema })) },
  responses: {
    200: json(sessionSchema, 'Signed in.'),
    ...refusals('challenge_expired', 'passkey_invalid', 'handle_taken', 'account_suspended', 'forbidden'),
  },
});

export const finishPasskeyRegistration = createRouter().openapi(route, async (c) => {
  await spend(c, 'LIMIT_SIGN_IN', addressOf(c));
  const db = database(c.env);
  const now = Date.now();
  const { accountId, handle, displayName, challenge } = unwrap(
    await takeChallenge(db, heldChallenge(c, 'registration'), 'registration', now),
  );
  forgetChallenge(c, 'registration');
  if (accountId === null) throw new Error('a registration challenge without an account');

  const passkey = unwrap(
    await verifyRegistration(
      relyingPartyOf(originOf(c.get('config'), c.req.url)),
      challenge,
      c.req.valid('json').response,
      accountId,
      now,
      (error) => c.get('log').info('passkey refused', { error }),
    ),
  );

  if (handle !== null) {
    const account = unwrap(
      await createAccountWithPasskey(
        db,
        { id: accountId, handle, displayName: displayName ?? handle },
        passkey,
      ),
    );
    return c.json(await startSession(c, account, now), 200);
  }
  // Whoever adds a passkey must still be signed in as the account that asked for the challenge.
  if (c.get('viewer')?.accountId !== accountId)
    throw new RefusalError('forbidden', 'Sign in to the account that asked for this passkey.');
  unwrap(await addPasskey(db, passkey));
  const account = await accountById(db, accountId);
  if (account === null) throw new Error('the signed-in account is gone');
  return c.json(await startSession(c, account, now), 200);
});
