/**
 * The one place that asks whether a clip may be served, listed, remixed, downloaded or cast. Invariant: it fails closed: a gate that
 * does not answer, or has no lease to answer on, throws `consent_unavailable` and never allows. Nothing here is remembered from one
 * question to the next. Called by the edge (media, feed, clip, cameo and remix routes), by workflows and by objects.
 */
import { parseConfig } from '#durable-objects/shared/config.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { within } from '#durable-objects/shared/within.ts';
import type { Capability, ConsentKey, Region } from '#schemas/consent.ts';
import type { GateAnswer } from '../region-gate/rpc.ts';
import { type Decision, decide } from './core/decide.ts';
import { consentShard, firstShard, partitionOf } from './core/shard.ts';

/** Whom workflows and objects ask: they stand nowhere in particular, and one region's lease costs less than nine. */
export const homeRegion: Region = 'weur';

/** A gate gives itself 2 s to renew its lease; more than that is a gate that is gone. */
const answerLimitMs = 3_000;

/** Thrown, because a caller that forgets it must stop: the edge answers its code (503), a workflow step is tried again. */
export class ConsentUnavailableError extends Error {
  readonly code = 'consent_unavailable';
  readonly retryAfterSeconds: number;
  constructor(cause: unknown, retryAfterSeconds = 2) {
    super('the consent gate did not answer', { cause });
    this.name = 'ConsentUnavailableError';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type GateEnv = Pick<Env, 'REGION_GATE'> & Parameters<typeof parseConfig>[0];

/** The log that holds a key. Without a key: the log of entries looked up by id (there is one shard for now). */
export function consentLogOf(env: Pick<Env, 'CONSENT_LOG'>, key?: ConsentKey) {
  return env.CONSENT_LOG.getByName(key === undefined ? firstShard : consentShard(key));
}

/**
 * Whether one set of keys allows the capability, asked where the viewer is.
 * @throws ConsentUnavailableError if the gate cannot be asked
 */
export async function askGate(
  env: GateEnv,
  region: Region,
  keys: readonly ConsentKey[],
  capability: Capability,
): Promise<Decision> {
  const [decision] = await askGateMany(env, region, [keys], capability);
  if (decision === undefined) throw new ConsentUnavailableError('no answer');
  return decision;
}

/**
 * The same for many sets with one call; answers in order. Every gate of a region knows every revocation: the partition, hashed from the
 * first key, only spreads the load.
 * @throws ConsentUnavailableError if the gate cannot be asked
 */
export async function askGateMany(
  env: GateEnv,
  region: Region,
  sets: readonly (readonly ConsentKey[])[],
  capability: Capability,
): Promise<Decision[]> {
  const first = sets.find((keys) => keys.length > 0)?.[0];
  // There is no revocation to know of: sets without keys are denied whatever is revoked.
  if (first === undefined) return sets.map((keys) => decide(keys, capability, new Map()));
  const gate = `gate-${region}-${partitionOf(first, parseConfig(env).consent.partitions)}`;
  const answer = await ask(env, gate, region, sets, capability);
  if (!answer.available) throw new ConsentUnavailableError('no lease', answer.retryAfterSeconds);
  if (answer.decisions.length !== sets.length) throw new ConsentUnavailableError('a question was left out');
  return answer.decisions;
}

/** A gate that was moved or evicted under the question is asked once more: asking changes nothing. */
async function ask(
  env: GateEnv,
  gate: string,
  region: Region,
  sets: readonly (readonly ConsentKey[])[],
  capability: Capability,
): Promise<GateAnswer> {
  const call = async (): Promise<GateAnswer> =>
    env.REGION_GATE.getByName(gate, { locationHint: region }).askMany(sets, capability);
  try {
    return await within(
      call().catch((error) => {
        log('warn', 'consent gate asked again', { gate, error: shortError(error) });
        return call();
      }),
      answerLimitMs,
    );
  } catch (error) {
    log('error', 'consent gate unavailable', { gate, error: shortError(error) });
    throw new ConsentUnavailableError(error);
  }
}
