/** SQL of the Upload object: one row with what it was opened with and the machine's state, and one row per part. */
import type { CreateUpload } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import type { UploadState } from './core/upload-machine.ts';

export interface Opening {
  readonly uploadId: Id<'upl'>;
  readonly ownerId: Id<'acc'> | null;
  readonly file: CreateUpload;
  readonly origin: string;
  /** The multipart upload in R2; null for what comes in one piece. */
  readonly r2UploadId: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface StoredUpload {
  readonly opening: Opening;
  readonly state: UploadState;
}

/** A part that has come. */
export interface PartRow {
  readonly n: number;
  readonly r2Number: number;
  readonly etag: string;
  readonly size: number;
  readonly sha256: string;
}

export class UploadStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null before `insert`. */
  load(): StoredUpload | null {
    const [row] = this.#sql
      .exec<{ opening: string; state: string }>('SELECT opening, state FROM upload')
      .toArray();
    if (row === undefined) return null;
    return { opening: JSON.parse(row.opening) as Opening, state: JSON.parse(row.state) as UploadState };
  }

  insert(opening: Opening, state: UploadState): void {
    this.#sql.exec(
      'INSERT INTO upload (only_row, opening, state) VALUES (1, ?, ?)',
      JSON.stringify(opening),
      JSON.stringify(state),
    );
  }

  save(state: UploadState): void {
    this.#sql.exec('UPDATE upload SET state = ?', JSON.stringify(state));
  }

  /** Counts another attempt of part `n`. @returns its number and the R2 number that is recorded, null for none */
  begin(n: number): { attempt: number; recorded: number | null } {
    const row = this.#sql
      .exec<{ attempts: number; r2_number: number | null }>(
        `INSERT INTO parts (n, attempts) VALUES (?, 1) ON CONFLICT (n) DO UPDATE SET attempts = attempts + 1
         RETURNING attempts, r2_number`,
        n,
      )
      .one();
    return { attempt: row.attempts, recorded: row.r2_number };
  }

  record({ n, r2Number, etag, size, sha256 }: PartRow): void {
    this.#sql.exec(
      'UPDATE parts SET r2_number = ?, etag = ?, size = ?, sha256 = ? WHERE n = ?',
      r2Number,
      etag,
      size,
      sha256,
      n,
    );
  }

  /** Those that have come, in order. */
  parts(): PartRow[] {
    return this.#sql
      .exec<{ n: number; r2_number: number; etag: string; size: number; sha256: string }>(
        'SELECT n, r2_number, etag, size, sha256 FROM parts WHERE etag IS NOT NULL ORDER BY n',
      )
      .toArray()
      .map(({ r2_number: r2Number, ...part }) => ({ ...part, r2Number }));
  }

  /** Everything; `load` answers null from then on. */
  forget(): void {
    this.#sql.exec('DELETE FROM upload');
    this.forgetParts();
  }

  forgetParts(): void {
    this.#sql.exec('DELETE FROM parts');
  }
}
