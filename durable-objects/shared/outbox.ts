/**
 * Side effects of an object, kept as rows until they are done. Invariants: a row is written in the transaction that changes the
 * state, and its wake with it, so an effect is neither lost nor made up; order per entity is strict; a row that keeps failing is
 * parked, counted and reported, and lets the rows behind it through. Used by every object that talks to another one.
 *
 *     this.#outbox.add('settle', { kind: 'settle', … }, now);   // inside transactionSync
 *     this.#outbox.kick();                                       // after it: try at once; the alarm is the safety net
 */
import type { Wakes } from './alarms.ts';
import { type DrainLimits, drainOutbox, type OutboxRow, type OutboxStore, shortError } from './core/drain.ts';
import { log } from './log.ts';
import type { Migration } from './migrations.ts';
import { within } from './within.ts';

export const outboxMigration: Migration = {
  name: 'outbox',
  sql: `
    CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      entity TEXT NOT NULL,
      message TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_at INTEGER NOT NULL,
      last_error TEXT,
      parked_at INTEGER
    );
    CREATE INDEX outbox_due ON outbox (due_at) WHERE parked_at IS NULL;
    CREATE INDEX outbox_entity ON outbox (entity, seq) WHERE parked_at IS NULL;`,
};

/** About four hours of trying: 1 s, 2 s, 4 s … 15 min. */
const defaultLimits: DrainLimits = {
  maxAttempts: 24,
  backoff: { baseMs: 1_000, capMs: 15 * 60_000 },
  concurrency: 8,
  batch: 200,
};
/** A receiver that does not answer within this time is treated as failed and asked again. */
const deliveryTimeoutMs = 30_000;
/** The alarm stays out of the way of the attempt that follows the transaction at once. */
const graceMs = 1_000;

const isHead = `parked_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM outbox earlier WHERE earlier.entity = outbox.entity AND earlier.seq < outbox.seq AND earlier.parked_at IS NULL)`;

export interface OutboxOptions<M> {
  readonly storage: DurableObjectStorage;
  readonly wakes: Wakes<'outbox'>;
  /** Carries one message to its receiver; throws to have it tried again. Must be idempotent at the receiver. */
  readonly deliver: (message: M) => Promise<void>;
  /** Runs in the transaction that parks a row: the place to give back what the effect would have used. */
  readonly onPark?: (message: M, now: number) => void;
  readonly limits?: Partial<DrainLimits>;
}

/** @typeParam M the union of messages of one object; plain JSON */
export class Outbox<M extends { readonly kind: string }> {
  readonly #options: OutboxOptions<M>;
  readonly #store: OutboxStore<M>;
  #running: Promise<void> | null = null;
  #added = Promise.withResolvers<void>();

  constructor(options: OutboxOptions<M>) {
    this.#options = options;
    this.#store = sqlStore(options);
  }

  /**
   * Writes a row; call it inside the transaction of the state change.
   * @param entity rows of the same entity are delivered in order
   * @param delayMs not before this long from now
   */
  add(entity: string, message: M, now: number, delayMs = 0): void {
    this.#options.storage.sql.exec(
      'INSERT INTO outbox (entity, message, due_at) VALUES (?, ?, ?)',
      entity,
      JSON.stringify(message),
      now + delayMs,
    );
    this.#options.wakes.notAfter('outbox', now + delayMs + graceMs);
  }

  /** Tries what is due without waiting for it. */
  kick(): void {
    this.drain().catch((error) => log('error', 'outbox drain failed', { error: shortError(error) }));
  }

  /** Delivers what is due and resolves when all of it was tried; joins a drain that is running already. */
  drain(): Promise<void> {
    this.#added.resolve();
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Rows waiting and rows given up on. */
  stats(): { pending: number; parked: number } {
    return this.#options.storage.sql
      .exec<{ pending: number; parked: number }>(
        'SELECT COUNT(*) FILTER (WHERE parked_at IS NULL) AS pending, COUNT(parked_at) AS parked FROM outbox',
      )
      .one();
  }

  async #run(): Promise<void> {
    const { storage, wakes, deliver, limits } = this.#options;
    try {
      const report = await drainOutbox(
        {
          store: this.#store,
          now: Date.now,
          random: Math.random,
          deliver: (message) => within(deliver(message), deliveryTimeoutMs),
          added: () => {
            this.#added = Promise.withResolvers();
            return this.#added.promise;
          },
        },
        { ...defaultLimits, ...limits },
      );
      if (report.parked > 0)
        log('error', 'outbox rows parked', { parked: report.parked, total: this.stats().parked });
    } finally {
      this.#running = null;
    }
    const next = storage.sql
      .exec<{ at: number | null }>(`SELECT MIN(due_at) AS at FROM outbox WHERE ${isHead}`)
      .one().at;
    wakes.set('outbox', next);
  }
}

function sqlStore<M extends { readonly kind: string }>({
  storage,
  onPark,
}: OutboxOptions<M>): OutboxStore<M> {
  const { sql } = storage;
  return {
    due(now, limit, busy) {
      const rows = sql
        .exec<{ seq: number; entity: string; message: string; attempts: number }>(
          `SELECT seq, entity, message, attempts FROM outbox WHERE due_at <= ? AND ${isHead} ORDER BY due_at, seq LIMIT ?`,
          now,
          limit + busy.size,
        )
        .toArray();
      return rows
        .filter((row) => !busy.has(row.entity))
        .slice(0, limit)
        .map((row): OutboxRow<M> => ({ ...row, message: JSON.parse(row.message) as M }));
    },
    delivered(row) {
      sql.exec('DELETE FROM outbox WHERE seq = ?', row.seq);
    },
    retry(row, dueAt, error) {
      sql.exec(
        'UPDATE outbox SET attempts = attempts + 1, due_at = ?, last_error = ? WHERE seq = ?',
        dueAt,
        error,
        row.seq,
      );
    },
    park(row, now, error) {
      storage.transactionSync(() => {
        sql.exec(
          'UPDATE outbox SET attempts = attempts + 1, parked_at = ?, last_error = ? WHERE seq = ?',
          now,
          error,
          row.seq,
        );
        onPark?.(row.message, now);
      });
      log('error', 'outbox row parked', { kind: row.message.kind, entity: row.entity, error });
    },
  };
}
