/**
 * The files of an upload in R2, below one prefix: the whole, and the poster a node makes of it. Invariants: the same bytes sent twice are
 * one object, and it is deleted only when no upload uses it any more: D1 counts, one claim or release after the other, so that two of them
 * never disagree about who is last. Called by the Upload object and the ingest workflow.
 */
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Id } from '#schemas/ids.ts';
import { mediaObjects, uploads } from '#schemas/tables.ts';

const folder = (id: Id<'upl'>) => `uploads/${id}/`;

/** Where the whole file lies, unless the same bytes lay somewhere before. */
export function ownKey(id: Id<'upl'>): string {
  return `${folder(id)}file`;
}

const database = (env: Pick<Env, 'DB'>) => drizzle(env.DB, { casing: 'snake_case' });

/**
 * Says that this upload uses these bytes. Idempotent.
 * @returns where they lie: at another upload's place if they were sent before
 * @throws Error if the relational side does not know the upload
 */
export async function claimObject(
  env: Pick<Env, 'DB'>,
  id: Id<'upl'>,
  object: { readonly sha256: string; readonly size: number; readonly mediaType: string },
): Promise<string> {
  const db = database(env);
  const { sha256, size, mediaType } = object;
  // One transaction: a release comes wholly before or wholly after it. Nothing is written for an upload that is not on record.
  const [marked, , found] = await db.batch([
    db.update(uploads).set({ sha256 }).where(eq(uploads.id, id)).returning({ id: uploads.id }),
    db
      .insert(mediaObjects)
      .select(
        sql`select ${sha256}, ${ownKey(id)}, ${size}, ${mediaType}, ${new Date().toISOString()}
          where exists (select 1 from uploads where id = ${id})`,
      )
      .onConflictDoNothing(),
    db
      .select({ objectKey: mediaObjects.objectKey })
      .from(mediaObjects)
      .where(eq(mediaObjects.sha256, sha256)),
  ]);
  const [row] = found;
  if (marked.length === 0 || row === undefined) throw new Error('the upload is not on record');
  return row.objectKey;
}

/**
 * Says that this upload uses its bytes no longer. Goes by what D1 has claimed, not by what the caller remembers. Idempotent.
 * @returns what nobody uses any more, null if somebody does
 */
export async function releaseObject(env: Pick<Env, 'DB'>, id: Id<'upl'>): Promise<string | null> {
  const db = database(env);
  const [deleted] = await db.batch([
    db
      .delete(mediaObjects)
      .where(
        sql`${mediaObjects.sha256} = (select sha256 from uploads where id = ${id})
          and not exists (select 1 from uploads others where others.sha256 = ${mediaObjects.sha256} and others.id <> ${id})`,
      )
      .returning({ objectKey: mediaObjects.objectKey }),
    db.update(uploads).set({ sha256: null }).where(eq(uploads.id, id)),
  ]);
  return deleted[0]?.objectKey ?? null;
}

/** Whether another upload's bytes lie at this upload's place. */
async function isShared(env: Pick<Env, 'DB'>, id: Id<'upl'>): Promise<boolean> {
  const row = await database(env)
    .select({ sha256: mediaObjects.sha256 })
    .from(mediaObjects)
    .where(eq(mediaObjects.objectKey, ownKey(id)))
    .get();
  return row !== undefined;
}

/** Erases everything of an upload; bytes that others sent too stay for them. Idempotent. */
export async function eraseFiles(env: Pick<Env, 'DB' | 'MEDIA'>, id: Id<'upl'>): Promise<void> {
  const unused = await releaseObject(env, id);
  if (unused !== null) await env.MEDIA.delete(unused);
  const kept = (await isShared(env, id)) ? ownKey(id) : null;
  const { objects } = await env.MEDIA.list({ prefix: folder(id) });
  const keys = objects.map(({ key }) => key).filter((key) => key !== kept);
  if (keys.length > 0) await env.MEDIA.delete(keys);
}

/** Ends the multipart upload and drops its parts. One that was completed or aborted before is as good. */
export async function abortParts(env: Pick<Env, 'MEDIA'>, id: Id<'upl'>, r2UploadId: string): Promise<void> {
  try {
    await env.MEDIA.resumeMultipartUpload(ownKey(id), r2UploadId).abort();
  } catch (error) {
    if (!isUnknownUpload(error)) throw error;
  }
}

/**
 * Puts the parts together. Idempotent: a multipart upload that is gone has been completed, if the whole is there.
 * @throws Error when R2 refuses or cannot be reached
 */
export async function assemble(
  env: Pick<Env, 'MEDIA'>,
  id: Id<'upl'>,
  upload: { readonly r2UploadId: string; readonly size: number },
  parts: readonly { readonly r2Number: number; readonly etag: string }[],
): Promise<string> {
  const key = ownKey(id);
  const before = await env.MEDIA.head(key);
  if (before !== null && before.size === upload.size) return key;
  const whole = await env.MEDIA.resumeMultipartUpload(key, upload.r2UploadId).complete(
    parts.map(({ r2Number, etag }) => ({ partNumber: r2Number, etag })),
  );
  if (whole.size !== upload.size) throw new Error(`the whole has ${whole.size} bytes and not ${upload.size}`);
  return key;
}

/** R2's error 10024. @see https://developers.cloudflare.com/r2/api/error-codes/ */
function isUnknownUpload(error: unknown): boolean {
  return error instanceof Error && /10024|does not exist/.test(error.message);
}
