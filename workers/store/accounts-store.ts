/** Reads of accounts and of who follows whom. Called by the account, profile and feed routes. */
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Account, Profile } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, clips, follows } from '#schemas/tables.ts';
import type { Database } from './database.ts';

export type AccountRow = typeof accounts.$inferSelect;

/** Accounts a feed request carries to the shard at most: the ones followed last. */
const followingLimit = 5_000;

export async function accountById(db: Database, id: Id<'acc'>): Promise<AccountRow | null> {
  return (await db.select().from(accounts).where(eq(accounts.id, id)).get()) ?? null;
}

/** Handles are stored in lower case. */
export async function accountByHandle(db: Database, handle: string): Promise<AccountRow | null> {
  return (await db.select().from(accounts).where(eq(accounts.handle, handle.toLowerCase())).get()) ?? null;
}

/** Accounts by id, as anyone may know them, in one round trip; unknown ids are left out. */
export async function accountsByIds(
  db: Database,
  ids: readonly Id<'acc'>[],
): Promise<Map<Id<'acc'>, Account>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(accounts)
    .where(inArray(accounts.id, sql`(select value from json_each(${JSON.stringify(ids)}))`));
  return new Map(rows.map((row) => [row.id, presentAccount(row)]));
}

/** What anyone may know of an account. */
export function presentAccount({ id, handle, displayName, demo, createdAt }: AccountRow): Account {
  return { id, handle, displayName, demo, createdAt };
}

/** A profile with exact counts, in one round trip; null if there is no such handle. */
export async function profileOf(
  db: Database,
  handle: string,
  viewerId: Id<'acc'> | null,
): Promise<Profile | null> {
  const count = (query: SQL) => sql<number>`(select count(*) from ${query})`;
  const [row] = await db
    .select({
      account: accounts,
      followers: count(sql`${follows} where ${follows.followedId} = ${sql.raw('"accounts"."id"')}`),
      following: count(sql`${follows} where ${follows.followerId} = ${sql.raw('"accounts"."id"')}`),
      clips: count(sql`${clips} where ${clips.ownerId} = ${sql.raw('"accounts"."id"')}
        and ${clips.status} = 'published' and ${clips.visibility} = 'public'`),
      followed: count(sql`${follows} where ${follows.followedId} = ${sql.raw('"accounts"."id"')}
        and ${follows.followerId} = ${viewerId}`),
    })
    .from(accounts)
    .where(eq(accounts.handle, handle.toLowerCase()));
  if (row === undefined) return null;
  const { account, followed, ...counts } = row;
  const stranger = viewerId !== null && viewerId !== account.id;
  return { ...presentAccount(account), ...counts, followedByMe: stranger ? followed > 0 : null };
}

/** Whom an account follows, last followed first: for the `following` feed. */
export async function followingOf(db: Database, accountId: Id<'acc'>): Promise<Id<'acc'>[]> {
  const rows = await db
    .select({ id: follows.followedId })
    .from(follows)
    .where(and(eq(follows.followerId, accountId)))
    .orderBy(desc(follows.createdAt))
    .limit(followingLimit);
  return rows.map((row) => row.id);
}
