/**
 * SQL of what enrolments share: challenges opened per account, recordings used. Nothing in it says what a recording showed. Used by the
 * FaceIndex object.
 */
import type { Id } from '#schemas/ids.ts';

export class LedgerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** When this account opened challenges since then, oldest first. */
  openedSince(accountId: Id<'acc'>, since: number): { enrolmentId: Id<'enr'>; openedAt: number }[] {
    return this.#sql
      .exec<{ enrolment_id: string; opened_at: number }>(
        'SELECT enrolment_id, opened_at FROM challenges WHERE account_id = ? AND opened_at > ? ORDER BY opened_at',
        accountId,
        since,
      )
      .toArray()
      .map((row) => ({ enrolmentId: row.enrolment_id as Id<'enr'>, openedAt: row.opened_at }));
  }

  opened(accountId: Id<'acc'>, enrolmentId: Id<'enr'>, now: number): void {
    this.#sql.exec(
      'INSERT INTO challenges (enrolment_id, account_id, opened_at) VALUES (?, ?, ?)',
      enrolmentId,
      accountId,
      now,
    );
  }

  /** The enrolment this recording was used for; it is the one named unless the recording was used before. */
  claim(sha256: string, enrolmentId: Id<'enr'>, now: number): string {
    this.#sql.exec(
      'INSERT INTO recordings (sha256, enrolment_id, used_at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING',
      sha256,
      enrolmentId,
      now,
    );
    return this.#sql
      .exec<{ enrolment_id: string }>('SELECT enrolment_id FROM recordings WHERE sha256 = ?', sha256)
      .one().enrolment_id;
  }

  /** Forgets what is older. @returns the age of the oldest that is left, milliseconds since the epoch */
  prune(before: number): number | null {
    this.#sql.exec('DELETE FROM challenges WHERE opened_at <= ?', before);
    this.#sql.exec('DELETE FROM recordings WHERE used_at <= ?', before);
    return this.#sql
      .exec<{ at: number | null }>(
        'SELECT MIN(at) AS at FROM (SELECT MIN(opened_at) AS at FROM challenges UNION ALL SELECT MIN(used_at) FROM recordings)',
      )
      .one().at;
  }
}
