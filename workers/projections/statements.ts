/**
 * The writes of the relational side. Invariant: a row changes only to a newer version, decided by the database in the same
 * statement, so redelivered and reordered messages are harmless. Called by apply.ts.
 */
import { inArray, sql } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection, GenerationProjection } from '#schemas/projections.ts';
import { clips, generations } from '#schemas/tables.ts';
import type { Database } from '../store/database.ts';

export function upsertClip(db: Database, { version, clip }: ClipProjection) {
  const row = { ...clip, version };
  const { id: _, ...set } = row;
  return db
    .insert(clips)
    .values(row)
    .onConflictDoUpdate({ target: clips.id, set, setWhere: sql`excluded.version > ${clips.version}` });
}

export function upsertGeneration(db: Database, { version, accountId, generation }: GenerationProjection) {
  const set = { accountId, status: generation.status, record: generation, version };
  return db
    .insert(generations)
    .values({ ...set, id: generation.id, createdAt: generation.createdAt })
    .onConflictDoUpdate({
      target: generations.id,
      set,
      setWhere: sql`excluded.version > ${generations.version}`,
    });
}

/** What the feed needs of clips, as they are after the writes. */
export function readFeedRows(db: Database, ids: readonly Id<'clip'>[]) {
  return db
    .select({
      clipId: clips.id,
      ownerId: clips.ownerId,
      rootId: clips.rootId,
      keys: clips.keys,
      status: clips.status,
      visibility: clips.visibility,
      publishedAt: clips.publishedAt,
      version: clips.version,
    })
    .from(clips)
    .where(inArray(clips.id, sql`(select value from json_each(${JSON.stringify(ids)}))`));
}
