import { meSchema } from '#schemas/http/accounts.ts';
import { accountOf } from '#workers/auth/account-of-viewer.ts';
import { passkeysOf } from '#workers/auth/accounts.ts';
import { database } from '#workers/store/database.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/me',
  operationId: 'getMe',
  summary: 'The signed-in account',
  description: 'With its tier, roles, credits of the present UTC day and number of passkeys.',
  tags: ['Accounts'],
  responses: { 200: json(meSchema, 'You.'), ...refusals('unauthenticated') },
});

export const getMe = createRouter().openapi(route, async (c) => {
  const viewer = requireViewer(c);
  const [credits, passkeys] = await Promise.all([
    c.env.ACCOUNT.getByName(viewer.accountId).credits(),
    passkeysOf(database(c.env), viewer.accountId),
  ]);
  return c.json(
    {
      account: accountOf(viewer),
      tier: viewer.tier,
      roles: [...viewer.roles],
      credits,
      passkeys: passkeys.length,
    },
    200,
  );
});
