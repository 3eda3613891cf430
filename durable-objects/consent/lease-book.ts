/**
 * The log's side of the protocol with its gates: leases, who an entry waits for, the pushes. Invariants: memory is what the rows say;
 * at most one push is under way per gate, and it carries everything the gate has not acknowledged; whoever waits for an entry is
 * answered only once nobody can be serving without it. Called by consent-log-object.ts.
 */
import type { Wakes } from '#durable-objects/shared/alarms.ts';
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { within } from '#durable-objects/shared/within.ts';
import type { PushReply, PushRequest } from '../region-gate/rpc.ts';
import {
  acknowledge,
  begin,
  expire,
  forget,
  grant,
  isSettled,
  type Lease,
  type LeaseState,
  outcomes,
  restart,
} from './core/lease-machine.ts';
import { LeaseStore, type Settlement } from './lease-store.ts';
import type { GateEntry, RenewReply, RenewRequest } from './rpc.ts';

/** Entries in one message to a gate: well under the 32 MiB that an RPC message may have. */
export const pageSize = 5_000;
const retryMs = 250;
/** A push that is not answered by then is repeated; nothing is lost if both arrive. */
const pushLimitMs = 2_000;
/** The alarm goes on with what is pending, also when every caller has gone away. */
const wakeMs = 1_000;

export interface LeaseBookOptions {
  readonly storage: DurableObjectStorage;
  readonly wakes: Wakes<'push'>;
  readonly leaseMs: number;
  readonly head: () => number;
  /** In order, at most `limit`. */
  readonly entriesAfter: (position: number, limit: number) => GateEntry[];
  readonly push: (lease: Lease, request: Omit<PushRequest, 'shard'>) => Promise<PushReply>;
}

export class LeaseBook {
  readonly #options: LeaseBookOptions;
  readonly #store: LeaseStore;
  #state: LeaseState;
  readonly #waiters = new Map<number, PromiseWithResolvers<void>>();
  readonly #pushing = new Map<string, Promise<void>>();
  #expiry: { readonly at: number; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(options: LeaseBookOptions) {
    this.#options = options;
    this.#store = new LeaseStore(options.storage.sql);
    const now = Date.now();
    const leaseMs = Math.max(options.leaseMs, this.#store.longestLeaseMs());
    this.#state = restart(this.#store.read(), now, leaseMs);
    for (const { incarnation, position } of this.#state.leases.values()) {
      this.#state = acknowledge(this.#state, incarnation, position, now);
    }
    this.#change(this.#state);
    this.push();
  }

