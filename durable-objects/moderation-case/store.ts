/**
 * SQL of the ModerationCase object: events, what was taken in, and answers by idempotency key. Invariant: events are inserted and never
 * changed or deleted. Every method is one statement; the object groups them in transactions.
 */
import type { CaseEvent } from '#schemas/case-log.ts';
import type { DecisionReceiptBody } from '#schemas/http/moderation.ts';

export class CaseStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  events(): CaseEvent[] {
    return this.#sql
      .exec<{ event: string }>('SELECT event FROM events ORDER BY seq')
      .toArray()
      .map(({ event }) => JSON.parse(event) as CaseEvent);
  }

  append(event: CaseEvent): void {
    this.#sql.exec('INSERT INTO events (seq, event) VALUES (?, ?)', event.seq, JSON.stringify(event));
  }

  isTaken(dedupeKey: string): boolean {
    const sql = 'SELECT 1 AS n FROM taken WHERE dedupe_key = ?';
    return this.#sql.exec(sql, dedupeKey).toArray().length > 0;
  }

  take(dedupeKey: string): void {
    this.#sql.exec('INSERT OR IGNORE INTO taken (dedupe_key) VALUES (?)', dedupeKey);
  }

  answer(key: string, since: number): { request: string; answer: DecisionReceiptBody } | null {
    const [row] = this.#sql
      .exec<{ request: string; answer: string }>(
        'SELECT request, answer FROM answers WHERE idempotency_key = ? AND at >= ?',
        key,
        since,
      )
      .toArray();
    return row === undefined
      ? null
      : { request: row.request, answer: JSON.parse(row.answer) as DecisionReceiptBody };
  }

  keepAnswer(key: string, request: string, answer: DecisionReceiptBody, now: number, since: number): void {
    this.#sql.exec('DELETE FROM answers WHERE at < ?', since);
    this.#sql.exec(
      'INSERT INTO answers (idempotency_key, request, answer, at) VALUES (?, ?, ?, ?)',
      key,
      request,
      JSON.stringify(answer),
      now,
    );
  }
}
