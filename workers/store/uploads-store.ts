/**
 * Uploads as rows: admission and the list of one's own. Invariant: how many an account may begin a day, and have under way, is decided by the
 * database in the statement that writes the row, so that any number of requests at once cannot pass it. Called by the upload routes.
 */
import { and, desc, eq, lt, ne, or, sql } from 'drizzle-orm';
import type { Tier } from '#schemas/http/accounts.ts';
import type { Page } from '#schemas/http/common.ts';
import { dailyUploads, openUploads, type Upload } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { uploads } from '#schemas/tables.ts';
import type { Database } from './database.ts';
import { cutPage, decodeKeyset, type PageRequest } from './keyset.ts';

const dayMs = 86_400_000;

/**
 * Writes the row of an upload that begins, if the account may begin one. Refuses with rate_limited (too many in 24 hours) and conflict (too
 * many under way).
 */
export async function admitUpload(
  db: Database,
  ownerId: Id<'acc'>,
  tier: Tier,
  record: Upload,
): Promise<Result<void>> {
  const { id, status, createdAt } = record;
  const since = new Date(Date.parse(createdAt) - dayMs).toISOString();
  const recent = sql`select count(*) from ${uploads} where ${uploads.ownerId} = ${ownerId} and ${uploads.createdAt} > ${since}`;
  const open = sql`${recent} and ${uploads.status} = 'receiving'`;
  const admitted = await db.all<{ id: string }>(
    sql`insert into ${uploads} (id, owner_id, status, record, version, created_at)
      select ${id}, ${ownerId}, ${status}, ${JSON.stringify(record)}, 0, ${createdAt}
      where (${recent}) < ${dailyUploads[tier]} and (${open}) < ${openUploads[tier]} returning id`,
  );
  if (admitted.length > 0) return ok(undefined);
  const [counted] = await db.all<{ recent: number }>(sql`select (${recent}) as recent`);
  if ((counted?.recent ?? 0) < dailyUploads[tier]) {
    return fail(
      'conflict',
      `${openUploads[tier]} uploads are under way already. Complete or delete one of them first.`,
      { limit: openUploads[tier] },
    );
  }
  return fail('rate_limited', `${dailyUploads[tier]} files a day can be uploaded. Try again tomorrow.`, {
    limit: dailyUploads[tier],
    retryAfterSeconds: 3_600,
  });
}

/** The row of an upload that was admitted and could not begin. */
export async function withdrawAdmission(db: Database, id: Id<'upl'>): Promise<void> {
  await db.delete(uploads).where(and(eq(uploads.id, id), eq(uploads.version, 0)));
}

/** An account's uploads, newest first; those that were taken back or lapsed are left out. Refuses with cursor_invalid. */
export async function uploadsOf(
  db: Database,
  ownerId: Id<'acc'>,
  page: PageRequest,
): Promise<Result<Page<Upload>>> {
  const after = decodeKeyset(page.cursor);
  if (!after.ok) return after;
  const { time, id } = after.value ?? { time: null, id: null };
  const found = await db
    .select({ record: uploads.record, createdAt: uploads.createdAt, id: uploads.id })
    .from(uploads)
    .where(
      and(
        eq(uploads.ownerId, ownerId),
        ne(uploads.status, 'expired'),
        time === null
          ? undefined
          : or(lt(uploads.createdAt, time), and(eq(uploads.createdAt, time), sql`${uploads.id} < ${id}`)),
      ),
    )
    .orderBy(desc(uploads.createdAt), desc(uploads.id))
    .limit(page.limit + 1);
  const { rows, nextCursor } = cutPage(found, page.limit, (row) => ({ time: row.createdAt, id: row.id }));
  return ok({ items: rows.map(({ record }) => record), nextCursor });
}
