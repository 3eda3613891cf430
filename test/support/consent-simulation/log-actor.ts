/**
 * A consent log: the real machines between the steps of consent-log-object.ts and lease-book.ts, each method named for the one it
 * mirrors. Invariants: `rows` survive an eviction and nothing else does; a step writes its rows before anything leaves, and an instance
 * that was evicted sends nothing more. Called by world.ts, by gates (renew) and by clients (revoke, lift).
 */
import type { LogHead } from '#durable-objects/consent/core/consent-machine.ts';
import type { Lease, LeaseState, Pending } from '#durable-objects/consent/core/lease-machine.ts';
import type { LogEntry } from '#durable-objects/consent/core/log-entry.ts';
import type { RegionOutcome, RenewReply, RenewRequest } from '#durable-objects/consent/rpc.ts';
import type { PushReply, PushRequest } from '#durable-objects/region-gate/rpc.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { LogMoment } from './history.ts';
import type { Host } from './host.ts';
import { leaseMs, type Protocol } from './protocol.ts';

/** As in lease-book.ts. */
const retryMs = 250;
const pushLimitMs = 2_000;

/** What a receipt says that must be the same each time it is asked for. */
export interface Receipt {
  readonly id: Id<'rev'>;
  readonly position: number;
  readonly hash: string;
  readonly regions: readonly RegionOutcome[];
  readonly waitedMs: number;
}

/** What a log needs of the world around it. */
export interface LogSurroundings {
  readonly protocol: Protocol;
  readonly pageSize: number;
  readonly sha256: (text: string) => string;
  /** True if the history evicts the log at this very moment. */
  strike(log: LogActor, moment: LogMoment): boolean;
  push(log: LogActor, lease: Lease, request: PushRequest, reply: (reply: PushReply) => void): void;
  appended(log: LogActor, entry: LogEntry): void;
  settled(log: LogActor, position: number, regions: readonly RegionOutcome[]): void;
}

export class LogActor {
  readonly name: string;
  readonly index: number;
  /** SQLite. Waits hold who, never when: the clock that wrote them is gone after a restart. */
  readonly rows = {
    entries: [] as LogEntry[],
    byRequest: new Map<string, LogEntry>(),
    byId: new Map<string, LogEntry>(),
    lifts: new Map<string, LogEntry>(),
    leases: new Map<string, Lease>(),
    waits: new Map<number, Pending>(),
    settlements: new Map<number, { regions: readonly RegionOutcome[]; waitedMs: number }>(),
  };
  host: Host;
  up = true;
  /** Grows with every instance. */
  life = 0;
  readonly #world: LogSurroundings;
  #state: LeaseState = { leases: new Map(), pending: new Map() };
  #waiters = new Map<number, (() => void)[]>();
  #pushing = new Set<string>();
  #expiryAt = Number.POSITIVE_INFINITY;

  constructor(index: number, host: Host, world: LogSurroundings) {
    this.index = index;
    this.name = `log-${index}`;
    this.host = host;
    this.#world = world;
  }

  get isWaiting(): boolean {
    return this.#state.pending.size > 0;
  }

  get head(): LogHead {
    const last = this.rows.entries.at(-1);
    return last === undefined
      ? { position: 0, hash: '0'.repeat(64) }
      : { position: last.position, hash: last.hash };
  }

  /** Eviction: memory is gone, awaits with it. */
  stop(): void {
    this.up = false;
    this.life++;
    this.#waiters = new Map();
    this.#pushing = new Set();
    this.#expiryAt = Number.POSITIVE_INFINITY;
  }

  /** The constructor of LeaseBook, on a new machine. */
  start(host: Host): void {
    this.host = host;
    this.up = true;
    const { leases } = this.#world.protocol;
    const now = host.now();
    let state = leases.restart(
      { leases: new Map(this.rows.leases), pending: new Map(this.rows.waits) },
      now,
      leaseMs,
    );
    for (const { incarnation, position } of state.leases.values()) {
      state = leases.acknowledge(state, incarnation, position, now);
    }
    this.#state = state;
    this.#change(state);
    if (this.up) this.#push();
  }

