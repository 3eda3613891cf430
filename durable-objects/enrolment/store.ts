/** SQL of the Enrolment object: one row, what it was opened with and the machine's state. */
import type { Challenge } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { EnrolmentState } from './core/enrolment-machine.ts';

export interface Opening {
  readonly enrolmentId: Id<'enr'>;
  readonly accountId: Id<'acc'>;
  readonly keepForRendering: boolean;
  readonly challenge: Challenge;
}

export interface StoredEnrolment {
  readonly opening: Opening;
  readonly state: EnrolmentState;
}

export class EnrolmentStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null before `insert` and once it was forgotten. */
  load(): StoredEnrolment | null {
    const [row] = this.#sql
      .exec<{ opening: string; state: string }>('SELECT opening, state FROM enrolment')
      .toArray();
    if (row === undefined) return null;
    return { opening: JSON.parse(row.opening) as Opening, state: JSON.parse(row.state) as EnrolmentState };
  }

  insert(opening: Opening, state: EnrolmentState): void {
    this.#sql.exec(
      'INSERT INTO enrolment (only_row, opening, state) VALUES (1, ?, ?)',
      JSON.stringify(opening),
      JSON.stringify(state),
    );
  }

  save(state: EnrolmentState): void {
    this.#sql.exec('UPDATE enrolment SET state = ?', JSON.stringify(state));
  }

  forget(): void {
    this.#sql.exec('DELETE FROM enrolment');
  }
}
