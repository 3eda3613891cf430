import { z } from 'zod';
import { reportStatusSchema, reportTokenSchema } from '#schemas/http/moderation.ts';
import { parseReceipt, receiptHash } from '#workers/moderation/receipts.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/reports/{token}',
  operationId: 'getReportStatus',
  summary: 'What became of a report',
  description: 'With the receipt that was given for it. No account needed.',
  tags: ['Moderation'],
  request: { params: z.object({ token: reportTokenSchema }) },
  responses: { 200: json(reportStatusSchema, 'The outcome, or that it waits.'), ...refusals('not_found') },
});

export const getReportStatus = createRouter().openapi(route, async (c) => {
  const { reportId, caseId, secret } = parseReceipt(c.req.valid('param').token);
  const hash = await receiptHash(reportId, secret);
  return c.json(unwrap(await c.env.MODERATION_CASE.getByName(caseId).report(reportId, hash)), 200);
});
