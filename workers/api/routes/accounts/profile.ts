import { profileSchema } from '#schemas/http/accounts.ts';
import { profileOf } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import { handleParams, namedAccount } from './named-account.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/accounts/{handle}',
  operationId: 'getProfile',
  summary: 'A profile',
  description: 'Counts are exact. `clips` counts what is published to everybody.',
  tags: ['Accounts'],
  request: { params: handleParams },
  responses: { 200: json(profileSchema, 'The profile.'), ...refusals('not_found') },
});

export const getProfile = createRouter().openapi(route, async (c) => {
  const { handle } = c.req.valid('param');
  const db = database(c.env);
  const [, profile] = await Promise.all([
    namedAccount(db, handle),
    profileOf(db, handle, c.get('viewer')?.accountId ?? null),
  ]);
  if (profile === null) throw new RefusalError('not_found');
  return c.json(profile, 200);
});