  /** ConsentLogObject.revoke. */
  revoke(
    request: { key: ConsentKey; denies: readonly Capability[]; idempotencyKey: string },
    answer: (receipt: Receipt) => void,
  ): void {
    const now = this.host.now();
    const { byRequest } = this.rows;
    const context = this.#context(now);
    const { log } = this.#world.protocol;
    const result = log.revoke(this.head, request, byRequest.get(request.idempotencyKey) ?? null, context);
    if (!result.ok) throw new Error(`revoke refused: ${result.error.code}`);
    const { entry, appended } = result.value;
    if (appended !== null && !this.#append(entry, request.idempotencyKey, now)) return;
    this.#settled(entry.position, () => answer(this.#receipt(entry)));
  }

  /** ConsentLogObject.lift: waits for nobody. */
  lift(revocationId: Id<'rev'>, idempotencyKey: string, answer: () => void): void {
    const now = this.host.now();
    const { byId, byRequest, lifts } = this.rows;
    const known = {
      previous: byRequest.get(idempotencyKey) ?? null,
      target: byId.get(revocationId) ?? null,
      liftedBy: lifts.get(revocationId) ?? null,
    };
    const result = this.#world.protocol.log.lift(this.head, revocationId, known, this.#context(now));
    if (!result.ok) throw new Error(`lift refused: ${result.error.code}`);
    const { entry, appended } = result.value;
    if (appended !== null && !this.#append(entry, idempotencyKey, now)) return;
    answer();
  }

  /** LeaseBook.renew. */
  renew(request: RenewRequest, answer: (reply: RenewReply) => void): void {
    const { leases } = this.#world.protocol;
    const head = this.head.position;
    if (request.position > head) throw new Error('a gate is ahead of its consent log');
    const now = this.host.now();
    const entries = this.#entriesAfter(request.position);
    const position = entries.at(-1)?.position ?? request.position;
    if (position < head) {
      this.#change(leases.acknowledge(this.#state, request.incarnation, request.position, now));
      answer({ entries, position, leaseMs: null });
      return;
    }
    const next = leases.grant(this.#state, request, head, now, leaseMs);
    const lease = next.leases.get(request.incarnation);
    if (lease !== undefined) this.rows.leases.set(lease.incarnation, lease);
    if (this.#world.strike(this, 'leased')) return;
    this.#change(next);
    if (this.up) answer({ entries, position, leaseMs });
  }

  #context(now: number) {
    const id: Id<'rev'> = `rev_${this.index}-${this.head.position + 1}`;
    return { id, at: new Date(now).toISOString(), salt: `${now}`, sha256: this.#world.sha256 };
  }

  /** #append with LeaseBook.plan, write and adopt. False if the log was evicted right after the transaction. */
  #append(entry: LogEntry, idempotencyKey: string, now: number): boolean {
    const { leases } = this.#world.protocol;
    const standing = leases.expire(this.#state, now);
    const plan = entry.lifts === null ? leases.begin(standing, entry.position, now) : standing;
    this.rows.entries.push(entry);
    this.rows.byRequest.set(idempotencyKey, entry);
    this.rows.byId.set(entry.id, entry);
    if (entry.lifts !== null) this.rows.lifts.set(entry.lifts, entry);
    const pending = plan.pending.get(entry.position);
    if (pending !== undefined && pending.waits.length > 0) this.rows.waits.set(entry.position, pending);
    this.#world.appended(this, entry);
    if (this.#world.strike(this, 'appended')) return false;
    const { life } = this;
    this.#change(plan);
    if (life === this.life) this.#push();
    return life === this.life;
  }

  #settled(position: number, resolve: () => void): void {
    if (!this.#state.pending.has(position)) {
      resolve();
      return;
    }
    const waiters = this.#waiters.get(position);
    if (waiters === undefined) this.#waiters.set(position, [resolve]);
    else waiters.push(resolve);
  }

  #receipt({ id, position, hash }: LogEntry): Receipt {
    const settlement = this.rows.settlements.get(position) ?? { regions: [], waitedMs: 0 };
    return { id, position, hash, ...settlement };
  }

  #push(): void {
    const { life } = this;
    for (const { gate } of this.#state.leases.values()) {
      if (life !== this.life) return;
      if (this.#pushing.has(gate) || this.#behind(gate) === null) continue;
      this.#pushing.add(gate);
      this.#pushTo(gate);
    }
  }

  #pushTo(gate: string): void {
    const { life, host } = this;
    const { leases } = this.#world.protocol;
    this.#change(leases.expire(this.#state, host.now()));
    if (life !== this.life) return;
    const lease = this.#behind(gate);
    if (lease === null) {
      this.#pushing.delete(gate);
      return;
    }
    const entries = this.#entriesAfter(lease.position);
    const to = entries.at(-1)?.position ?? lease.position;
    let open = true;
    const again = () => {
      if (life === this.life) this.#pushTo(gate);
    };
    const request = { shard: this.name, from: lease.position, to, entries };
    this.#world.push(this, lease, request, (reply) => {
      if (!open || life !== this.life) return;
      open = false;
      if (this.#world.strike(this, 'acknowledging')) return;
      this.#change(leases.acknowledge(this.#state, reply.incarnation, reply.position, host.now()));
      if (reply.incarnation === lease.incarnation && reply.position >= to) again();
      else host.after(retryMs, again);
    });
    host.after(pushLimitMs, () => {
      if (!open || life !== this.life) return;
      open = false;
      host.after(retryMs, again);
    });
    this.#world.strike(this, 'pushed');
  }

  #behind(gate: string): Lease | null {
    const head = this.head.position;
    let newest: Lease | null = null;
    for (const lease of this.#state.leases.values()) {
      if (lease.gate === gate && lease.position < head) newest = lease;
    }
    return newest;
  }

