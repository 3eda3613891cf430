import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { EngineCapability } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import {
  type CreateGeneration,
  createGenerationSchema,
  generationSchema,
} from '#schemas/http/generations.ts';
import { hashJson } from '../../hash-json.ts';
import { spend } from '../../middleware/limits.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { mainQueue } from '../../queue.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { presentGeneration } from './present.ts';
import { findRemixParent } from './remix-parent.ts';

/** Generations one account may have unfinished at once: keeps one person from filling the queue. */
const maxUnfinished: Record<Tier, number> = { free: 8, plus: 24, pro: 64 };

const route = createRoute({
  method: 'post',
  path: '/api/v1/generations',
  operationId: 'createGeneration',
  summary: 'Make a clip from a prompt',
  description:
    'Holds the credits and queues the job. Send an `Idempotency-Key` (up to 128 characters): the same key with the same body answers with the first generation for 24 hours.',
  tags: ['Generations'],
  request: { body: body(createGenerationSchema) },
  responses: {
    202: json(generationSchema, 'Admitted. Follow it by GET or by the live WebSocket.'),
    ...refusals(
      'unauthenticated',
      'credits_insufficient',
      'capability_missing',
      'engine_unavailable',
      'consent_denied',
      'backlog_full',
      'idempotency_mismatch',
      'clip_locked',
      'remix_refused',
      'clip_deleted',
      'not_found',
    ),
  },
});

function idempotencyKeyOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (!/^[\x21-\x7e]{1,128}$/.test(header))
    throw new RefusalError('bad_request', 'Idempotency-Key must be 1 to 128 visible ASCII characters.');
  return header;
}

/** Finds the engine that was asked for and refuses, naming the field, what it cannot do (K-02). */
function chooseEngine(engines: readonly EngineCapability[], request: CreateGeneration): EngineCapability {
  if (engines.length === 0) throw new RefusalError('engine_unavailable', undefined, { retryAfterSeconds: 5 });
  const engine = engines.find((candidate) => candidate.name === request.engine);
  const missing = (field: string, message: string) =>
    new RefusalError('capability_missing', message, { field, engine: request.engine });
  if (engine === undefined)
    throw missing('engine', `There is no engine named ${request.engine} at the moment.`);
  const { min, max } = engine.seconds;
  if (request.seconds < min || request.seconds > max)
    throw missing('seconds', `This engine makes clips of ${min} to ${max} seconds.`);
  if (!engine.sizes.includes(request.size))
    throw missing('size', `This engine makes ${engine.sizes.join(' or ')}.`);
  if (request.dialogue.length > 0 && engine.dialogue === 'none')
    throw missing('dialogue', 'This engine cannot do dialogue.');
  if (request.soundCues.length > 0 && !engine.soundCues)
    throw missing('soundCues', 'This engine cannot place sounds.');
  return engine;
}

export const createGeneration = createRouter().openapi(route, async (c) => {
  const viewer = requireViewer(c);
  const idempotencyKey = idempotencyKeyOf(c.req.header('Idempotency-Key'));
  await spend(c, 'LIMIT_GENERATION', viewer.accountId);
  const request = c.req.valid('json');
  const stranger = request.cameos[0];
  if (stranger !== undefined)
    throw new RefusalError('consent_denied', `@${stranger} has not agreed to be cast.`, { cameo: stranger });

  const [{ backlogFull, retryAfterSeconds, engines }, parent] = await Promise.all([
    mainQueue(c.env).admission(viewer.tier),
    request.remixOf === undefined ? null : findRemixParent(c.env, request.remixOf, viewer.accountId),
  ]);
  if (backlogFull) throw new RefusalError('backlog_full', undefined, { retryAfterSeconds });
  const engine = chooseEngine(engines, request);

  const now = Date.now();
  const [randomSeed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const generation: AdmittedGeneration = {
    generationId: createId('gen', now),
    clipId: createId('clip', now),
    accountId: viewer.accountId,
    handle: viewer.handle,
    tier: viewer.tier,
    request,
    seed: request.seed ?? randomSeed,
    credits: Math.ceil(request.seconds * engine.creditsPerSecond),
    parent,
    createdAt: new Date(now).toISOString(),
  };
  const { generationId } = unwrap(
    await c.env.ACCOUNT.getByName(viewer.accountId).admit({
      generation,
      idempotencyKey,
      requestHash: await hashJson(request),
      maxUnfinished: maxUnfinished[viewer.tier],
    }),
  );
  const record = unwrap(await c.env.GENERATION.getByName(generationId).read());
  return c.json(presentGeneration(record), 202);
});
