/** Whether the pool takes this request now, and what it will cost. Called by the routes that admit generations. */
import type { EngineCapability } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { CreateGeneration } from '#schemas/http/generations.ts';
import { mainQueue } from '../queue.ts';
import { RefusalError } from '../respond.ts';

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
  if (request.cameos.length > 0 && !engine.biometricsAllowed)
    throw missing('cameos', 'This engine may not be shown anybody’s likeness.');
  return engine;
}

/** @returns credits. @throws RefusalError backlog_full, engine_unavailable, capability_missing */
export async function priceOf(env: Env, tier: Tier, request: CreateGeneration): Promise<number> {
  const { backlogFull, retryAfterSeconds, engines } = await mainQueue(env).admission(tier);
  if (backlogFull) throw new RefusalError('backlog_full', undefined, { retryAfterSeconds });
  return Math.ceil(request.seconds * chooseEngine(engines, request).creditsPerSecond);
}
