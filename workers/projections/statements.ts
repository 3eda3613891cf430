/**
 * The writes of the relational side. Invariant: a row changes only to a newer version, decided by the database in the same
 * statement, so redelivered and reordered messages are harmless; the keys of a clip are those of the version its row is at.
 * Called by apply.ts.
 */
import { inArray, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Id } from '#schemas/ids.ts';
import type {
  CameoProjection,
  ClipProjection,
  GenerationProjection,
  GrantProjection,
  UploadProjection,
} from '#schemas/projections.ts';
import { cameos, clipKeys, clips, generations, grants, uploads } from '#schemas/tables.ts';
import type { Database } from '../store/database.ts';

/**
 * The clip's row and which keys it carries, to be run in this order in one transaction. The keys are replaced only if the row is now
 * at this message's version: an older message leaves both alone, the same one writes the same again.
 */
export function upsertClip(
  db: Database,
  { version, clip }: ClipProjection,
): [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] {
  const { ownKeys, ...row } = clip;
  const { id, ...set } = { ...row, version };
  const isCurrent = sql`exists (select 1 from ${clips} where ${clips.id} = ${id} and ${clips.version} = ${version})`;
  const carried = clip.keys.map((key) => [key, ownKeys.includes(key) ? 0 : 1]);
  return [
    db
      .insert(clips)
      .values({ id, ...set })
      .onConflictDoUpdate({ target: clips.id, set, setWhere: sql`excluded.version > ${clips.version}` }),
    db.delete(clipKeys).where(sql`${clipKeys.clipId} = ${id} and ${isCurrent}`),
    db
      .insert(clipKeys)
      .select(
        sql`select value ->> 0, ${id}, value ->> 1 from json_each(${JSON.stringify(carried)}) where ${isCurrent}`,
      ),
  ];
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

export function upsertCameo(db: Database, { version, cameo }: CameoProjection) {
  const { accountId, ...set } = { ...cameo, version };
  return db
    .insert(cameos)
    .values({ accountId, ...set })
    .onConflictDoUpdate({
      target: cameos.accountId,
      set,
      setWhere: sql`excluded.version > ${cameos.version}`,
    });
}

export function upsertGrant(db: Database, { version, grant }: GrantProjection) {
  const { id, ...set } = { ...grant, version };
  return db
    .insert(grants)
    .values({ id, ...set })
    .onConflictDoUpdate({ target: grants.id, set, setWhere: sql`excluded.version > ${grants.version}` });
}

/** Which bytes it uses is not touched: claims and releases write that (durable-objects/upload/files.ts). */
export function upsertUpload(db: Database, { version, ownerId, upload }: UploadProjection) {
  const set = { ownerId, status: upload.status, record: upload, version };
  return db
    .insert(uploads)
    .values({ ...set, id: upload.id, createdAt: upload.createdAt })
    .onConflictDoUpdate({ target: uploads.id, set, setWhere: sql`excluded.version > ${uploads.version}` });
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
