/**
 * The one query that makes a clip ready to present: the row, its owner, who is in it, exact counts, and what the viewer has to do
 * with it. Invariant: counts are counted, not kept, so they cannot drift. Called by clips-store.ts.
 */
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Account } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, clips, comments, follows, likes, moderationCases } from '#schemas/tables.ts';
import type { Database } from './database.ts';

const remixes = alias(clips, 'remixes');
const parents = alias(clips, 'parents');
const people = alias(accounts, 'people');

/** A subquery that answers 0 or 1. */
const flag = (query: SQL) => sql<boolean>`exists (${query})`.mapWith(Boolean);

/** The accounts of a clip's cast as one JSON value: a page of clips stays one query, however many people are in them. */
const castAccounts = sql<
  Account[]
>`(select json_group_array(json_object('id', ${people.id}, 'handle', ${people.handle},
    'displayName', ${people.displayName}, 'demo', json(iif(${people.demo}, 'true', 'false')), 'createdAt', ${people.createdAt}))
  from ${accounts} ${people} where ${people.id} in (select value ->> 'accountId' from json_each(${clips.cast})))`.mapWith(
  (text: string): Account[] => JSON.parse(text),
);

/** Selects by any condition on `clips`; the caller adds order and limit. */
export function selectClips(db: Database, viewerId: Id<'acc'> | null, where: SQL | undefined) {
  return db
    .select({
      clip: clips,
      owner: {
        id: accounts.id,
        handle: accounts.handle,
        displayName: accounts.displayName,
        demo: accounts.demo,
        createdAt: accounts.createdAt,
      },
      castAccounts,
      likes: sql<number>`(select count(*) from ${likes} where ${likes.clipId} = ${clips.id})`,
      comments: sql<number>`(select count(*) from ${comments} where ${comments.clipId} = ${clips.id} and ${comments.deletedAt} is null)`,
      remixes: sql<number>`(select count(*) from ${clips} ${remixes} where ${remixes.parentId} = ${clips.id}
        and ${remixes.status} = 'published' and ${remixes.visibility} = 'public')`,
      parentAvailable: flag(sql`select 1 from ${clips} ${parents} where ${parents.id} = ${clips.parentId}
        and ${parents.status} = 'published' and ${parents.visibility} <> 'private'`),
      labelPolicyId: sql<
        string | null
      >`(select ${moderationCases.policyId} from ${moderationCases} where ${moderationCases.subjectKind} = 'clip'
        and ${moderationCases.subjectId} = ${clips.id} and ${moderationCases.action} = 'label' order by ${moderationCases.id} desc limit 1)`,
      liked: flag(
        sql`select 1 from ${likes} where ${likes.clipId} = ${clips.id} and ${likes.accountId} = ${viewerId}`,
      ),
      followsOwner: flag(sql`select 1 from ${follows} where ${follows.followedId} = ${clips.ownerId}
        and ${follows.followerId} = ${viewerId}`),
    })
    .from(clips)
    .innerJoin(accounts, eq(accounts.id, clips.ownerId))
    .where(where)
    .$dynamic();
}

export type ClipRow = Awaited<ReturnType<typeof selectClips>>[number];

/** Clips others may be shown in a list. */
export const isListed: SQL | undefined = and(eq(clips.status, 'published'), eq(clips.visibility, 'public'));
