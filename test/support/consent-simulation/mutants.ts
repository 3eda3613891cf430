/**
 * The protocol broken on purpose, one way each. Invariant: a mutant differs from the real protocol in exactly what its name says; the
 * test must catch each of them within `within` histories, by breaking one of `breaks`. Called by test/property/consent-mutants.test.ts
 * and scripts/prove-consent.ts.
 */
import type { Lease, LeaseState, Wait } from '#durable-objects/consent/core/lease-machine.ts';
import { genesisHash } from '#durable-objects/consent/core/log-entry.ts';
import { type AppliedEntry, createGate, type Gate } from '#durable-objects/region-gate/core/gate-machine.ts';
import type { Promised } from './ledger.ts';
import { leaseMs, type Protocol, protocol } from './protocol.ts';

export interface Mutant {
  readonly name: string;
  readonly breaks: readonly Promised[];
  readonly within: number;
  readonly protocol: Protocol;
}

const { leases } = protocol;
const served: readonly Promised[] = ['served after the acknowledgement'];

function mutant(
  name: string,
  within: number,
  breaks: readonly Promised[],
  change: Partial<Protocol>,
): Mutant {
  return { name, within, breaks, protocol: { ...protocol, ...change } };
}

function mutantOfLeases(name: string, within: number, change: Partial<Protocol['leases']>): Mutant {
  return mutant(name, within, served, { leases: { ...leases, ...change } });
}

/** Incarnations of the same gate, other than the one given. */
function others(state: LeaseState, { gate, incarnation }: Pick<Lease, 'gate' | 'incarnation'>): string[] {
  const waits = [...state.pending.values()].flatMap((pending) => pending.waits);
  const all = [...state.leases.values(), ...waits].filter((other) => other.gate === gate);
  return [...new Set(all.map((other) => other.incarnation))].filter((other) => other !== incarnation);
}

/**
 * A gate whose position is that of the last message, not of the furthest. It is built anew at the lower position from all it has seen,
 * as it would come out of rows that had gone back.
 */
function createForgetfulGate(shards: readonly string[]): Gate {
  let gate = createGate(shards);
  const seen = new Map(shards.map((shard) => [shard, new Map<number, AppliedEntry>()]));
  const leasesOf = new Map(shards.map((shard) => [shard, 0]));

  const goTo = (shard: string, position: number) => {
    if (position >= gate.position(shard)) return;
    const positions = new Map(shards.map((other) => [other, gate.position(other)]));
    gate = createGate(shards);
    for (const other of shards) {
      const entries = [...(seen.get(other)?.values() ?? [])].sort((a, b) => a.position - b.position);
      gate.restore(other, entries, other === shard ? position : (positions.get(other) ?? 0));
      const sentAt = (leasesOf.get(other) ?? 0) - leaseMs;
      gate.renewed(other, { sentAt, leaseMs, entries: [], from: 0, position: 0 }, 0);
    }
  };
  const see = (shard: string, entries: Iterable<AppliedEntry>) => {
    for (const entry of entries) seen.get(shard)?.set(entry.position, entry);
  };

  return {
    restore: (shard, entries, position) => {
      const all = [...entries];
      see(shard, all);
      gate.restore(shard, all, position);
    },
    apply: (shard, entries, upTo, from) => {
      see(shard, entries);
      gate.apply(shard, entries, upTo, from);
      goTo(shard, upTo);
    },
    renewed: (shard, renewal, marginMs) => {
      see(shard, renewal.entries);
      gate.renewed(shard, renewal, marginMs);
      leasesOf.set(shard, gate.leaseUntil(shard));
      goTo(shard, renewal.position);
    },
    position: (shard) => gate.position(shard),
    leaseUntil: (shard) => gate.leaseUntil(shard),
    ask: (sets, capability, now) => gate.ask(sets, capability, now),
    renewDue: (shard, now, ms) => gate.renewDue(shard, now, ms),
  };
}

