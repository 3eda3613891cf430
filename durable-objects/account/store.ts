/**
 * SQL of the Account object. Every method is one synchronous statement or two; the object groups them in transactions. Sums are taken
 * from the holds themselves, so there is no counter that could drift.
 */
import type { Tier } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { AdmissionView, DayTotals, Hold, HoldState } from './core/credits-machine.ts';

interface HoldRow extends Record<string, SqlStorageValue> {
  generation_id: string;
  credits: number;
  day: string;
  state: string;
}

export class AccountStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  account(): { accountId: string; tier: Tier } | null {
    const [row] = this.#sql
      .exec<{ accountId: string; tier: Tier }>('SELECT account_id AS accountId, tier FROM account')
      .toArray();
    return row ?? null;
  }

  configure(accountId: Id<'acc'>, tier: Tier): void {
    this.#sql.exec(
      'INSERT INTO account (only_row, account_id, tier) VALUES (1, ?, ?) ON CONFLICT (only_row) DO UPDATE SET tier = excluded.tier',
      accountId,
      tier,
    );
  }

  totals(day: string): DayTotals {
    return this.#sql
      .exec<{ used: number; held: number }>(
        `SELECT COALESCE(SUM(credits) FILTER (WHERE state = 'captured'), 0) AS used,
                COALESCE(SUM(credits) FILTER (WHERE state = 'held'), 0) AS held
         FROM holds WHERE day = ?`,
        day,
      )
      .one();
  }

  unfinished(): number {
    return this.#sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM holds WHERE state = 'held'").one().n;
  }

  hold(generationId: Id<'gen'>): Hold | null {
    const [row] = this.#sql.exec<HoldRow>(
      'SELECT generation_id, credits, day, state FROM holds WHERE generation_id = ?',
      generationId,
    );
    return row === undefined ? null : toHold(row);
  }

  insertHold(hold: Hold, now: number): void {
    this.#sql.exec(
      'INSERT INTO holds (generation_id, credits, day, state, created_at) VALUES (?, ?, ?, ?, ?)',
      hold.generationId,
      hold.credits,
      hold.day,
      hold.state,
      now,
    );
  }

  settleHold(hold: Hold, now: number): void {
    this.#sql.exec(
      'UPDATE holds SET state = ?, settled_at = ? WHERE generation_id = ?',
      hold.state,
      now,
      hold.generationId,
    );
  }

  /** Holds made before `before` that nothing has settled, oldest first. */
  overdue(before: number, limit: number): Hold[] {
    return this.#sql
      .exec<HoldRow>(
        "SELECT generation_id, credits, day, state FROM holds WHERE state = 'held' AND created_at <= ? ORDER BY created_at LIMIT ?",
        before,
        limit,
      )
      .toArray()
      .map(toHold);
  }

  /** When the oldest unsettled hold was made, milliseconds since the epoch. */
  oldestUnfinished(): number | null {
    return this.#sql
      .exec<{ at: number | null }>("SELECT MIN(created_at) AS at FROM holds WHERE state = 'held'")
      .one().at;
  }

  remembered(key: string): AdmissionView['remembered'] {
    const [row] = this.#sql
      .exec<{ generationId: string; requestHash: string; at: number }>(
        'SELECT generation_id AS generationId, request_hash AS requestHash, at FROM idempotency WHERE key = ?',
        key,
      )
      .toArray();
    return row === undefined ? null : { ...row, generationId: row.generationId as Id<'gen'> };
  }

  remember(key: string, requestHash: string, generationId: Id<'gen'>, now: number): void {
    this.#sql.exec(
      `INSERT INTO idempotency (key, request_hash, generation_id, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET request_hash = excluded.request_hash, generation_id = excluded.generation_id, at = excluded.at`,
      key,
      requestHash,
      generationId,
      now,
    );
  }

  /** Drops keys older than `before`; answers when the oldest of those left was used. */
  forget(before: number): number | null {
    this.#sql.exec('DELETE FROM idempotency WHERE at <= ?', before);
    return this.#sql.exec<{ at: number | null }>('SELECT MIN(at) AS at FROM idempotency').one().at;
  }
}

function toHold(row: HoldRow): Hold {
  return {
    generationId: row.generation_id as Id<'gen'>,
    credits: row.credits,
    day: row.day,
    state: row.state as HoldState,
  };
}
