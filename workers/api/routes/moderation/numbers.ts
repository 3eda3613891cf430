import { policies } from '#core/moderation/policies.ts';
import { loadLogKey, publicKeyOf } from '#durable-objects/moderation-case/signing.ts';
import { moderationNumbersSchema } from '#schemas/http/moderation.ts';
import { database } from '#workers/store/database.ts';
import { moderationNumbers } from '#workers/store/moderation-store.ts';
import { createRoute, createRouter, json, refusals } from '../../openapi.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/moderation/numbers',
  operationId: 'getModerationNumbers',
  summary: 'What the desk has decided, in numbers',
  description:
    'Public. Decisions in force by policy, how long they took, how many appeals were made and how many were right (with a 95 % Wilson interval), the rules themselves, and the key that signs case logs.',
  tags: ['Moderation'],
  responses: { 200: json(moderationNumbersSchema, 'The numbers.'), ...refusals() },
});

export const getModerationNumbers = createRouter().openapi(route, async (c) => {
  const numbers = await moderationNumbers(database(c.env));
  c.header('Cache-Control', 'public, max-age=60');
  const logPublicKey = publicKeyOf(loadLogKey(c.env.MODERATION_LOG_KEY));
  // `strikePoints` and `groundText` are ours: authors read the ground in their statement.
  const rules = policies.map(({ groundText: _, strikePoints: __, ...policy }) => policy);
  return c.json({ ...numbers, policies: rules, logPublicKey }, 200);
});
