import type { Context } from 'hono';
import type { RevokeTarget } from '#durable-objects/cameo/rpc.ts';
import {
  cameoReceiptSchema,
  type RevokeInput,
  revocationPreviewSchema,
  revokeSchema,
} from '#schemas/http/cameo.ts';
import { handleSchema } from '#schemas/http/common.ts';
import { idSchema } from '#schemas/ids.ts';
import { accountByHandle, accountById } from '../../../store/accounts-store.ts';
import { database } from '../../../store/database.ts';
import { idempotencyKeyOf } from '../../admission/admit.ts';
import { carrying, presentCameoReceipt } from '../../cameo-view.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { spendRevocation } from './spend-cameo.ts';

/** A suspended person can be revoked like anybody else. @throws RefusalError not_found */
async function targetOf(
  c: Context<ApiEnv>,
  { scope, target }: RevokeInput,
): Promise<RevokeTarget['targetId']> {
  if (scope === 'all' || target === undefined) return null;
  if (scope === 'clip') {
    const clip = idSchema('clip').safeParse(target);
    if (clip.success) return clip.data;
    throw new RefusalError('not_found', 'There is no clip with your likeness under this id.');
  }
  const id = idSchema('acc').safeParse(target);
  const handle = handleSchema.safeParse(target.replace(/^@/, ''));
  const account = id.success
    ? await accountById(database(c.env), id.data)
    : handle.success
      ? await accountByHandle(database(c.env), handle.data)
      : null;
  if (account === null) throw new RefusalError('not_found', 'There is no such account.');
  return account.id;
}

const previewRoute = createRoute({
  method: 'post',
  path: '/api/v1/cameo/revocations/preview',
  operationId: 'previewRevocation',
  summary: 'What a revocation would stop',
  description: 'Counts and changes nothing.',
  tags: ['Cameos'],
  request: { body: body(revokeSchema) },
  responses: {
    200: json(revocationPreviewSchema, 'What carries the keys that would be denied, and what is being made.'),
    ...refusals('unauthenticated', 'not_found', 'conflict'),
  },
});

export const previewRevocation = createRouter().openapi(previewRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const input = c.req.valid('json');
  const targetId = await targetOf(c, input);
  const preview = unwrap(await c.env.CAMEO.getByName(accountId).preview({ ...input, targetId }));
  const { keys, ...known } = preview;
  const { clips, drafts, remixes } = await carrying(c.env, keys);
  return c.json({ scope: input.scope, existing: input.existing, clips, drafts, remixes, ...known }, 200);
});

const revokeRoute = createRoute({
  method: 'post',
  path: '/api/v1/cameo/revocations',
  operationId: 'revokeConsent',
  summary: 'Withdraw consent from a clip, a person or everything',
  description:
    'Answers once the consent log has every entry and every region has acknowledged it or run out of its lease: no request that starts after this answer is served. Send an `Idempotency-Key`: the same key with the same body answers the same receipt for 24 hours.',
  tags: ['Cameos'],
  request: { body: body(revokeSchema) },
  responses: {
    200: json(cameoReceiptSchema, 'Stopped.'),
    ...refusals('unauthenticated', 'not_found', 'conflict', 'consent_unavailable', 'idempotency_mismatch'),
  },
});

export const revokeConsent = createRouter().openapi(revokeRoute, async (c) => {
  const { accountId } = requireViewer(c);
  await spendRevocation(c);
  const input = c.req.valid('json');
  const requestId = idempotencyKeyOf(c) ?? c.get('requestId');
  const targetId = await targetOf(c, input);
  const cameo = c.env.CAMEO.getByName(accountId);
  const { keys } = unwrap(await cameo.preview({ ...input, targetId }));
  const before = await carrying(c.env, keys);
  const revocation = unwrap(await cameo.revoke({ ...input, targetId, requestId, carrying: before }));
  const origin = originOf(c.get('config'), c.req.url);
  return c.json(presentCameoReceipt(origin, input.scope, targetId, revocation), 200);
});
