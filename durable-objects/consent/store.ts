/**
 * The consent log's rows. Invariant: rows are only ever added; an entry and the request that made it are written together (the
 * caller's transaction). Called by consent-log-object.ts.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { emptyHead, type LogHead } from './core/consent-machine.ts';
import type { LogEntry } from './core/log-entry.ts';
import type { GateEntry } from './rpc.ts';

type EntryRow = {
  position: number;
  id: Id<'rev'>;
  key: ConsentKey;
  denies: string;
  lifts: Id<'rev'> | null;
  at: string;
  previous_hash: string;
  hash: string;
  salt: string;
};

function toEntry(row: EntryRow): LogEntry {
  const { previous_hash: previousHash, denies, ...rest } = row;
  return { ...rest, previousHash, denies: JSON.parse(denies) as Capability[] };
}

export class ConsentStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  append(entry: LogEntry): void {
    this.#sql.exec(
      'INSERT INTO entries (position, id, key, denies, lifts, at, previous_hash, hash, salt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      entry.position,
      entry.id,
      entry.key,
      JSON.stringify(entry.denies),
      entry.lifts,
      entry.at,
      entry.previousHash,
      entry.hash,
      entry.salt,
    );
  }

  /** Remembers which entry answers an idempotency key. */
  answer(idempotencyKey: string, position: number): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO requests (idempotency_key, position) VALUES (?, ?)',
      idempotencyKey,
      position,
    );
  }

  byRequest(idempotencyKey: string): LogEntry | null {
    return this.#one(
      'SELECT entries.* FROM requests JOIN entries USING (position) WHERE idempotency_key = ?',
      idempotencyKey,
    );
  }

  byId(id: Id<'rev'>): LogEntry | null {
    return this.#one('SELECT * FROM entries WHERE id = ?', id);
  }

  /** The entry that lifted this denial. */
  liftOf(id: Id<'rev'>): LogEntry | null {
    return this.#one('SELECT * FROM entries WHERE lifts = ?', id);
  }

  /** Denials of a key that stand, newest first. */
  *standingOn(key: ConsentKey): Generator<LogEntry> {
    const rows = this.#sql.exec<EntryRow>(
      `SELECT * FROM entries denial WHERE key = ? AND lifts IS NULL
         AND NOT EXISTS (SELECT 1 FROM entries lift WHERE lift.lifts = denial.id) ORDER BY position DESC`,
      key,
    );
    for (const row of rows) yield toEntry(row);
  }

  /** What a gate needs of the entries after a position, in order. */
  entriesAfter(position: number, limit: number): GateEntry[] {
    return this.#sql
      .exec<Pick<EntryRow, 'position' | 'id' | 'key' | 'denies' | 'lifts'>>(
        'SELECT position, id, key, denies, lifts FROM entries WHERE position > ? ORDER BY position LIMIT ?',
        position,
        limit,
      )
      .toArray()
      .map((row) => ({ ...row, denies: JSON.parse(row.denies) as Capability[] }));
  }

  /** Entries at the positions `from` (inclusive) to `to` (exclusive), in order. */
  *range(from: number, to: number): Generator<LogEntry> {
    const rows = this.#sql.exec<EntryRow>(
      'SELECT * FROM entries WHERE position >= ? AND position < ? ORDER BY position',
      from,
      to,
    );
    for (const row of rows) yield toEntry(row);
  }

  head(): LogHead {
    const last = this.#one('SELECT * FROM entries ORDER BY position DESC LIMIT 1');
    return last === null ? emptyHead : { position: last.position, hash: last.hash };
  }

  #one(query: string, ...bindings: string[]): LogEntry | null {
    const [row] = this.#sql.exec<EntryRow>(query, ...bindings).toArray();
    return row === undefined ? null : toEntry(row);
  }
}
