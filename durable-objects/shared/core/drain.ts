/**
 * The engine that delivers outbox rows. Invariants: rows of one entity are delivered one at a time and in the order they were
 * written; a failed row is tried again later, at most `maxAttempts` times, then parked; delivery is at least once, so receivers
 * are idempotent. Called by `Outbox` (../outbox.ts); everything it touches comes in as `deps`.
 */
import { type Backoff, backoffMs } from './backoff.ts';

export interface OutboxRow<M> {
  readonly seq: number;
  readonly entity: string;
  readonly message: M;
  /** Failed attempts so far. */
  readonly attempts: number;
}

/** Every call takes effect at once (one synchronous transaction each). */
export interface OutboxStore<M> {
  /** The oldest unparked row of each entity that is not in `busy`, if it is due. */
  due(now: number, limit: number, busy: ReadonlySet<string>): OutboxRow<M>[];
  delivered(row: OutboxRow<M>): void;
  retry(row: OutboxRow<M>, dueAt: number, error: string): void;
  park(row: OutboxRow<M>, now: number, error: string): void;
}

export interface DrainDeps<M> {
  readonly store: OutboxStore<M>;
  readonly now: () => number;
  /** 0 ≤ value < 1. */
  readonly random: () => number;
  /** Resolves once the receiver has taken the message; rejects to have it tried again. */
  readonly deliver: (message: M) => Promise<void>;
  /** Resolves when rows were written after the last look, so that they need not wait for a slow delivery. */
  readonly added: () => Promise<void>;
}

export interface DrainLimits {
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /** Deliveries in flight at once, each of another entity. */
  readonly concurrency: number;
  /** Rows attempted by one call, so that an alarm stays short. */
  readonly batch: number;
}

export interface DrainReport {
  readonly delivered: number;
  readonly retried: number;
  readonly parked: number;
}

/** The reason of a failure, short enough to keep in a row: 200 characters, no stack. */
export function shortError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 200);
}

/**
 * Delivers what is due until nothing is, or until the batch is used up. Never rejects because of a delivery.
 * The caller makes sure that only one drain runs over a store at a time.
 */
export async function drainOutbox<M>(deps: DrainDeps<M>, limits: DrainLimits): Promise<DrainReport> {
  const inFlight = new Map<string, Promise<void>>();
  const report = { delivered: 0, retried: 0, parked: 0 };
  let started = 0;

  const attempt = async (row: OutboxRow<M>): Promise<void> => {
    try {
      await deps.deliver(row.message);
      deps.store.delivered(row);
      report.delivered += 1;
    } catch (error) {
      const attempts = row.attempts + 1;
      if (attempts >= limits.maxAttempts) {
        deps.store.park(row, deps.now(), shortError(error));
        report.parked += 1;
      } else {
        deps.store.retry(
          row,
          deps.now() + backoffMs(attempts, deps.random(), limits.backoff),
          shortError(error),
        );
        report.retried += 1;
      }
    } finally {
      inFlight.delete(row.entity);
    }
  };

  for (;;) {
    const room = Math.min(limits.concurrency - inFlight.size, limits.batch - started);
    const rows = room > 0 ? deps.store.due(deps.now(), room, new Set(inFlight.keys())) : [];
    for (const row of rows) {
      started += 1;
      inFlight.set(row.entity, attempt(row));
    }
    if (inFlight.size === 0) return report;
    await Promise.race([...inFlight.values(), deps.added()]);
  }
}
