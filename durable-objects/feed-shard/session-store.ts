/**
 * Sessions and their pages: in SQL, the ones used last also in memory. Invariants: a page is stored before it is answered; a session
 * unused for `sessionTtlMs`, or pushed out by newer ones, is gone with all its pages. Called by feed-shard-object.ts.
 */
import type { FeedMode } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { Session, SessionPage } from './core/session.ts';

export const sessionTtlMs = 6 * 3_600_000;
/** Sessions one shard keeps. */
export const sessionLimit = 50_000;
const memoryLimit = 2_000;
const pruneBatch = 500;
/** `used_at` is written at most this often: it only has to be right against a TTL of hours. */
const touchEveryMs = 60_000;

type SessionRow = { id: string; mode: FeedMode; seen: string; used_at: number };

export class SessionStore {
  readonly #sql: SqlStorage;
  /** Least recently used first. */
  readonly #loaded = new Map<string, { session: Session; usedAt: number }>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null for a session that never was or has expired. */
  find(id: string, now: number): Session | null {
    const held = this.#loaded.get(id) ?? this.#load(id);
    if (held === null || held.usedAt + sessionTtlMs <= now) return null;
    this.#hold(id, held);
    if (held.usedAt + touchEveryMs <= now) {
      held.usedAt = now;
      this.#sql.exec('UPDATE sessions SET used_at = ? WHERE id = ?', now, id);
    }
    return held.session;
  }

  add(session: Session, now: number): void {
    this.#sql.exec(
      'INSERT INTO sessions (id, mode, seen, used_at) VALUES (?, ?, ?, ?)',
      session.id,
      session.mode,
      JSON.stringify(session.seen),
      now,
    );
    this.#hold(session.id, { session, usedAt: now });
  }

  addPage(session: Session, page: SessionPage): void {
    this.#sql.exec(
      'INSERT INTO pages (session, seq, page) VALUES (?, ?, ?)',
      session.id,
      session.pages.length,
      JSON.stringify(page),
    );
    session.pages.push(page);
  }

  /** Drops a batch of sessions that expired or are over the limit. True if there may be more. */
  prune(now: number): boolean {
    const { count } = this.#sql.exec<{ count: number }>('SELECT COUNT(*) AS count FROM sessions').one();
    const over = Math.max(0, count - sessionLimit);
    const rows = this.#sql
      .exec<{ id: string; used_at: number }>(
        'SELECT id, used_at FROM sessions ORDER BY used_at LIMIT ?',
        pruneBatch,
      )
      .toArray();
    const gone = rows.filter((row, i) => i < over || row.used_at + sessionTtlMs <= now);
    for (const { id } of gone) {
      this.#sql.exec('DELETE FROM pages WHERE session = ?', id);
      this.#sql.exec('DELETE FROM sessions WHERE id = ?', id);
      this.#loaded.delete(id);
    }
    return gone.length === pruneBatch;
  }

  isEmpty(): boolean {
    return this.#sql.exec('SELECT 1 FROM sessions LIMIT 1').toArray().length === 0;
  }

  #load(id: string): { session: Session; usedAt: number } | null {
    const [row] = this.#sql.exec<SessionRow>('SELECT * FROM sessions WHERE id = ?', id).toArray();
    if (row === undefined) return null;
    const pages = this.#sql
      .exec<{ page: string }>('SELECT page FROM pages WHERE session = ? ORDER BY seq', id)
      .toArray()
      .map(({ page }) => JSON.parse(page) as SessionPage);
    const seen = JSON.parse(row.seen) as Id<'clip'>[];
    return { session: { id, mode: row.mode, seen, pages }, usedAt: row.used_at };
  }

  #hold(id: string, held: { session: Session; usedAt: number }): void {
    this.#loaded.delete(id);
    this.#loaded.set(id, held);
    if (this.#loaded.size <= memoryLimit) return;
    const [oldest] = this.#loaded.keys();
    if (oldest !== undefined) this.#loaded.delete(oldest);
  }
}
