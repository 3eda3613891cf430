import { erasureSchema } from '#schemas/http/clips.ts';
import { cameoOf } from '../../../store/consent-store.ts';
import { database } from '../../../store/database.ts';
import { readReceipt } from '../../../workflows/erase/receipts.ts';
import { requireViewer } from '../../middleware/session.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/cameo/erasure',
  operationId: 'getCameoErasure',
  summary: 'What was erased of my likeness',
  tags: ['Cameos'],
  responses: {
    200: json(erasureSchema, 'The receipt of the last erasure.'),
    ...refusals('unauthenticated', 'not_found'),
  },
});

export const readCameoErasure = createRouter().openapi(route, async (c) => {
  const { accountId } = requireViewer(c);
  const db = database(c.env);
  const cameo = await cameoOf(db, accountId);
  const receipt = cameo === null ? null : await readReceipt(db, cameo.cameoId);
  if (receipt === null) throw new RefusalError('not_found', 'Your likeness was not erased.');
  return c.json(receipt, 200);
});
