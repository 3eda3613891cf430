/**
 * Whom an account may cast, as far as D1 knows: for lists, never for admission (the Cameo object decides that). Invariants: nobody whose
 * level does not include the asker is in it, by whatever query; a person the owner has revoked is not, unless a contract made since says
 * otherwise; one round trip. Called by the castable and portrait routes.
 *
 * A revoked standing permission is a row of `grants` without a purpose (durable-objects/cameo/effects.ts).
 */
import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Castable } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, cameos, grants } from '#schemas/tables.ts';
import { presentAccount } from './accounts-store.ts';
import type { Database } from './database.ts';

const owner = sql.raw('"cameos"."account_id"');

function follows(from: SQL, to: SQL): SQL {
  return sql`exists (select 1 from follows where follower_id = ${from} and followed_id = ${to})`;
}

/** The oldest contract in force between owner and asker; null if there is none. */
function contract(askerId: Id<'acc'>, now: string): SQL<string | null> {
  return sql<string | null>`(select min(${grants.id}) from ${grants}
    where ${grants.granteeId} = ${askerId} and ${grants.cameoAccountId} = ${owner} and ${grants.purpose} <> ''
      and not ${grants.revoked} and (${grants.uses} is null or ${grants.used} < ${grants.uses})
      and (${grants.until} is null or julianday(${grants.until}) > julianday(${now})))`;
}

/** 0 me, 1 contract, 2 mutual, 3 everyone, null not at all: the order in which they are listed. */
function closeness(askerId: Id<'acc'>, now: string): SQL<number | null> {
  const asker = sql`${askerId}`;
  const shutOut = sql`exists (select 1 from ${grants} where ${grants.granteeId} = ${askerId}
    and ${grants.cameoAccountId} = ${owner} and ${grants.purpose} = '' and ${grants.revoked})`;
  return sql<number | null>`case
    when ${cameos.status} <> 'enrolled' or ${cameos.level} = 'nobody' then null
    when ${cameos.accountId} = ${askerId} then 0
    when ${cameos.level} = 'only-me' then null
    when ${contract(askerId, now)} is not null then 1
    when ${shutOut} then null
    when ${cameos.level} in ('mutuals', 'everyone') and ${follows(asker, owner)} and ${follows(owner, asker)} then 2
    when ${cameos.level} = 'everyone' then 3
    else null end`;
}

const reasons: readonly Castable['because'][] = ['me', 'grant', 'mutual', 'everyone'];

/**
 * Myself first, then the closest permission, then by handle.
 * @param now ISO 8601
 */
export async function castableFor(
  db: Database,
  askerId: Id<'acc'>,
  { query, limit }: { readonly query: string; readonly limit: number },
  now: string,
): Promise<Castable[]> {
  const near = closeness(askerId, now);
  const text = query.toLowerCase();
  const rows = await db
    .select({ account: accounts, cameo: cameos, grant: grants, near: near.as('near') })
    .from(cameos)
    .innerJoin(accounts, eq(accounts.id, cameos.accountId))
    .leftJoin(grants, eq(grants.id, contract(askerId, now)))
    .where(
      and(
        sql`near is not null`,
        isNull(accounts.suspendedAt),
        // Without a portrait there is nothing to be drawn from.
        isNotNull(cameos.portrait),
        isNotNull(cameos.verification),
        text === ''
          ? undefined
          : sql`(instr(${accounts.handle}, ${text}) = 1 or instr(lower(${accounts.displayName}), ${text}) = 1
              or instr(lower(${accounts.displayName}), ${` ${text}`}) > 0)`,
      ),
    )
    .orderBy(sql`near`, accounts.handle)
    .limit(limit);
  return rows.flatMap(({ account, cameo, grant, near: place }) => {
    const because = place === null ? undefined : reasons[place];
    if (because === undefined || cameo.verification === null) return [];
    const terms = because === 'grant' ? grant : because === 'me' ? null : cameo;
    return [
      {
        account: presentAccount(account),
        cameoId: cameo.cameoId,
        portrait: cameo.portrait,
        verification: cameo.verification,
        because,
        reviewBeforeGeneration: because === 'grant' && grant?.reviewBeforeGeneration === true,
        reviewBeforePublication: terms?.reviewBeforePublication === true,
      },
    ];
  });
}

/** Whether the asker may cast this person now. `now` is ISO 8601. */
export async function mayCast(
  db: Database,
  askerId: Id<'acc'>,
  ownerId: Id<'acc'>,
  now: string,
): Promise<boolean> {
  const row = await db
    .select({ near: closeness(askerId, now) })
    .from(cameos)
    .where(eq(cameos.accountId, ownerId))
    .get();
  return row !== undefined && row.near !== null;
}
