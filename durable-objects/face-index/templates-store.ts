/** SQL of the sealed templates, one per account. Used by the FaceIndex object. */
import type { Id } from '#schemas/ids.ts';
import type { SealedTemplate } from './rpc.ts';

export interface StoredTemplate extends SealedTemplate {
  readonly position: number;
  readonly accountId: Id<'acc'>;
  readonly enrolmentId: string;
}

interface Row extends Record<string, SqlStorageValue> {
  position: number;
  account_id: string;
  enrolment_id: string;
  wrapped_key: string;
  iv: string;
  ciphertext: string;
}

export class TemplatesStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  of(accountId: Id<'acc'>): StoredTemplate | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM templates WHERE account_id = ?', accountId).toArray();
    return row === undefined ? null : stored(row);
  }

  /** The next one in the order in which they were stored; null after the last. */
  after(position: number): StoredTemplate | null {
    const [row] = this.#sql
      .exec<Row>('SELECT * FROM templates WHERE position > ? ORDER BY position LIMIT 1', position)
      .toArray();
    return row === undefined ? null : stored(row);
  }

  put(accountId: Id<'acc'>, enrolmentId: string, { wrappedKey, iv, ciphertext }: SealedTemplate): void {
    this.remove(accountId);
    this.#sql.exec(
      'INSERT INTO templates (account_id, enrolment_id, wrapped_key, iv, ciphertext) VALUES (?, ?, ?, ?, ?)',
      accountId,
      enrolmentId,
      wrappedKey,
      iv,
      ciphertext,
    );
  }

  /**
   * Writes over key and ciphertext before the row goes: SQLite overwrites a row of the same length in place and leaves what it only
   * deletes in a free page. @returns how many there were
   */
  remove(accountId: Id<'acc'>): number {
    if (this.of(accountId) === null) return 0;
    const zeros = (column: string) => `${column} = replace(hex(zeroblob(length(${column}))), '00', '0')`;
    this.#sql.exec(
      `UPDATE templates SET ${['wrapped_key', 'iv', 'ciphertext'].map(zeros).join(', ')} WHERE account_id = ?`,
      accountId,
    );
    this.#sql.exec('DELETE FROM templates WHERE account_id = ?', accountId);
    return 1;
  }
}

function stored(row: Row): StoredTemplate {
  return {
    position: row.position,
    accountId: row.account_id as Id<'acc'>,
    enrolmentId: row.enrolment_id,
    wrappedKey: row.wrapped_key,
    iv: row.iv,
    ciphertext: row.ciphertext,
  };
}
