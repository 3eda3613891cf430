/**
 * One alarm per object, many wakes. Invariants: the object's alarm is never later than its earliest wake; both change in the
 * transaction that creates the debt; a handler that fails is called again. Used by every object that has something to do later.
 */
import { shortError } from './core/drain.ts';
import { log } from './log.ts';
import type { Migration } from './migrations.ts';

/** First step in the migrations of an object that uses `Wakes`. */
export const wakesMigration: Migration = {
  name: 'wakes',
  sql: 'CREATE TABLE wakes (name TEXT PRIMARY KEY, due_at INTEGER NOT NULL) WITHOUT ROWID',
};

/** A wake being handled, or one whose handler failed, comes up again after this long unless the handler says otherwise. */
const recoveryMs = 30_000;

/** @typeParam N names of the wakes of one object */
export class Wakes<N extends string> {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Due at exactly `at` (milliseconds since the epoch), or not at all for null. Call inside the transaction that makes it necessary. */
  set(name: N, at: number | null): void {
    const before = this.#earliest();
    if (at === null) this.#storage.sql.exec('DELETE FROM wakes WHERE name = ?', name);
    else {
      this.#storage.sql.exec(
        'INSERT INTO wakes (name, due_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at',
        name,
        Math.ceil(at),
      );
    }
    if (this.#earliest() !== before) this.#arm();
  }

  /** Due at `at` unless it is due before that already. */
  notAfter(name: N, at: number): void {
    const due = this.dueAt(name);
    if (due === null || due > at) this.set(name, at);
  }

  /** When this wake is due; null when it is not planned. */
  dueAt(name: N): number | null {
    const [row] = this.#storage.sql
      .exec<{ due_at: number }>('SELECT due_at FROM wakes WHERE name = ?', name)
      .toArray();
    return row?.due_at ?? null;
  }

  /**
   * The body of the object's `alarm()`. Each handler does a bounded piece of work and then says when it is next due with `set` (null
   * when there is nothing left). Never rejects: a failing handler is logged and comes up again.
   */
  async run(now: () => number, handlers: Readonly<Record<N, () => void | Promise<void>>>): Promise<void> {
    const table = new Map<string, () => void | Promise<void>>(Object.entries(handlers));
    const due = this.#storage.transactionSync(() => {
      const rows = this.#storage.sql
        .exec<{ name: string }>('SELECT name FROM wakes WHERE due_at <= ? ORDER BY due_at', now())
        .toArray();
      for (const { name } of rows) {
        // Moving it out of the way first means that a wake set while the handler runs is told apart from the one being handled.
        this.#storage.sql.exec('UPDATE wakes SET due_at = ? WHERE name = ?', now() + recoveryMs, name);
      }
      this.#arm();
      return rows;
    });
    for (const { name } of due) {
      const handler = table.get(name);
      if (handler === undefined) {
        this.#storage.sql.exec('DELETE FROM wakes WHERE name = ?', name);
        continue;
      }
      try {
        await handler();
      } catch (error) {
        log('error', 'wake failed', { wake: name, error: shortError(error) });
      }
    }
    this.#arm();
  }

  /** Re-arms an alarm that the platform gave up on. Cheap; for the constructor. */
  async ensureArmed(): Promise<void> {
    if (this.#earliest() !== null && (await this.#storage.getAlarm()) === null) this.#arm();
  }

  #earliest(): number | null {
    return this.#storage.sql.exec<{ at: number | null }>('SELECT MIN(due_at) AS at FROM wakes').one().at;
  }

  #arm(): void {
    const at = this.#earliest();
    void (at === null ? this.#storage.deleteAlarm() : this.#storage.setAlarm(at));
  }
}
