/**
 * The protocol as a value: the real machines, and the few choices that the shells around them make. Invariant: `protocol` holds nothing
 * of its own, so what is proved is what runs; a mutant is the same value with one thing changed. Called by simulate.ts and mutants.ts.
 */
import { keysOf } from '#durable-objects/clip/core/clip-machine.ts';
import { lift, revoke } from '#durable-objects/consent/core/consent-machine.ts';
import {
  acknowledge,
  begin,
  expire,
  forget,
  grant,
  isSettled,
  outcomes,
  restart,
} from '#durable-objects/consent/core/lease-machine.ts';
import { createGate, type Gate } from '#durable-objects/region-gate/core/gate-machine.ts';

/** As in wrangler.toml. */
export const leaseMs = 10_000;
export const marginMs = 500;

export interface Protocol {
  readonly log: { readonly revoke: typeof revoke; readonly lift: typeof lift };
  readonly leases: {
    readonly grant: typeof grant;
    readonly begin: typeof begin;
    readonly acknowledge: typeof acknowledge;
    readonly expire: typeof expire;
    readonly forget: typeof forget;
    readonly restart: typeof restart;
    readonly isSettled: typeof isSettled;
    readonly outcomes: typeof outcomes;
  };
  createGate(shards: readonly string[]): Gate;
  readonly keysOf: typeof keysOf;
  /** From when on the gate counts a lease: both on its own clock. */
  leaseFrom(sentAt: number, receivedAt: number): number;
  readonly marginMs: number;
  /** Whether a gate that starts takes up the lease of the instance before it. */
  readonly restoresLease: boolean;
  /** For how long a Worker remembers that a clip may be served; 0: it never does. */
  readonly permissionCacheMs: number;
}

/** What Kinora runs. */
export const protocol: Protocol = {
  log: { revoke, lift },
  leases: { grant, begin, acknowledge, expire, forget, restart, isSettled, outcomes },
  createGate: (shards) => createGate(shards),
  keysOf,
  leaseFrom: (sentAt) => sentAt,
  marginMs,
  restoresLease: false,
  permissionCacheMs: 0,
};
