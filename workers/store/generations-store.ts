/** Reads of generations: the list in the studio. Called by the generation routes; one generation is read from its object. */
import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Page } from '#schemas/http/common.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import { generations } from '#schemas/tables.ts';
import type { Database } from './database.ts';
import { cutPage, decodeKeyset, type PageRequest } from './keyset.ts';

/** An account's generations, newest first. Refuses with cursor_invalid. */
export async function generationsOf(
  db: Database,
  accountId: Id<'acc'>,
  page: PageRequest,
): Promise<Result<Page<Generation>>> {
  const after = decodeKeyset(page.cursor);
  if (!after.ok) return after;
  const { time, id } = after.value ?? { time: null, id: null };
  const found = await db
    .select({ record: generations.record, createdAt: generations.createdAt, id: generations.id })
    .from(generations)
    .where(
      and(
        eq(generations.accountId, accountId),
        time === null
          ? undefined
          : or(
              lt(generations.createdAt, time),
              and(eq(generations.createdAt, time), sql`${generations.id} < ${id}`),
            ),
      ),
    )
    .orderBy(desc(generations.createdAt), desc(generations.id))
    .limit(page.limit + 1);
  const { rows, nextCursor } = cutPage(found, page.limit, (row) => ({ time: row.createdAt, id: row.id }));
  return ok({ items: rows.map((row) => row.record), nextCursor });
}
