import { cameoReceiptSchema } from '#schemas/http/cameo.ts';
import { idempotencyKeyOf } from '../../admission/admit.ts';
import { carrying, presentCameoReceipt } from '../../cameo-view.ts';
import { originOf } from '../../config.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { spendRevocation } from './spend-cameo.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/v1/cameo',
  operationId: 'deleteCameo',
  summary: 'Delete my likeness',
  description:
    'Stops every clip with it, then erases template, portrait and voice; `GET /cameo/erasure` says what was erased and when. Asking again answers the same entries.',
  tags: ['Cameos'],
  responses: {
    200: json(cameoReceiptSchema, 'Stopped everywhere.'),
    ...refusals('unauthenticated', 'not_found', 'consent_unavailable', 'idempotency_mismatch'),
  },
});

export const deleteCameo = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  await spendRevocation(c);
  const cameo = c.env.CAMEO.getByName(accountId);
  const { keys } = unwrap(await cameo.preview({ scope: 'all', existing: 'delete', targetId: null }));
  const requestId = idempotencyKeyOf(c) ?? c.get('requestId');
  const revocation = unwrap(await cameo.erase({ requestId, carrying: await carrying(c.env, keys) }));
  const origin = originOf(c.get('config'), c.req.url);
  return c.json(presentCameoReceipt(origin, 'all', null, revocation), 200);
});
