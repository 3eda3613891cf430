/** What the pool holds, in SQL. Invariant: written in the same breath as the pool, so a restart finds what memory had. Called by feed-shard-object.ts. */
import type { Id } from '#schemas/ids.ts';
import type { FeedCandidate } from './rpc.ts';

export class CandidateStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  *all(): Generator<FeedCandidate> {
    for (const row of this.#sql.exec<{ candidate: string }>('SELECT candidate FROM candidates')) {
      yield JSON.parse(row.candidate) as FeedCandidate;
    }
  }

  *removals(): Generator<readonly [Id<'clip'>, number]> {
    const rows = this.#sql.exec<{ clip_id: Id<'clip'>; version: number }>(
      'SELECT clip_id, version FROM removals',
    );
    for (const row of rows) yield [row.clip_id, row.version];
  }

  put(candidate: FeedCandidate): void {
    this.#sql.exec('DELETE FROM removals WHERE clip_id = ?', candidate.clipId);
    this.#sql.exec(
      'INSERT INTO candidates (clip_id, candidate) VALUES (?, ?) ON CONFLICT (clip_id) DO UPDATE SET candidate = excluded.candidate',
      candidate.clipId,
      JSON.stringify(candidate),
    );
  }

  drop(clipId: Id<'clip'>): void {
    this.#sql.exec('DELETE FROM candidates WHERE clip_id = ?', clipId);
  }

  remove(clipId: Id<'clip'>, version: number, now: number): void {
    this.drop(clipId);
    this.#sql.exec(
      `INSERT INTO removals (clip_id, version, removed_at) VALUES (?, ?, ?)
         ON CONFLICT (clip_id) DO UPDATE SET version = excluded.version, removed_at = excluded.removed_at`,
      clipId,
      version,
      now,
    );
  }

  /** Forgets removals made before a moment and names them; at most `limit`. */
  forgetRemovals(before: number, limit: number): Id<'clip'>[] {
    return this.#sql
      .exec<{ clip_id: Id<'clip'> }>(
        'DELETE FROM removals WHERE clip_id IN (SELECT clip_id FROM removals WHERE removed_at < ? LIMIT ?) RETURNING clip_id',
        before,
        limit,
      )
      .toArray()
      .map((row) => row.clip_id);
  }

  hasRemovals(): boolean {
    return this.#sql.exec('SELECT 1 FROM removals LIMIT 1').toArray().length > 0;
  }
}
