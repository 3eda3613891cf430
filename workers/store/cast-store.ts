/**
 * Who is meant by the handles of a cast, and whether they and the maker follow each other. Invariant: each function is one round trip
 * to D1. Called by the admission of generations, remixes and recasts.
 */
import { and, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import { accounts } from '#schemas/tables.ts';
import type { Database } from './database.ts';

/** Somebody who may be asked whether they agree to be cast. */
export interface CastCandidate {
  readonly accountId: Id<'acc'>;
  readonly handle: string;
  readonly displayName: string;
  /** Maker and candidate follow each other; false for oneself. */
  readonly mutual: boolean;
}

const among = (values: readonly string[]): SQL =>
  sql`(select value from json_each(${JSON.stringify(values)}))`;

function candidates(db: Database, makerId: Id<'acc'>, where: SQL | undefined): Promise<CastCandidate[]> {
  const follows = (from: SQL, to: SQL) =>
    sql`exists (select 1 from follows where follower_id = ${from} and followed_id = ${to})`;
  const them = sql.raw('"accounts"."id"');
  return db
    .select({
      accountId: accounts.id,
      handle: accounts.handle,
      displayName: accounts.displayName,
      mutual: sql<boolean>`${follows(sql`${makerId}`, them)} and ${follows(them, sql`${makerId}`)}`.mapWith(
        Boolean,
      ),
    })
    .from(accounts)
    .where(and(where, isNull(accounts.suspendedAt)));
}

/** Accounts of these handles (lower case); unknown and suspended ones are left out. */
export function candidatesByHandle(
  db: Database,
  makerId: Id<'acc'>,
  handles: readonly string[],
): Promise<CastCandidate[]> {
  return candidates(db, makerId, inArray(accounts.handle, among(handles)));
}

/** Accounts of these ids; suspended ones are left out. */
export function candidatesById(
  db: Database,
  makerId: Id<'acc'>,
  ids: readonly Id<'acc'>[],
): Promise<CastCandidate[]> {
  return ids.length === 0 ? Promise.resolve([]) : candidates(db, makerId, inArray(accounts.id, among(ids)));
}

/** The account of a handle, suspended or not: for naming somebody who is in a clip already. */
export async function accountIdsOf(
  db: Database,
  handles: readonly string[],
): Promise<ReadonlyMap<string, Id<'acc'>>> {
  const rows = await db
    .select({ id: accounts.id, handle: accounts.handle })
    .from(accounts)
    .where(inArray(accounts.handle, among(handles)));
  return new Map(rows.map((row) => [row.handle, row.id]));
}
