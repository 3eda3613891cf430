/**
 * What a gate keeps so that a restart need not fetch everything again. Invariant: a stored position is never ahead of the stored
 * entries (one transaction, the caller's). Losing these rows costs a long first renewal, nothing else. Called by
 * region-gate-object.ts.
 */
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { AppliedEntry } from './core/gate-machine.ts';

type EntryRow = { position: number; key: ConsentKey; denies: string; lifts: Id<'rev'> | null };

export class GateStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** In order of position; one row in memory at a time. */
  *entries(shard: string): Generator<AppliedEntry> {
    const rows = this.#sql.exec<EntryRow>(
      'SELECT position, key, denies, lifts FROM entries WHERE shard = ? ORDER BY position',
      shard,
    );
    // There are 31 possible texts.
    const parsed = new Map<string, readonly Capability[]>();
    for (const { denies: text, ...row } of rows) {
      const denies = parsed.get(text) ?? (JSON.parse(text) as Capability[]);
      parsed.set(text, denies);
      yield { ...row, denies };
    }
  }

  position(shard: string): number {
    const [row] = this.#sql
      .exec<{ position: number }>('SELECT position FROM positions WHERE shard = ?', shard)
      .toArray();
    return row?.position ?? 0;
  }

  /** Adds what is new and moves the position, never back. */
  add(shard: string, entries: readonly AppliedEntry[], position: number): void {
    for (const { position: at, key, denies, lifts } of entries) {
      this.#sql.exec(
        'INSERT OR IGNORE INTO entries (shard, position, key, denies, lifts) VALUES (?, ?, ?, ?, ?)',
        shard,
        at,
        key,
        JSON.stringify(denies),
        lifts,
      );
    }
    this.#sql.exec(
      `INSERT INTO positions (shard, position) VALUES (?, ?)
       ON CONFLICT (shard) DO UPDATE SET position = MAX(position, excluded.position) WHERE excluded.position > position`,
      shard,
      position,
    );
  }
}
