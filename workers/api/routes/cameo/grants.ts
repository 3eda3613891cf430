import type { Context } from 'hono';
import { z } from 'zod';
import type { GrantRecord } from '#durable-objects/cameo/rpc.ts';
import type { Account } from '#schemas/http/accounts.ts';
import { createGrantSchema, type Grant, grantSchema } from '#schemas/http/cameo.ts';
import { receiptSchema } from '#schemas/http/clips.ts';
import { type Page, pageOf, pageQuerySchema } from '#schemas/http/common.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { accountsByIds } from '../../../store/accounts-store.ts';
import { grantsReceived } from '../../../store/consent-store.ts';
import { database } from '../../../store/database.ts';
import { presentGrant } from '../../../store/present-grant.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { presentReceipt } from '../../receipt.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { namedAccount } from '../accounts/named-account.ts';
import { spendChange, spendRevocation } from './spend-cameo.ts';

/** Contracts of the viewer's own likeness, as its object knows them this moment. */
async function presentGiven(c: Context<ApiEnv>, records: readonly GrantRecord[]): Promise<Grant[]> {
  const viewer = requireViewer(c);
  const grantor: Account = {
    id: viewer.accountId,
    handle: viewer.handle,
    displayName: viewer.displayName,
    demo: viewer.demo,
    createdAt: viewer.createdAt,
  };
  const grantees = await accountsByIds(
    database(c.env),
    records.map(({ granteeId }) => granteeId),
  );
  const now = new Date().toISOString();
  return records.flatMap((record) => {
    const grantee = grantees.get(record.granteeId);
    const terms = { ...record, allow: [...record.allow], revoked: record.revokedAt !== null };
    return grantee === undefined ? [] : [presentGrant(terms, grantee, grantor, now)];
  });
}

const createGrantRoute = createRoute({
  method: 'post',
  path: '/api/v1/cameo/grants',
  operationId: 'createGrant',
  summary: 'Let somebody cast me',
  description:
    'A contract: who, what for, how often, until when, and whether I am asked first. Its terms never change; end it and make another. If only I could cast me so far, my level becomes `approved`.',
  tags: ['Cameos'],
  request: { body: body(createGrantSchema) },
  responses: {
    201: json(grantSchema, 'Made; they are told.'),
    ...refusals('unauthenticated', 'not_found', 'conflict'),
  },
});

export const createGrant = createRouter().openapi(createGrantRoute, async (c) => {
  const { accountId } = requireViewer(c);
  await spendChange(c);
  const { handle, ...terms } = c.req.valid('json');
  const grantee = await namedAccount(database(c.env), handle);
  const record = unwrap(await c.env.CAMEO.getByName(accountId).createGrant(grantee.id, terms));
  const [grant] = await presentGiven(c, [record]);
  if (grant === undefined) throw new Error('a grantee that is not there');
  return c.json(grant, 201);
});

const query = pageQuerySchema.extend({ direction: z.enum(['given', 'received']).default('given') });

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/cameo/grants',
  operationId: 'listGrants',
  summary: 'Contracts about a likeness, newest first',
  description: '`given`: about mine. `received`: those that let me cast somebody.',
  tags: ['Cameos'],
  request: { query },
  responses: {
    200: json(pageOf(grantSchema), 'A page.'),
    ...refusals('unauthenticated', 'cursor_invalid'),
  },
});

/** A cursor of `given` is the last contract on the page before. */
async function given(c: Context<ApiEnv>, limit: number, cursor: string | undefined): Promise<Page<Grant>> {
  const before = idSchema('grant').optional().safeParse(cursor);
  if (!before.success) throw new RefusalError('cursor_invalid');
  const { accountId } = requireViewer(c);
  const records = await c.env.CAMEO.getByName(accountId).grants({
    before: before.data ?? null,
    limit: limit + 1,
  });
  const page = records.slice(0, limit);
  const nextCursor = records.length > limit ? (page.at(-1)?.id ?? null) : null;
  return { items: await presentGiven(c, page), nextCursor };
}

export const listGrants = createRouter().openapi(listRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const { direction, limit, cursor } = c.req.valid('query');
  if (direction === 'given') return c.json(await given(c, limit, cursor), 200);
  const page = { limit, cursor: cursor ?? null };
  const now = new Date().toISOString();
  return c.json(unwrap(await grantsReceived(database(c.env), accountId, page, now)), 200);
});

const endRoute = createRoute({
  method: 'delete',
  path: '/api/v1/cameo/grants/{id}',
  operationId: 'endGrant',
  summary: 'End a contract',
  description:
    'By the person whose likeness it is. Nothing new is made under it; what was made stays, unless it is revoked. Asking again answers the same receipt.',
  tags: ['Cameos'],
  request: { params: z.object({ id: idSchema('grant') }) },
  responses: {
    200: json(receiptSchema, 'Ended.'),
    ...refusals('unauthenticated', 'not_found', 'consent_unavailable'),
  },
});

export const endGrant = createRouter().openapi(endRoute, async (c) => {
  const { accountId } = requireViewer(c);
  await spendRevocation(c);
  const id: Id<'grant'> = c.req.valid('param').id;
  const entry = unwrap(await c.env.CAMEO.getByName(accountId).revokeGrant(id));
  return c.json(presentReceipt(originOf(c.get('config'), c.req.url), entry), 200);
});
