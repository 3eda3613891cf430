import { z } from 'zod';
import { hashBankOf } from '#durable-objects/hash-bank/rpc.ts';
import { pageOf } from '#schemas/http/common.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { unwrap } from '../../respond.ts';
import { requireModerator } from '../moderation/moderator.ts';
import {
  bankComparisonSchema,
  bankEntrySchema,
  entryParams,
  fingerprintsOf,
  negativeSchema,
  subjectParams,
} from './shapes.ts';

const tags = ['Moderation'];
const entry = json(bankEntrySchema, 'The entry as it is now.');
const theDesk = ['unauthenticated', 'forbidden', 'not_found'] as const;

const list = createRoute({
  method: 'get',
  path: '/api/v1/moderation/bank',
  operationId: 'listBank',
  summary: 'The hash bank, newest first',
  description: 'What was decided not to come back. Entries are proposed with a decision.',
  tags,
  request: {
    query: z.object({
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
  },
  responses: { 200: json(pageOf(bankEntrySchema), 'A page.'), ...refusals('unauthenticated', 'forbidden') },
});

const read = createRoute({
  method: 'get',
  path: '/api/v1/moderation/bank/{id}',
  operationId: 'getBankEntry',
  summary: 'One entry',
  tags,
  request: { params: entryParams },
  responses: { 200: entry, ...refusals(...theDesk) },
});

const confirm = createRoute({
  method: 'put',
  path: '/api/v1/moderation/bank/{id}/confirmation',
  operationId: 'confirmBankEntry',
  summary: 'Agree that it must not come back',
  description:
    'By another moderator than the one who proposed it; only then does it match. Also lifts the quarantine of an entry that had stopped itself. Repeating it changes nothing.',
  tags,
  request: { params: entryParams },
  responses: { 200: entry, ...refusals(...theDesk, 'already_final') },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/v1/moderation/bank/{id}',
  operationId: 'removeBankEntry',
  summary: 'Take it out of the bank',
  description: 'Stops it at once and erases its hashes. Repeating it changes nothing.',
  tags,
  request: { params: entryParams },
  responses: { 200: entry, ...refusals(...theDesk) },
});

const negative = createRoute({
  method: 'post',
  path: '/api/v1/moderation/bank/{id}/negatives',
  operationId: 'addBankNegative',
  summary: 'This is not a match',
  description: 'The entry never matches this clip or upload, or a copy of it, again.',
  tags,
  request: { params: entryParams, body: body(negativeSchema) },
  responses: { 200: entry, ...refusals(...theDesk, 'already_final') },
});

const explain = createRoute({
  method: 'get',
  path: '/api/v1/moderation/bank/{id}/comparisons/{subjectId}',
  operationId: 'explainBankMatch',
  summary: 'Why a clip or an upload matches an entry',
  description: 'Pairs of frames with their times, nearest first, for showing side by side.',
  tags,
  request: { params: subjectParams },
  responses: { 200: json(bankComparisonSchema, 'How they compare.'), ...refusals(...theDesk) },
});

const router = createRouter();

router.openapi(list, async (c) => {
  requireModerator(c);
  const { items, nextCursor } = await hashBankOf(c.env).list(c.req.valid('query').cursor ?? null);
  return c.json({ items: [...items], nextCursor }, 200);
});

router.openapi(read, async (c) => {
  requireModerator(c);
  return c.json(unwrap(await hashBankOf(c.env).read(c.req.valid('param').id)), 200);
});

router.openapi(confirm, async (c) => {
  const { accountId } = requireModerator(c);
  return c.json(unwrap(await hashBankOf(c.env).confirm(c.req.valid('param').id, accountId)), 200);
});

router.openapi(remove, async (c) => {
  const { accountId } = requireModerator(c);
  return c.json(unwrap(await hashBankOf(c.env).remove(c.req.valid('param').id, accountId)), 200);
});

router.openapi(negative, async (c) => {
  const { accountId } = requireModerator(c);
  const fingerprints = await fingerprintsOf(c, c.req.valid('json').subjectId);
  return c.json(
    unwrap(await hashBankOf(c.env).negative(c.req.valid('param').id, fingerprints, accountId)),
    200,
  );
});

router.openapi(explain, async (c) => {
  requireModerator(c);
  const { id, subjectId } = c.req.valid('param');
  const fingerprints = await fingerprintsOf(c, subjectId);
  const { pairs, ...compared } = unwrap(await hashBankOf(c.env).explain(id, fingerprints));
  return c.json({ ...compared, pairs: [...pairs] }, 200);
});

export const bankEntries = router;
