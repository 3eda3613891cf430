/**
 * Search over what is public. Invariants: a clip is found only by its caption, its summary and a prompt its creator shows; nobody suspended
 * is found; consent is not asked here, the route does. Called by the search route.
 */
import { and, asc, desc, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Account } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, clips } from '#schemas/tables.ts';
import { presentAccount } from './accounts-store.ts';
import { type ClipRow, isListed, selectClips } from './clip-row.ts';
import type { Database } from './database.ts';

/** Case is ignored for ASCII only, as SQLite does; `%`, `_` and `\` are plain characters. */
function contains(column: SQL | typeof clips.caption, text: string, prefix = '%'): SQL {
  const escaped = text.replace(/[\\%_]/g, '\\$&');
  return sql`${column} like ${`${prefix}${escaped}%`} escape '\\'`;
}

/** Newest first. */
export async function searchClips(
  db: Database,
  viewerId: Id<'acc'> | null,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<ClipRow[]> {
  const said = or(
    contains(clips.caption, text),
    contains(sql`${clips.summary}`, text),
    and(sql`${clips.showPrompt}`, contains(sql`${clips.prompt}`, text)),
  );
  return selectClips(db, viewerId, and(isListed, said)).orderBy(desc(clips.publishedAt)).limit(limit);
}

/** By the beginning of the handle or anywhere in the name. */
export async function searchAccounts(
  db: Database,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<Account[]> {
  const handle = text.replace(/^@/, '').toLowerCase();
  const rows = await db
    .select()
    .from(accounts)
    .where(
      and(
        isNull(accounts.suspendedAt),
        or(contains(sql`${accounts.handle}`, handle, ''), contains(sql`${accounts.displayName}`, text)),
      ),
    )
    .orderBy(asc(accounts.handle))
    .limit(limit);
  return rows.map(presentAccount);
}
