import { createId } from '#durable-objects/shared/id.ts';
import { createGenerationSchema, generationSchema } from '#schemas/http/generations.ts';
import { candidatesByHandle } from '../../../store/cast-store.ts';
import { database } from '../../../store/database.ts';
import { admitGeneration, idempotencyKeyOf, repeated } from '../../admission/admit.ts';
import { priceOf } from '../../admission/engine.ts';
import { refuseByPolicy } from '../../admission/policy.ts';
import { findRemixParent } from '../../admission/remix-parent.ts';
import { textsOf } from '../../admission/texts.ts';
import { hashJson } from '../../hash-json.ts';
import { spend } from '../../middleware/limits.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { presentGeneration } from './present.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/generations',
  operationId: 'createGeneration',
  summary: 'Make a clip from a prompt',
  description:
    'Holds the credits and queues the job. Everybody named in `cameos` is asked and becomes co-owner in the same step; `cameo_rule` and `policy_refused` name the rule and the span (`field`, `start`, `end`). Send an `Idempotency-Key` (up to 128 characters): the same key with the same body answers with the first generation for 24 hours.',
  tags: ['Generations'],
  request: { body: body(createGenerationSchema) },
  responses: {
    202: json(generationSchema, 'Admitted. Follow it by GET or by the live WebSocket.'),
    ...refusals(
      'unauthenticated',
      'credits_insufficient',
      'capability_missing',
      'policy_refused',
      'engine_unavailable',
      'consent_denied',
      'cameo_rule',
      'consent_unavailable',
      'lineage_too_large',
      'backlog_full',
      'idempotency_mismatch',
      'clip_locked',
      'remix_refused',
      'clip_deleted',
      'not_found',
    ),
  },
});

export const createGeneration = createRouter().openapi(route, async (c) => {
  const viewer = requireViewer(c);
  const idempotencyKey = idempotencyKeyOf(c);
  await spend(c, 'LIMIT_GENERATION', viewer.accountId);
  const request = c.req.valid('json');
  const requestHash = await hashJson(request);
  const before = await repeated(c, idempotencyKey, requestHash);
  if (before !== null) return c.json(presentGeneration(before), 202);

  const handles = [...new Set(request.cameos)];
  const texts = textsOf(request);
  refuseByPolicy(texts, handles.length > 0);
  const [credits, remix, candidates] = await Promise.all([
    priceOf(c.env, viewer.tier, request),
    request.remixOf === undefined ? null : findRemixParent(c, request.remixOf, viewer.accountId, texts),
    handles.length === 0 ? [] : candidatesByHandle(database(c.env), viewer.accountId, handles),
  ]);
  const now = Date.now();
  const [randomSeed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const record = await admitGeneration(c, {
    generation: {
      generationId: createId('gen', now),
      clipId: createId('clip', now),
      accountId: viewer.accountId,
      handle: viewer.handle,
      tier: viewer.tier,
      request,
      seed: request.seed ?? randomSeed,
      credits,
      parent: remix?.parent ?? null,
      inheritedCoOwnerIds: (remix?.people ?? []).filter((person) => person !== viewer.accountId),
      recastOf: null,
      createdAt: new Date(now).toISOString(),
    },
    handles,
    candidates,
    texts,
    idempotencyKey,
    requestHash,
  });
  return c.json(presentGeneration(record), 202);
});
