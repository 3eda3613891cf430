/**
 * Reads of what consent hangs on: how many clips carry a key, likenesses and contracts. Invariant: every function is one round trip
 * to D1 and goes by an index; counts are what D1 knows, a moment behind the objects. Called by the cameo routes (previews, receipts,
 * lists) and by the Cameo pages.
 */
import { and, desc, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { ConsentKey } from '#schemas/consent.ts';
import type { Grant } from '#schemas/http/cameo.ts';
import type { Page } from '#schemas/http/common.ts';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import { accounts, cameos, grants } from '#schemas/tables.ts';
import { presentAccount } from './accounts-store.ts';
import type { Database } from './database.ts';
import { cutPage, decodeKeyset, type PageRequest } from './keyset.ts';
import { presentGrant } from './present-grant.ts';

export interface KeyCounts {
  /** Published clips that carry one of the keys as their own. */
  readonly clips: number;
  /** Drafts that do. */
  readonly drafts: number;
  /** Published clips and drafts, by anyone, that carry one of them only because an ancestor does. */
  readonly remixes: number;
  /** The first hundred of all of these, oldest first. */
  readonly clipIds: Id<'clip'>[];
}

const namedAtMost = 100;

const idsIn = (ids: readonly string[]) => sql`(select value from json_each(${JSON.stringify(ids)}))`;

/**
 * What a denial of these keys stops, each clip once. What is withdrawn already is not counted: it has stopped before.
 * Exported for tests, which ask the database how it will look for the rows.
 */
export function keyCountsQuery(keys: readonly ConsentKey[]) {
  return sql`with carrying as materialized (
      select clip_id as id, min(inherited) as inherited from clip_keys
      where key in ${idsIn(keys)} group by clip_id
    ), standing as materialized (
      select carrying.id, carrying.inherited, clips.status from carrying cross join clips on clips.id = carrying.id
      where clips.status <> 'withdrawn'
    )
    select count(*) filter (where inherited = 0 and status = 'published') as clips,
      count(*) filter (where inherited = 0 and status = 'draft') as drafts,
      count(*) filter (where inherited = 1) as remixes,
      (select json_group_array(id) from (select id from standing order by id limit ${sql.raw(String(namedAtMost))})) as clipIds
    from standing`;
}

/** Counts clips by the keys they carry; of many keys a clip counts once, as its own if one of them is. */
export async function countByKeys(db: Database, keys: readonly ConsentKey[]): Promise<KeyCounts> {
  const row = await db.get<{ clips: number; drafts: number; remixes: number; clipIds: string }>(
    keyCountsQuery(keys),
  );
  return { ...row, clipIds: JSON.parse(row.clipIds) };
}

export type CameoRow = typeof cameos.$inferSelect;

/** Null for an account that never enrolled. */
export async function cameoOf(db: Database, accountId: Id<'acc'>): Promise<CameoRow | null> {
  return (await db.select().from(cameos).where(eq(cameos.accountId, accountId)).get()) ?? null;
}

/** Null for an id that no account's likeness has. */
export async function cameoById(db: Database, cameoId: Id<'cam'>): Promise<CameoRow | null> {
  return (await db.select().from(cameos).where(eq(cameos.cameoId, cameoId)).get()) ?? null;
}

/** Likenesses of many accounts, by account; those who never enrolled are left out. */
export async function cameosOf(
  db: Database,
  accountIds: readonly Id<'acc'>[],
): Promise<Map<Id<'acc'>, CameoRow>> {
  if (accountIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(cameos)
    .where(inArray(cameos.accountId, idsIn(accountIds)));
  return new Map(rows.map((row) => [row.accountId, row]));
}

const grantee = alias(accounts, 'grantee');
const grantor = alias(accounts, 'grantor');

/** Contracts I gave, newest first. Refuses with cursor_invalid. `now` is ISO 8601. */
export function grantsGiven(
  db: Database,
  accountId: Id<'acc'>,
  page: PageRequest,
  now: string,
): Promise<Result<Page<Grant>>> {
  return grantPage(db, 'cameoAccountId', accountId, page, now);
}

/** Contracts I was given, newest first. Refuses with cursor_invalid. `now` is ISO 8601. */
export function grantsReceived(
  db: Database,
  accountId: Id<'acc'>,
  page: PageRequest,
  now: string,
): Promise<Result<Page<Grant>>> {
  return grantPage(db, 'granteeId', accountId, page, now);
}

async function grantPage(
  db: Database,
  side: 'cameoAccountId' | 'granteeId',
  accountId: Id<'acc'>,
  page: PageRequest,
  now: string,
): Promise<Result<Page<Grant>>> {
  const after = decodeKeyset(page.cursor);
  if (!after.ok) return after;
  const { time, id } = after.value ?? { time: null, id: null };
  const found = await db
    .select({ grant: grants, grantee, grantor })
    .from(grants)
    .innerJoin(grantee, eq(grantee.id, grants.granteeId))
    .innerJoin(grantor, eq(grantor.id, grants.cameoAccountId))
    .where(
      and(
        eq(grants[side], accountId),
        // A revoked standing permission has no purpose and is no contract.
        ne(grants.purpose, ''),
        time === null
          ? undefined
          : or(lt(grants.createdAt, time), and(eq(grants.createdAt, time), sql`${grants.id} < ${id}`)),
      ),
    )
    .orderBy(desc(grants.createdAt), desc(grants.id))
    .limit(page.limit + 1);
  const { rows, nextCursor } = cutPage(found, page.limit, ({ grant }) => ({
    time: grant.createdAt,
    id: grant.id,
  }));
  const items = rows.map((row) =>
    presentGrant(row.grant, presentAccount(row.grantee), presentAccount(row.grantor), now),
  );
  return ok({ items, nextCursor });
}
