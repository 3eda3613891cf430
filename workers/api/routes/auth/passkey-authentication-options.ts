import { z } from 'zod';
import { openChallenge } from '#workers/auth/challenges.ts';
import { requestOptionsSchema } from '#workers/auth/passkey-shapes.ts';
import { authenticationOptions } from '#workers/auth/passkeys.ts';
import { relyingPartyOf } from '#workers/auth/relying-party.ts';
import { database } from '#workers/store/database.ts';
import { originOf } from '../../config.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { rememberChallenge } from './ceremony-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/auth/passkeys/authentication/options',
  operationId: 'startPasskeySignIn',
  summary: 'Start signing in with a passkey',
  description:
    'Names no account: the browser offers the passkeys it has for this site. A cookie binds the challenge to this browser for five minutes.',
  tags: ['Sign in'],
  request: { body: body(z.strictObject({})) },
  responses: { 200: json(requestOptionsSchema, 'Pass these to the browser.'), ...refusals('forbidden') },
});

export const startPasskeySignIn = createRouter().openapi(route, async (c) => {
  await spend(c, 'LIMIT_SIGN_IN', addressOf(c));
  const { id, challenge } = await openChallenge(database(c.env), { kind: 'authentication' }, Date.now());
  rememberChallenge(c, 'authentication', id);
  const party = relyingPartyOf(originOf(c.get('config'), c.req.url));
  return c.json(await authenticationOptions(party, challenge), 200);
});
