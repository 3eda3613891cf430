/**
 * The one place that asks whether a clip may be served, listed, remixed, downloaded or cast. Invariant: it fails closed: a log
 * that does not answer throws `consent_unavailable` and never allows. Called by the edge (media gate, feed, clip and remix routes),
 * by the generation workflow and by publication.
 *
 * Region gates (architecture.md §3) come in behind these two functions: their callers do not change.
 */
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Decision } from './core/decide.ts';
import { consentShard, firstShard } from './core/shard.ts';
import { groupByShard, joinDecisions } from './core/shard-sets.ts';

/** Thrown, because a caller that forgets it must stop: the edge answers its code (503), a workflow step is tried again. */
export class ConsentUnavailableError extends Error {
  readonly code = 'consent_unavailable';
  constructor(cause: unknown) {
    super('the consent log did not answer', { cause });
    this.name = 'ConsentUnavailableError';
  }
}

type ConsentEnv = Pick<Env, 'CONSENT_LOG'>;

/** The log that holds a key. Without a key: the log of entries looked up by id (there is one shard for now). */
export function consentLogOf(env: ConsentEnv, key?: ConsentKey) {
  return env.CONSENT_LOG.getByName(key === undefined ? firstShard : consentShard(key));
}

/**
 * Whether one set of keys allows the capability.
 * @throws ConsentUnavailableError if the log cannot be asked
 */
export async function askGate(
  env: ConsentEnv,
  keys: readonly ConsentKey[],
  capability: Capability,
): Promise<Decision> {
  const [decision] = await askGateMany(env, [keys], capability);
  if (decision === undefined) throw new ConsentUnavailableError('no answer');
  return decision;
}

/**
 * The same for many sets, one call per shard; answers in order. A set is allowed only if every shard allows its part.
 * @throws ConsentUnavailableError if any shard cannot be asked
 */
export async function askGateMany(
  env: ConsentEnv,
  sets: readonly (readonly ConsentKey[])[],
  capability: Capability,
): Promise<Decision[]> {
  try {
    const answers = await Promise.all(
      groupByShard(sets).map(async ({ shard, parts }) => {
        const questions = parts.map((part) => part.keys);
        const decisions = await env.CONSENT_LOG.getByName(shard).evaluateMany(questions, capability);
        return { parts, decisions };
      }),
    );
    return joinDecisions(sets.length, answers);
  } catch (error) {
    log('error', 'consent log unavailable', { error: shortError(error) });
    throw new ConsentUnavailableError(error);
  }
}
