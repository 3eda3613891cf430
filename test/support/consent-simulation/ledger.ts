/**
 * What somebody who sees everything knows, and the five promises checked against it. Invariant: it takes its truth from what was asked
 * for and answered (keys a clip should carry, when a receipt left, when a lift was written), never from a machine under test.
 * Called by the actors as things happen.
 */
import type { LogEntry } from '#durable-objects/consent/core/log-entry.ts';
import { verifyChain } from '#durable-objects/consent/core/verify-chain.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import { maxDrift } from './host.ts';
import type { LogActor, Receipt } from './log-actor.ts';
import { leaseMs, marginMs } from './protocol.ts';
import type { Scheduler } from './scheduler.ts';

export type Promised =
  | 'served after the acknowledgement'
  | 'not acknowledged in time'
  | 'not acknowledged at once in quiet times'
  | 'denied without a revocation'
  | 'another receipt for the same idempotency key'
  | 'the chain does not verify';

export interface Violation {
  readonly promise: Promised;
  readonly at: number;
  readonly detail: string;
}

/** One denial. Times are real, in milliseconds. */
export interface Denial {
  readonly entry: LogEntry;
  readonly shard: number;
  readonly appendedAt: number;
  /** When the first receipt left the log. */
  acknowledgedAt: number;
  liftedAt: number;
  settledAt: number;
  /** From when its wait can have counted: the append, or the last start of its log since. */
  countsFrom: number;
  /** For how long the log computed meanwhile. */
  stalledMs: number;
}

const never = Number.POSITIVE_INFINITY;

export class Ledger {
  readonly violations: Violation[] = [];
  readonly denials: Denial[] = [];
  readonly #byKey = new Map<ConsentKey, Denial[]>();
  readonly #byEntry = new Map<string, Denial>();
  readonly #receipts = new Map<string, string>();
  readonly #scheduler: Scheduler;
  /** After its lift a denial may be felt for as long as a lease given just before it can last on the slowest clock. */
  readonly #lagMs: number;
  /** The whole lease on the slowest clock, its timer, and one retry. */
  readonly #boundMs: number;

  constructor(scheduler: Scheduler, grainMs: number) {
    this.#scheduler = scheduler;
    this.#lagMs = (leaseMs - marginMs + 2 * grainMs) / (1 - maxDrift);
    this.#boundMs = (leaseMs + 2 * grainMs + 250) / (1 - maxDrift);
  }

  denialsOn(key: ConsentKey): readonly Denial[] {
    return this.#byKey.get(key) ?? [];
  }

  denialOf(entry: Pick<LogEntry, 'id'>): Denial | undefined {
    return this.#byEntry.get(entry.id);
  }

  appended(log: LogActor, entry: LogEntry): void {
    const { now } = this.#scheduler;
    if (entry.lifts !== null) {
      const lifted = this.#byEntry.get(entry.lifts);
      if (lifted !== undefined) lifted.liftedAt = now;
      return;
    }
    const denial: Denial = {
      entry,
      shard: log.index,
      appendedAt: now,
      acknowledgedAt: never,
      liftedAt: never,
      settledAt: never,
      countsFrom: now,
      stalledMs: 0,
    };
    this.denials.push(denial);
    this.#byEntry.set(entry.id, denial);
    const ofKey = this.#byKey.get(entry.key);
    if (ofKey === undefined) this.#byKey.set(entry.key, [denial]);
    else ofKey.push(denial);
  }

  logStarted(log: LogActor): void {
    for (const denial of this.#waitingOf(log)) denial.countsFrom = this.#scheduler.now;
  }

  logStalled(log: LogActor, ms: number): void {
    for (const denial of this.#waitingOf(log)) denial.stalledMs += ms;
  }

  /** Nobody can be serving under it any more, says the log. @param quietMs how soon it must say so; null in troubled times */
  settled(entryId: string, quietMs: number | null): void {
    const denial = this.#byEntry.get(entryId);
    if (denial === undefined || denial.settledAt !== never) return;
    const { now } = this.#scheduler;
    denial.settledAt = now;
    const within = this.#boundMs + denial.stalledMs;
    const waited = now - denial.countsFrom;
    if (waited > within) this.#violated('not acknowledged in time', denial, `${waited} ms`);
    if (quietMs !== null && waited > quietMs) {
      this.#violated('not acknowledged at once in quiet times', denial, `${waited} ms, not ${quietMs} ms`);
    }
  }

  /** A receipt leaves the log. */
  answered(idempotencyKey: string, receipt: Receipt): void {
    const denial = this.#byEntry.get(receipt.id);
    const text = JSON.stringify(receipt);
    const before = this.#receipts.get(idempotencyKey);
    if (before === undefined) this.#receipts.set(idempotencyKey, text);
    else if (before !== text && denial !== undefined) {
      this.#violated(
        'another receipt for the same idempotency key',
        denial,
        `${idempotencyKey}: ${before}, then ${text}`,
      );
    }
    if (denial === undefined) return;
    if (denial.acknowledgedAt === never) denial.acknowledgedAt = this.#scheduler.now;
  }

  /**
   * Something was allowed. The denials that forbade it are the violations.
   * @param keys what the clip should carry, ancestors included
   * @param decidedAt when the gate decided; a denial lifted by then forbids nothing
   */
  allowed(
    keys: readonly ConsentKey[],
    capability: Capability,
    startedAt: number,
    decidedAt: number,
    who: string,
  ) {
    for (const key of keys) {
      for (const denial of this.denialsOn(key)) {
        const { acknowledgedAt, liftedAt, entry } = denial;
        if (acknowledgedAt >= startedAt || liftedAt <= decidedAt) continue;
        if (!entry.denies.includes(capability)) continue;
        const detail = `${capability} by ${who}, asked ${startedAt - acknowledgedAt} ms after the receipt`;
        this.#violated('served after the acknowledgement', denial, detail);
      }
    }
  }

  /** Something was denied because of `key`. True if the denial was felt after its lift. */
  denied(
    keys: readonly ConsentKey[],
    key: ConsentKey,
    capability: Capability,
    decidedAt: number,
    who: string,
  ): boolean {
    let late = false;
    if (keys.includes(key)) {
      for (const { entry, liftedAt } of this.denialsOn(key)) {
        if (!entry.denies.includes(capability)) continue;
        if (decidedAt <= liftedAt) return false;
        if (decidedAt <= liftedAt + this.#lagMs) late = true;
      }
    }
    if (late) return true;
    const detail = `${capability} on ${key} by ${who}`;
    this.violations.push({ promise: 'denied without a revocation', at: this.#scheduler.now, detail });
    return false;
  }

  /** After everything has healed and come to rest. @param logs with the chains they hold */
  finish(logs: readonly LogActor[], sha256: (text: string) => string): void {
    for (const denial of this.denials) {
      if (denial.settledAt === never) this.#violated('not acknowledged in time', denial, 'never');
    }
    for (const log of logs) {
      const verdict = verifyChain(log.rows.entries, sha256);
      if (verdict.valid) continue;
      const detail = `${log.name}: ${verdict.reason} at ${verdict.position}`;
      this.violations.push({ promise: 'the chain does not verify', at: this.#scheduler.now, detail });
    }
  }

  #waitingOf(log: LogActor): Denial[] {
    return this.denials.filter(({ shard, settledAt }) => shard === log.index && settledAt === never);
  }

  #violated(promise: Promised, { entry }: Denial, detail: string): void {
    this.violations.push({
      promise,
      at: this.#scheduler.now,
      detail: `${entry.id} on ${entry.key}: ${detail}`,
    });
  }
}
