/**
 * SQL of what was revoked: denials the log owes or has given, and the requests that asked for them. A denial without a receipt is a debt:
 * the alarm goes on asking. Called by cameo-object.ts inside its transactions.
 */
import { type Denial, stronger } from '#durable-objects/cameo/core/revocation-plan.ts';
import type { CarryingClips } from '#durable-objects/cameo/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type { ExistingChoice } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';

/** What one request led to; its receipts are those of its denials. */
export interface StoredRevocation {
  readonly denials: readonly Denial[];
  readonly existing: ExistingChoice;
  readonly generationIds: readonly Id<'gen'>[];
}

/** With what the caller had counted, so that a repeated request answers the same receipt. */
export interface AnsweredRevocation extends StoredRevocation {
  readonly carrying: CarryingClips;
}

export class RevocationsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The strongest denial asked for on this key, whether the log has answered or not. */
  strongest(key: ConsentKey): ExistingChoice | null {
    return this.#sql
      .exec<{ existing: ExistingChoice }>('SELECT existing FROM denials WHERE key = ?', key)
      .toArray()
      .reduce<ExistingChoice | null>(
        (known, { existing }) => (known === null ? existing : stronger(known, existing)),
        null,
      );
  }

  owe({ key, existing }: Denial): void {
    this.#sql.exec('INSERT OR IGNORE INTO denials (key, existing) VALUES (?, ?)', key, existing);
  }

  owed(): Denial[] {
    return this.#sql
      .exec<{ key: string; existing: string }>(
        'SELECT key, existing FROM denials WHERE receipt IS NULL ORDER BY key',
      )
      .toArray()
      .map((row) => ({ key: row.key as ConsentKey, existing: row.existing as ExistingChoice }));
  }

  /** Null while it is owed. */
  receipt({ key, existing }: Denial): LogReceipt | null {
    const [row] = this.#sql
      .exec<{ receipt: string | null }>(
        'SELECT receipt FROM denials WHERE key = ? AND existing = ?',
        key,
        existing,
      )
      .toArray();
    return row?.receipt == null ? null : (JSON.parse(row.receipt) as LogReceipt);
  }

  settle({ key, existing }: Denial, receipt: LogReceipt): void {
    this.#sql.exec(
      'UPDATE denials SET receipt = ? WHERE key = ? AND existing = ?',
      JSON.stringify(receipt),
      key,
      existing,
    );
  }

  /** What this request asked for and led to, if it was seen. */
  seen(requestId: string): { request: string; outcome: AnsweredRevocation } | null {
    const [row] = this.#sql
      .exec<{ request: string; outcome: string }>(
        'SELECT request, outcome FROM revocations WHERE request_id = ?',
        requestId,
      )
      .toArray();
    return row === undefined
      ? null
      : { request: row.request, outcome: JSON.parse(row.outcome) as AnsweredRevocation };
  }

  /** Also forgets what was asked before `before` (milliseconds): an idempotency key is good for a day. */
  remember(
    requestId: string,
    request: string,
    outcome: AnsweredRevocation,
    now: number,
    before: number,
  ): void {
    this.#sql.exec('DELETE FROM revocations WHERE at < ?', before);
    this.#sql.exec(
      'INSERT INTO revocations (request_id, request, outcome, at) VALUES (?, ?, ?, ?)',
      requestId,
      request,
      JSON.stringify(outcome),
      now,
    );
  }
}
