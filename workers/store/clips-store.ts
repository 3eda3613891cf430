/**
 * Reads of clips. Invariant: every function is one round trip to D1, whatever the number of clips. Visibility is decided by
 * core/visibility.ts on what comes back and consent by the gate; the conditions here only keep pages full.
 * Called by the feed, clip, profile and lineage routes.
 */
import { and, desc, eq, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Id } from '#schemas/ids.ts';
import { ok, type Result } from '#schemas/result.ts';
import { clips } from '#schemas/tables.ts';
import { type ClipRow, isListed, selectClips } from './clip-row.ts';
import type { Database } from './database.ts';
import { cutPage, decodeKeyset, type Keyset, type PageRequest } from './keyset.ts';

export type { ClipRow } from './clip-row.ts';

/** Generations of remixes a lineage is followed back. */
const lineageLimit = 64;

/** D1 binds at most 100 values; one JSON array carries any number of ids. */
const idIn = (ids: readonly string[]): SQL =>
  inArray(clips.id, sql`(select value from json_each(${JSON.stringify(ids)}))`);

/** Rows in the order of `ids`; ids unknown to D1 are left out. */
export async function hydrateClips(
  db: Database,
  ids: readonly Id<'clip'>[],
  viewerId: Id<'acc'> | null,
): Promise<ClipRow[]> {
  if (ids.length === 0) return [];
  const rows = await selectClips(db, viewerId, idIn(ids));
  const byId = new Map(rows.map((row) => [row.clip.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface ClipPage {
  rows: ClipRow[];
  nextCursor: string | null;
}

/**
 * An account's clips, newest first. `published`: all of its own to the account itself, the public ones to others, by publication.
 * `draft`: by creation; the caller makes sure that the viewer is the owner. Refuses with cursor_invalid.
 */
export async function clipsOfOwner(
  db: Database,
  ownerId: Id<'acc'>,
  viewerId: Id<'acc'> | null,
  page: PageRequest & { readonly status: 'draft' | 'published' },
): Promise<Result<ClipPage>> {
  const after = decodeKeyset(page.cursor);
  if (!after.ok) return after;
  const time = page.status === 'draft' ? clips.createdAt : clips.publishedAt;
  const rows = await selectClips(
    db,
    viewerId,
    and(
      eq(clips.ownerId, ownerId),
      eq(clips.status, page.status),
      page.status === 'published' && viewerId !== ownerId ? isListed : undefined,
      after.value === null ? undefined : afterKeyset(time, after.value),
    ),
  )
    .orderBy(desc(time), desc(clips.id))
    .limit(page.limit + 1);
  return ok(
    cutPage(rows, page.limit, ({ clip }) => ({
      time: (page.status === 'draft' ? clip.createdAt : clip.publishedAt) ?? clip.createdAt,
      id: clip.id,
    })),
  );
}

function afterKeyset(
  time: typeof clips.createdAt | typeof clips.publishedAt,
  keyset: Keyset,
): SQL | undefined {
  return or(lt(time, keyset.time), and(eq(time, keyset.time), sql`${clips.id} < ${keyset.id}`));
}

/** Public remixes of a clip, newest first. Refuses with cursor_invalid. */
export async function remixesOf(
  db: Database,
  clipId: Id<'clip'>,
  viewerId: Id<'acc'> | null,
  page: PageRequest,
): Promise<Result<ClipPage>> {
  const after = decodeKeyset(page.cursor);
  if (!after.ok) return after;
  const rows = await selectClips(
    db,
    viewerId,
    and(
      eq(clips.parentId, clipId),
      isListed,
      after.value === null ? undefined : afterKeyset(clips.publishedAt, after.value),
    ),
  )
    .orderBy(desc(clips.publishedAt), desc(clips.id))
    .limit(page.limit + 1);
  return ok(
    cutPage(rows, page.limit, ({ clip }) => ({ time: clip.publishedAt ?? clip.createdAt, id: clip.id })),
  );
}

/** What a clip was made from: its parent first, the root last, as far as rows exist; withdrawn ones are left out. */
export async function ancestorsOf(
  db: Database,
  clipId: Id<'clip'>,
  viewerId: Id<'acc'> | null,
): Promise<ClipRow[]> {
  const lineage = sql`(with recursive lineage(id, step) as (
      select parent_id, 1 from clips where id = ${clipId}
      union all
      select clips.parent_id, step + 1 from clips join lineage on clips.id = lineage.id where step < ${lineageLimit}
    ) select id from lineage where id is not null)`;
  return selectClips(db, viewerId, and(inArray(clips.id, lineage), ne(clips.status, 'withdrawn'))).orderBy(
    desc(clips.depth),
  );
}
