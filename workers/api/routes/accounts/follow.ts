import { and, eq } from 'drizzle-orm';
import { profileSchema } from '#schemas/http/accounts.ts';
import { follows } from '#schemas/tables.ts';
import { profileOf } from '#workers/store/accounts-store.ts';
import { database } from '#workers/store/database.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';
import { handleParams, namedAccount } from './named-account.ts';

const shared = {
  request: { params: handleParams },
  responses: {
    200: json(profileSchema, 'The profile as it is now.'),
    ...refusals('unauthenticated', 'not_found', 'conflict', 'forbidden'),
  },
};

const followRoute = createRoute({
  ...shared,
  path: '/api/v1/accounts/{handle}/follow',
  tags: ['Accounts'],
  method: 'put',
  operationId: 'followAccount',
  summary: 'Follow an account',
  description: 'Repeating it changes nothing. Following oneself is a `conflict`.',
});
const unfollowRoute = createRoute({
  ...shared,
  path: '/api/v1/accounts/{handle}/follow',
  tags: ['Accounts'],
  method: 'delete',
  operationId: 'unfollowAccount',
  summary: 'Stop following an account',
});

export const followAccount = createRouter().openapi(followRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const db = database(c.env);
  const account = await namedAccount(db, c.req.valid('param').handle);
  if (account.id === accountId) throw new RefusalError('conflict', 'You cannot follow yourself.');
  await db
    .insert(follows)
    .values({ followerId: accountId, followedId: account.id, createdAt: new Date().toISOString() })
    .onConflictDoNothing();
  const profile = await profileOf(db, account.handle, accountId);
  if (profile === null) throw new RefusalError('not_found');
  return c.json(profile, 200);
});

export const unfollowAccount = createRouter().openapi(unfollowRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const db = database(c.env);
  const account = await namedAccount(db, c.req.valid('param').handle);
  await db.delete(follows).where(and(eq(follows.followerId, accountId), eq(follows.followedId, account.id)));
  const profile = await profileOf(db, account.handle, accountId);
  if (profile === null) throw new RefusalError('not_found');
  return c.json(profile, 200);
});