export const mutants: readonly Mutant[] = [
  mutantOfLeases('skip the wait', 100, {
    begin: (state, position, startedAt) => ({
      ...state,
      pending: new Map(state.pending).set(position, { position, startedAt, waits: [] }),
    }),
  }),
  mutant('cache a permission in the worker', 100, served, { permissionCacheMs: 1_000 }),
  mutant('count the lease from the reply', 3_000, served, { leaseFrom: (_, receivedAt) => receivedAt }),
  mutantOfLeases('forget leases when the log is evicted', 500, {
    restart: (state, now, ms) => ({ ...leases.restart(state, now, ms), leases: new Map() }),
  }),
  mutantOfLeases('let a new incarnation release the lease of the old one', 1_000, {
    grant: (state, gate, head, now, ms) => {
      const next = leases.grant(state, gate, head, now, ms);
      const old = others(next, gate);
      const released = old.reduce((all, other) => leases.acknowledge(all, other, head, now), next);
      return { ...released, leases: new Map([...released.leases].filter(([other]) => !old.includes(other))) };
    },
  }),
  mutant('restore a lease on start', 500, served, { restoresLease: true }),
  mutant('let a position go back', 5_000, ['not acknowledged at once in quiet times'], {
    createGate: createForgetfulGate,
  }),
  mutant('drop inherited keys', 100, served, {
    keysOf: (source) => protocol.keysOf({ ...source, parent: null }),
  }),
  mutant('drop the margin', 1_000, served, { marginMs: 0 }),
  mutantOfLeases('do not date leases anew when the log restarts', 1_000, { restart: (state) => state }),
  mutantOfLeases('release a wait by the push reply of another incarnation', 500, {
    acknowledge: (state, incarnation, position, now) => {
      const gate = state.leases.get(incarnation)?.gate;
      const all = gate === undefined ? [] : others(state, { gate, incarnation });
      return [incarnation, ...all].reduce(
        (next, other) => leases.acknowledge(next, other, position, now),
        state,
      );
    },
  }),
  mutant('follow a push over a gap', 5_000, served, {
    createGate: (shards) => {
      const gate = createGate(shards);
      return { ...gate, apply: (shard, entries, upTo) => gate.apply(shard, entries, upTo, 0) };
    },
  }),
  mutant('let a renewal prolong a wait', 1_000, ['not acknowledged in time'], {
    leases: {
      ...leases,
      grant: (state, gate, head, now, ms) => {
        const next = leases.grant(state, gate, head, now, ms);
        const expiresAt = next.leases.get(gate.incarnation)?.expiresAt ?? 0;
        const prolong = (wait: Wait): Wait =>
          wait.incarnation === gate.incarnation ? { ...wait, expiresAt } : wait;
        const pending = [...next.pending].map(
          ([at, entry]) => [at, { ...entry, waits: entry.waits.map(prolong) }] as const,
        );
        return { ...next, pending: new Map(pending) };
      },
    },
  }),
  mutant('let a lift pass a gate by', 500, ['denied without a revocation'], {
    createGate: (shards) => {
      const gate = createGate(shards);
      const denialsIn = (entries: Iterable<AppliedEntry>) =>
        [...entries].filter(({ lifts }) => lifts === null);
      return {
        ...gate,
        apply: (shard, entries, upTo, from) => gate.apply(shard, denialsIn(entries), upTo, from),
        renewed: (shard, renewal, margin) =>
          gate.renewed(shard, { ...renewal, entries: denialsIn(renewal.entries) }, margin),
      };
    },
  }),
  mutant('append again when a request is repeated', 100, ['another receipt for the same idempotency key'], {
    log: {
      ...protocol.log,
      revoke: (head, request, _, context) => protocol.log.revoke(head, request, null, context),
    },
  }),
  mutant('do not chain the entries', 100, ['the chain does not verify'], {
    log: {
      ...protocol.log,
      revoke: (head, request, previous, context) =>
        protocol.log.revoke({ ...head, hash: genesisHash }, request, previous, context),
    },
  }),
];