  #entriesAfter(position: number): LogEntry[] {
    return this.rows.entries.slice(position, position + this.#world.pageSize);
  }

  #change(next: LeaseState): void {
    const { leases } = this.#world.protocol;
    const { rows } = this;
    for (const incarnation of this.#state.leases.keys()) {
      if (!next.leases.has(incarnation)) rows.leases.delete(incarnation);
    }
    let state = next;
    const done: number[] = [];
    for (const pending of next.pending.values()) {
      if (!leases.isSettled(pending)) continue;
      const { position, waits } = pending;
      done.push(position);
      state = leases.forget(state, position);
      const regions = leases.outcomes(pending);
      if (waits.length > 0) {
        rows.waits.delete(position);
        const waitedMs = waits.reduce((longest, { ms }) => Math.max(longest, ms ?? 0), 0);
        rows.settlements.set(position, { regions, waitedMs });
      }
      this.#world.settled(this, position, regions);
    }
    this.#state = state;
    if (done.length > 0) {
      if (this.#world.strike(this, 'settled')) return;
      for (const position of done) {
        const waiters = this.#waiters.get(position) ?? [];
        this.#waiters.delete(position);
        for (const resolve of waiters) resolve();
      }
    }
    this.#watchExpiry();
  }

  #watchExpiry(): void {
    let at = Number.POSITIVE_INFINITY;
    for (const { waits } of this.#state.pending.values()) {
      for (const wait of waits) if (wait.outcome === null) at = Math.min(at, wait.expiresAt);
    }
    if (at === this.#expiryAt) return;
    this.#expiryAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const { life, host } = this;
    host.after(Math.max(1, at - host.now()), () => {
      if (life !== this.life || this.#expiryAt !== at) return;
      this.#expiryAt = Number.POSITIVE_INFINITY;
      this.#change(this.#world.protocol.leases.expire(this.#state, host.now()));
    });
  }
}
