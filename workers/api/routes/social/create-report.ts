import { openCase } from '#durable-objects/moderation-case/open-case.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { createReportSchema } from '#schemas/http/clips.ts';
import { reportReceiptSchema } from '#schemas/http/moderation.ts';
import { formatReceipt, makeReceiptSecret, receiptHash } from '#workers/moderation/receipts.ts';
import { clipSubject } from '#workers/moderation/subjects.ts';
import { database } from '#workers/store/database.ts';
import { reachOfClip } from '#workers/store/moderation-store.ts';
import { insertReport } from '#workers/store/reports-store.ts';
import { clipParams, findExistingClip } from '../../find-clip.ts';
import { addressOf, spend } from '../../middleware/limits.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/clips/{id}/reports',
  operationId: 'reportClip',
  summary: 'Report a clip',
  description:
    'Anyone may, also without an account. Taken even while consent cannot be checked. Reports about a likeness, an intimate image or a minor take the clip out of sight until somebody has looked. The receipt opens the outcome.',
  tags: ['Social'],
  request: { params: clipParams, body: body(createReportSchema) },
  responses: {
    202: json(reportReceiptSchema, 'Taken; keep the receipt to read the outcome.'),
    ...refusals('not_found', 'clip_deleted', 'forbidden'),
  },
});

export const reportClip = createRouter().openapi(route, async (c) => {
  const viewer = c.get('viewer');
  // Reports wait for a person, so they are bounded far below ordinary requests.
  await spend(c, 'LIMIT_SIGN_IN', `report:${viewer?.accountId ?? addressOf(c)}`);
  const clip = await findExistingClip(c, c.req.valid('param').id);
  const { reason, details } = c.req.valid('json');
  const now = Date.now();
  const id = createId('rep', now);
  const secret = makeReceiptSecret();
  const tokenHash = await receiptHash(id, secret);
  const db = database(c.env);
  const reporterId = viewer?.accountId ?? null;
  const { caseId } = await openCase(c.env, {
    subject: clipSubject(clip, await reachOfClip(db, clip.clipId)),
    causes: [{ kind: 'report', reportId: id, reason, details, reporterId, receiptHash: tokenHash }],
    provenance: null,
    legalDeadlineAt: null,
    dedupeKey: id,
    tool: 'report-form',
  });
  const createdAt = new Date(now).toISOString();
  await insertReport(db, {
    id,
    clipId: clip.clipId,
    reporterId,
    reason,
    details,
    createdAt,
    tokenHash,
    caseId,
  });
  const token = formatReceipt(id, caseId, secret);
  return c.json({ id, token, url: `/api/v1/reports/${token}` }, 202);
});
