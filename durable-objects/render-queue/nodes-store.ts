/** SQL of the render nodes: who was seen when, and what they offer. Used by the RenderQueue object. */
import type { EngineCapability } from '#schemas/engine.ts';

export interface NodeRecord {
  readonly id: string;
  readonly software: string;
  readonly engines: readonly EngineCapability[];
  /** Milliseconds since the epoch. */
  readonly lastSeenAt: number;
}

/** A sign of life is written down at most this often. */
const seenEveryMs = 5_000;

export class NodesStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A node asked for work and said what it can do. */
  offered(id: string, software: string, engines: readonly EngineCapability[], now: number): void {
    this.#sql.exec(
      `INSERT INTO nodes (id, software, engines, last_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT (id)
       DO UPDATE SET software = excluded.software, engines = excluded.engines, last_seen_at = excluded.last_seen_at`,
      id,
      software,
      JSON.stringify(engines),
      now,
    );
  }

  /** A known node gave a sign of life. */
  seen(id: string, now: number): void {
    this.#sql.exec(
      'UPDATE nodes SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?',
      now,
      id,
      now - seenEveryMs,
    );
  }

  /** What one node offered last; nothing if it was never seen. */
  enginesOf(id: string): EngineCapability[] {
    const [row] = this.#sql.exec<{ engines: string }>('SELECT engines FROM nodes WHERE id = ?', id).toArray();
    return row === undefined ? [] : (JSON.parse(row.engines) as EngineCapability[]);
  }

  /** Nodes seen after `since`, by name. */
  since(since: number): NodeRecord[] {
    return this.#sql
      .exec<{ id: string; software: string; engines: string; last_seen_at: number }>(
        'SELECT id, software, engines, last_seen_at FROM nodes WHERE last_seen_at > ? ORDER BY id',
        since,
      )
      .toArray()
      .map((row) => ({
        id: row.id,
        software: row.software,
        engines: JSON.parse(row.engines) as EngineCapability[],
        lastSeenAt: row.last_seen_at,
      }));
  }

  prune(before: number): void {
    this.#sql.exec('DELETE FROM nodes WHERE last_seen_at <= ?', before);
  }
}
