/** SQL of the bank: entries, films that are no match, and which films matched when. Used by the HashBank object. */
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import type { EntryState } from './core/bank-entry-machine.ts';
import type { BankEntry, BankEntryStatus } from './rpc.ts';

export interface StoredEntry {
  readonly position: number;
  readonly id: string;
  readonly policyId: string;
  readonly caseId: Id<'case'>;
  readonly state: EntryState;
  readonly matches: number;
  readonly createdAt: number;
}

interface Row extends Record<string, SqlStorageValue> {
  position: number;
  id: string;
  policy_id: string;
  case_id: string;
  state: string;
  matches: number;
  created_at: number;
}

const columns = 'position, id, policy_id, case_id, state, matches, created_at';

export class BankStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(id: string): StoredEntry | null {
    const [row] = this.#sql.exec<Row>(`SELECT ${columns} FROM entries WHERE id = ?`, id).toArray();
    return row === undefined ? null : stored(row);
  }

  at(position: number): StoredEntry | null {
    const [row] = this.#sql
      .exec<Row>(`SELECT ${columns} FROM entries WHERE position = ?`, position)
      .toArray();
    return row === undefined ? null : stored(row);
  }

  insert(
    entry: Pick<StoredEntry, 'id' | 'policyId' | 'caseId' | 'state'>,
    fingerprints: Fingerprints,
    now: number,
  ): void {
    this.#sql.exec(
      'INSERT INTO entries (id, policy_id, case_id, state, status, fingerprints, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      entry.id,
      entry.policyId,
      entry.caseId,
      JSON.stringify(entry.state),
      entry.state.status,
      JSON.stringify(fingerprints),
      now,
    );
  }

  /** With a removed entry go its hashes and those of its negatives. */
  update(id: string, state: EntryState): void {
    this.#sql.exec(
      'UPDATE entries SET state = ?, status = ? WHERE id = ?',
      JSON.stringify(state),
      state.status,
      id,
    );
    if (state.status !== 'removed') return;
    this.#sql.exec('UPDATE entries SET fingerprints = NULL WHERE id = ?', id);
    this.#sql.exec('DELETE FROM negatives WHERE entry_id = ?', id);
    this.#sql.exec('DELETE FROM hits WHERE entry_id = ?', id);
  }

  /** Null once it was removed. */
  fingerprints(id: string): Fingerprints | null {
    const [row] = this.#sql
      .exec<{ fingerprints: string | null }>('SELECT fingerprints FROM entries WHERE id = ?', id)
      .toArray();
    return row === undefined || row.fingerprints === null ? null : parse(row.fingerprints);
  }

  *withStatus(status: BankEntryStatus): Generator<{ position: number; fingerprints: Fingerprints }> {
    for (const row of this.#sql.exec<{ position: number; fingerprints: string | null }>(
      'SELECT position, fingerprints FROM entries WHERE status = ? ORDER BY position',
      status,
    )) {
      if (row.fingerprints !== null) yield { position: row.position, fingerprints: parse(row.fingerprints) };
    }
  }

  page(before: number | null, limit: number): StoredEntry[] {
    return this.#sql
      .exec<Row>(
        `SELECT ${columns} FROM entries WHERE position < ? ORDER BY position DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray()
      .map(stored);
  }

  addNegative(id: string, digest: string, fingerprints: Fingerprints, by: Id<'acc'>, now: number): void {
    this.#sql.exec(
      'INSERT INTO negatives (entry_id, digest, fingerprints, added_by, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      digest,
      JSON.stringify(fingerprints),
      by,
      now,
    );
  }

  negatives(id: string): Fingerprints[] {
    return this.#sql
      .exec<{ fingerprints: string }>('SELECT fingerprints FROM negatives WHERE entry_id = ?', id)
      .toArray()
      .map((row) => parse(row.fingerprints));
  }

  negativesOf(id: string): number {
    return this.#sql
      .exec<{ count: number }>('SELECT COUNT(*) AS count FROM negatives WHERE entry_id = ?', id)
      .one().count;
  }

  /** Notes a match; the same film counts once an hour. */
  hit(id: string, hour: number, digest: string): void {
    const { rowsWritten } = this.#sql.exec(
      'INSERT INTO hits (entry_id, hour, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      hour,
      digest,
    );
    if (rowsWritten > 0) this.#sql.exec('UPDATE entries SET matches = matches + 1 WHERE id = ?', id);
  }

  /** Films that matched, by hour, since then. */
  hits(id: string, from: number): Map<number, number> {
    return new Map(
      this.#sql
        .exec<{ hour: number; count: number }>(
          'SELECT hour, COUNT(*) AS count FROM hits WHERE entry_id = ? AND hour >= ? GROUP BY hour',
          id,
          from,
        )
        .toArray()
        .map(({ hour, count }) => [hour, count]),
    );
  }

  pruneHits(before: number): number | null {
    this.#sql.exec('DELETE FROM hits WHERE hour < ?', before);
    return this.#sql.exec<{ hour: number | null }>('SELECT MIN(hour) AS hour FROM hits').one().hour;
  }
}

export function present(entry: StoredEntry, negatives: number): BankEntry {
  const { status, addedBy, confirmedBy, removedBy, quarantinedAt } = entry.state;
  return {
    id: entry.id,
    status,
    policyId: entry.policyId,
    caseId: entry.caseId,
    addedBy,
    confirmedBy,
    removedBy,
    matches: entry.matches,
    negatives,
    createdAt: new Date(entry.createdAt).toISOString(),
    quarantinedAt: quarantinedAt === null ? null : new Date(quarantinedAt).toISOString(),
  };
}

function stored(row: Row): StoredEntry {
  return {
    position: row.position,
    id: row.id,
    policyId: row.policy_id,
    caseId: row.case_id as Id<'case'>,
    state: JSON.parse(row.state) as EntryState,
    matches: row.matches,
    createdAt: row.created_at,
  };
}

function parse(text: string): Fingerprints {
  return JSON.parse(text) as Fingerprints;
}