  /**
   * @throws if the gate has more than the log: one of them lost its past, and a position that means two things must not be served on
   */
  renew(request: RenewRequest): RenewReply {
    const { head, entriesAfter, leaseMs, storage } = this.#options;
    if (request.position > head()) throw new Error(`gate ${request.gate} is ahead of its consent log`);
    const now = Date.now();
    const entries = entriesAfter(request.position, pageSize);
    const position = entries.at(-1)?.position ?? request.position;
    if (position < head()) {
      this.#change(acknowledge(this.#state, request.incarnation, request.position, now));
      return { entries, position, leaseMs: null };
    }
    const next = grant(this.#state, request, head(), now, leaseMs);
    const lease = next.leases.get(request.incarnation);
    if (lease === undefined) throw new Error('the lease was not recorded');
    storage.transactionSync(() => this.#store.grant(lease, leaseMs));
    this.#change(next);
    return { entries, position, leaseMs };
  }

  /**
   * What the state will be once this entry is appended: a denial waits for the gates, a lift is only pushed. Nothing changes before
   * `write` and `adopt`.
   */
  plan(entry: Pick<GateEntry, 'position' | 'lifts'>, now: number): LeaseState {
    const standing = expire(this.#state, now);
    return entry.lifts === null ? begin(standing, entry.position, now) : standing;
  }

  /** In the transaction that appends the entry. */
  write(plan: LeaseState, position: number, now: number): void {
    const pending = plan.pending.get(position);
    if (pending === undefined || pending.waits.length === 0) return;
    this.#store.begin(pending);
    this.#options.wakes.notAfter('push', now + wakeMs);
  }

  /** After that transaction. */
  adopt(plan: LeaseState): void {
    this.#change(plan);
    this.push();
  }

  /** Resolves once nobody can be serving without the entry. */
  settled(position: number): Promise<void> {
    if (!this.#state.pending.has(position)) return Promise.resolve();
    const waiter = this.#waiters.get(position) ?? Promise.withResolvers<void>();
    this.#waiters.set(position, waiter);
    return waiter.promise;
  }

  settlementOf(position: number): Settlement {
    return this.#store.settlementOf(position);
  }

  /** Sends what gates with a lease have not acknowledged; one that is at it already carries it along. */
  push(): void {
    for (const { gate } of this.#state.leases.values()) {
      if (this.#pushing.has(gate) || this.#behind(gate) === null) continue;
      const work = this.#pushTo(gate)
        .catch((error) => log('error', 'push failed', { gate, error: shortError(error) }))
        .finally(() => this.#pushing.delete(gate));
      this.#pushing.set(gate, work);
    }
  }

  /** The body of the wake: goes on until nothing is pending or the platform's patience with an alarm would end. */
  async wake(): Promise<void> {
    this.#change(expire(this.#state, Date.now()));
    this.push();
    const all = Promise.all([...this.#state.pending.keys()].map((position) => this.settled(position)));
    await within(all, 10_000).catch(() => {});
    this.#options.wakes.set('push', this.#state.pending.size > 0 ? Date.now() + wakeMs : null);
  }

  async #pushTo(gate: string): Promise<void> {
    const { entriesAfter, push } = this.#options;
    for (;;) {
      this.#change(expire(this.#state, Date.now()));
      const lease = this.#behind(gate);
      if (lease === null) return;
      const entries = entriesAfter(lease.position, pageSize);
      const to = entries.at(-1)?.position ?? lease.position;
      let reply: PushReply | null = null;
      try {
        reply = await within(push(lease, { from: lease.position, to, entries }), pushLimitMs);
      } catch (error) {
        log('warn', 'gate did not take a push', { gate, error: shortError(error) });
      }
      if (reply !== null) {
        const next = acknowledge(this.#state, reply.incarnation, reply.position, Date.now());
        this.#change(next);
        if (reply.incarnation === lease.incarnation && reply.position >= to) continue;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** The lease to push for: of several incarnations that lag behind, the newest is the likeliest to answer. */
  #behind(gate: string): Lease | null {
    const head = this.#options.head();
    let newest: Lease | null = null;
    for (const lease of this.#state.leases.values()) {
      if (lease.gate === gate && lease.position < head) newest = lease;
    }
    return newest;
  }

  /** Adopts a state, stores what it settled and answers those who waited for it. */
  #change(next: LeaseState): void {
    const before = this.#state;
    const done = [...next.pending.values()].filter(isSettled);
    this.#options.storage.transactionSync(() => {
      for (const incarnation of before.leases.keys()) {
        if (!next.leases.has(incarnation)) this.#store.drop(incarnation);
      }
      for (const pending of done) {
        if (pending.waits.length > 0) this.#store.settle(pending.position, settlementOf(pending));
      }
    });
    this.#state = done.reduce((state, { position }) => forget(state, position), next);
    for (const { position } of done) {
      this.#waiters.get(position)?.resolve();
      this.#waiters.delete(position);
    }
    this.#watchExpiry();
  }

  /** One timer, for the earliest lease that an entry still waits for. */
  #watchExpiry(): void {
    let at = Number.POSITIVE_INFINITY;
    for (const { waits } of this.#state.pending.values()) {
      for (const wait of waits) if (wait.outcome === null) at = Math.min(at, wait.expiresAt);
    }
    if (this.#expiry?.at === at) return;
    if (this.#expiry !== null) clearTimeout(this.#expiry.timer);
    this.#expiry = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const ring = () => {
      this.#expiry = null;
      this.#change(expire(this.#state, Date.now()));
    };
    this.#expiry = { at, timer: setTimeout(ring, Math.max(1, at - Date.now())) };
  }
}

function settlementOf(pending: Parameters<typeof outcomes>[0]): Settlement {
  return {
    regions: outcomes(pending),
    waitedMs: pending.waits.reduce((longest, { ms }) => Math.max(longest, ms ?? 0), 0),
  };
}
