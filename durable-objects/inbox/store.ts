/**
 * SQL of the Inbox object. Every method is one statement or two; the object groups them in transactions. Ids sort by time, so the
 * order of the items is the order of their ids.
 */
import type { InboxKind } from '#schemas/http/inbox.ts';
import type { Id } from '#schemas/ids.ts';
import type { DecisionId } from '#schemas/moderation.ts';
import type { InboxRecord, NotifyInput } from './rpc.ts';

interface ItemRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: string;
  actor_id: string | null;
  clip_id: string | null;
  generation_id: string | null;
  grant_id: string | null;
  review_id: string | null;
  decision_id: string | null;
  text: string;
  created_at: number;
  read_at: number | null;
}

export class InboxStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Notes the key; false if it was noted before. */
  claim(dedupeKey: string, now: number): boolean {
    const sql = 'INSERT OR IGNORE INTO seen (dedupe_key, at) VALUES (?, ?) RETURNING at';
    return this.#sql.exec(sql, dedupeKey, now).toArray().length === 1;
  }

  forgetKeys(before: number): void {
    this.#sql.exec('DELETE FROM seen WHERE at < ?', before);
  }

  insert(id: Id<'ntf'>, input: Omit<NotifyInput, 'dedupeKey'>, at: number): void {
    this.#sql.exec(
      `INSERT INTO items (id, kind, actor_id, clip_id, generation_id, grant_id, review_id, decision_id, text, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      input.kind,
      input.actorId,
      input.clipId,
      input.generationId,
      input.grantId,
      input.reviewId,
      input.decisionId ?? null,
      input.text,
      at,
    );
  }

  /** Time of the newest item; null when there is none. */
  lastTime(): number | null {
    const [row] = this.#sql
      .exec<{ at: number }>('SELECT created_at AS at FROM items ORDER BY id DESC LIMIT 1')
      .toArray();
    return row?.at ?? null;
  }

  counts(): { total: number; read: number } {
    return this.#sql
      .exec<{ total: number; read: number }>('SELECT COUNT(*) AS total, COUNT(read_at) AS read FROM items')
      .one();
  }

  unread(): number {
    return this.#sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM items WHERE read_at IS NULL').one().n;
  }

  /** Removes the oldest items that were read, or that were not. */
  dropOldest(which: 'read' | 'unread', count: number): void {
    if (count === 0) return;
    const condition = which === 'read' ? 'read_at IS NOT NULL' : 'read_at IS NULL';
    this.#sql.exec(
      `DELETE FROM items WHERE id IN (SELECT id FROM items WHERE ${condition} ORDER BY id LIMIT ?)`,
      count,
    );
  }

  /** Newest first; `before` need not exist any more. */
  page(before: Id<'ntf'> | null, limit: number): InboxRecord[] {
    const rows =
      before === null
        ? this.#sql.exec<ItemRow>('SELECT * FROM items ORDER BY id DESC LIMIT ?', limit)
        : this.#sql.exec<ItemRow>('SELECT * FROM items WHERE id < ? ORDER BY id DESC LIMIT ?', before, limit);
    return rows.toArray().map(toRecord);
  }

  /** Ids that are not here, or were read before, are left as they are. */
  markRead(ids: 'all' | readonly Id<'ntf'>[], now: number): void {
    if (ids === 'all') this.#sql.exec('UPDATE items SET read_at = ? WHERE read_at IS NULL', now);
    else {
      this.#sql.exec(
        'UPDATE items SET read_at = ? WHERE read_at IS NULL AND id IN (SELECT value FROM json_each(?))',
        now,
        JSON.stringify(ids),
      );
    }
  }
}

function toRecord(row: ItemRow): InboxRecord {
  return {
    id: row.id as Id<'ntf'>,
    kind: row.kind as InboxKind,
    actorId: row.actor_id as Id<'acc'> | null,
    clipId: row.clip_id as Id<'clip'> | null,
    generationId: row.generation_id as Id<'gen'> | null,
    grantId: row.grant_id as Id<'grant'> | null,
    reviewId: row.review_id as Id<'rvw'> | null,
    ...(row.decision_id === null ? {} : { decisionId: row.decision_id as DecisionId }),
    text: row.text,
    createdAt: new Date(row.created_at).toISOString(),
    readAt: row.read_at === null ? null : new Date(row.read_at).toISOString(),
  };
}
