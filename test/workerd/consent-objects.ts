/** The consent log and its gates in workerd tests: short leases, gates made up by the test, objects that die at a chosen moment. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { LogEntry } from '#durable-objects/consent/core/log-entry.ts';
import type { RenewRequest } from '#durable-objects/consent/rpc.ts';
import { ConsentStore } from '#durable-objects/consent/store.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type ConsentKey, clipKey, type Region } from '#schemas/consent.ts';

export const freshKey = (): ConsentKey => clipKey(createId('clip', Date.now()));

/** The log that real gates follow. */
export const sharedLog = () => env.CONSENT_LOG.getByName('log-0');

export const gateOf = (region: Region, partition = 0) =>
  env.REGION_GATE.getByName(`gate-${region}-${partition}`);

/** Leases of objects that start from now on. */
export function setLease(leaseMs: number, marginMs = 50): void {
  Reflect.set(env, 'CONSENT_LEASE_MS', String(leaseMs));
  Reflect.set(env, 'CONSENT_MARGIN_MS', String(marginMs));
}

/** A lease for an instance that nobody can reach under this gate's name. */
export function ghost(region: Region, position = 0): RenewRequest {
  return { gate: `gate-${region}-9`, region, incarnation: `ghost-${crypto.randomUUID()}`, position };
}

/** Every entry of a log, as it lies in SQL. */
export function entriesOf(log: DurableObjectStub): Promise<LogEntry[]> {
  return runInDurableObject(log, (_, state) => [
    ...new ConsentStore(state.storage.sql).range(1, Number.MAX_SAFE_INTEGER),
  ]);
}

/** The machine under the object goes away, in the middle of whatever it does. */
export async function crash(object: DurableObjectStub): Promise<void> {
  await runInDurableObject(object, (_, state) => state.abort('crashed by the test')).catch(() => {});
}
