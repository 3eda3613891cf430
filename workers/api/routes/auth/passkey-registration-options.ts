import { z } from 'zod';
import { createId } from '#durable-objects/shared/id.ts';
import { handleSchema } from '#schemas/http/common.ts';
import { passkeysOf } from '#workers/auth/accounts.ts';
import { openChallenge, openNewAccountChallenge } from '#workers/auth/challenges.ts';
import { creationOptionsSchema } from '#workers/auth/passkey-shapes.ts';
import { maxPasskeys, registrationOptions } from '#workers/auth/passkeys.ts';
import { relyingPartyOf } from '#workers/auth/relying-party.ts';
import { database } from '#workers/store/database.ts';
import { originOf } from '../../config.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { heldChallenge, rememberChallenge } from './ceremony-cookie.ts';

const requestSchema = z.strictObject({
  handle: handleSchema.optional(),
  displayName: z.string().trim().min(1).max(60).optional(),
});

const route = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys/registration/options',
  operationId: 'startPasskeyRegistration',
  summary: 'Start registering a passkey',
  description:
    'Signed out, `handle` names the account to be made and is reserved for five minutes. Signed in, the passkey is added to your account. A cookie binds the challenge to this browser.',
  tags: ['Sign in'],
  request: { body: body(requestSchema) },
  responses: {
    200: json(creationOptionsSchema, 'Pass these to the browser.'),
    ...refusals('handle_taken', 'conflict', 'forbidden'),
  },
});

export const startPasskeyRegistration = createRouter().openapi(route, async (c) => {
  await spend(c, 'LIMIT_SIGN_IN', addressOf(c));
  const { handle, displayName } = c.req.valid('json');
  const viewer = c.get('viewer');
  const party = relyingPartyOf(originOf(c.get('config'), c.req.url));
  const db = database(c.env);
  const now = Date.now();

  if (viewer !== null) {
    if (handle !== undefined && handle !== viewer.handle)
      throw new RefusalError('conflict', 'Sign out before you make another account.');
    const existing = await passkeysOf(db, viewer.accountId);
    if (existing.length >= maxPasskeys)
      throw new RefusalError('conflict', `An account can have at most ${maxPasskeys} passkeys.`);
    const { id, challenge } = await openChallenge(
      db,
      { kind: 'registration', accountId: viewer.accountId },
      now,
    );
    rememberChallenge(c, 'registration', id);
    const options = await registrationOptions(
      party,
      { ...viewer, id: viewer.accountId },
      challenge,
      existing,
    );
    return c.json(options, 200);
  }

  if (handle === undefined) throw new RefusalError('bad_request', 'handle: choose one for the new account');
  const account = { id: createId('acc', now), handle, displayName: displayName ?? handle };
  const opened = await openNewAccountChallenge(
    db,
    {
      accountId: account.id,
      handle,
      displayName: account.displayName,
      previousId: heldChallenge(c, 'registration'),
    },
    now,
  );
  const { id, challenge } = unwrap(opened);
  rememberChallenge(c, 'registration', id);
  return c.json(await registrationOptions(party, account, challenge, []), 200);
});
