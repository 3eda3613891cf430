/**
 * Where a person was cast, made ready to be shown to that person. Invariants: one round trip to D1, whatever the number of
 * appearances; what somebody has no say in any more, because a stand-in took their place, is left out. Called by the appearances page
 * and by whatever answers one appearance.
 */
import { inArray, sql } from 'drizzle-orm';
import type { AppearanceRecord } from '#durable-objects/cameo/rpc.ts';
import type { Account } from '#schemas/http/accounts.ts';
import type { Appearance } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { accounts, clips, generations } from '#schemas/tables.ts';
import { presentAccount } from './accounts-store.ts';
import { hasSay } from './core/visibility.ts';
import type { Database } from './database.ts';

type Clip = Pick<
  typeof clips.$inferSelect,
  'id' | 'ownerId' | 'coOwnerIds' | 'status' | 'visibility' | 'caption' | 'locked' | 'color' | 'keys'
>;

/** An appearance with its rows. */
export interface HydratedAppearance {
  readonly record: AppearanceRecord;
  readonly maker: Account;
  readonly prompt: string;
  /** Null until there is one. */
  readonly clip: Clip | null;
  readonly remixes: number;
}

const idsIn = (ids: readonly string[]) => sql`(select value from json_each(${JSON.stringify(ids)}))`;

/** In the order of `records`; those whose maker is unknown or whose clip the viewer has left are not among them. */
export async function hydrateAppearances(
  db: Database,
  records: readonly AppearanceRecord[],
  viewerId: Id<'acc'>,
): Promise<HydratedAppearance[]> {
  if (records.length === 0) return [];
  const ids = <K extends 'clipId' | 'generationId' | 'makerId'>(name: K) => [
    ...new Set(records.map((record) => record[name])),
  ];
  const [clipRows, generationRows, makers] = await db.batch([
    db
      .select({
        id: clips.id,
        ownerId: clips.ownerId,
        coOwnerIds: clips.coOwnerIds,
        status: clips.status,
        visibility: clips.visibility,
        caption: clips.caption,
        locked: clips.locked,
        color: clips.color,
        keys: clips.keys,
        remixes: sql<number>`(select count(*) from clips remix where remix.parent_id = ${sql.raw('"clips"."id"')}
          and remix.status = 'published')`,
      })
      .from(clips)
      .where(inArray(clips.id, idsIn(ids('clipId')))),
    db
      .select({ id: generations.id, prompt: sql<string>`${generations.record} ->> 'prompt'` })
      .from(generations)
      .where(inArray(generations.id, idsIn(ids('generationId')))),
    db
      .select()
      .from(accounts)
      .where(inArray(accounts.id, idsIn(ids('makerId')))),
  ]);
  const clipOf = new Map(clipRows.map((row) => [row.id, row]));
  const promptOf = new Map(generationRows.map((row) => [row.id, row.prompt]));
  const makerOf = new Map(makers.map((row) => [row.id, row]));
  return records.flatMap((record): HydratedAppearance[] => {
    const clip = clipOf.get(record.clipId) ?? null;
    const maker = makerOf.get(record.makerId);
    if (maker === undefined || (clip !== null && !hasSay(clip, viewerId))) return [];
    return [
      {
        record,
        maker: presentAccount(maker),
        prompt: promptOf.get(record.generationId) ?? '',
        clip,
        remixes: clip?.remixes ?? 0,
      },
    ];
  });
}

/** @param consent what the gate says of the clip now; ignored while there is none */
export function presentAppearance(
  { record, maker, prompt, clip, remixes }: HydratedAppearance,
  consent: { readonly served: boolean; readonly hidden: boolean },
): Appearance {
  const stands = clip !== null && clip.status !== 'withdrawn';
  const served = stands && consent.served;
  const waits = record.review?.decision === 'pending' ? record.review : null;
  return {
    generationId: record.generationId,
    clipId: clip?.id ?? null,
    maker,
    prompt,
    generationStatus: record.status,
    clipStatus: clip?.status ?? null,
    caption: clip?.caption ?? '',
    served,
    locked: clip?.locked ?? false,
    hidden: stands && consent.hidden,
    remixes,
    poster: served ? `/media/${clip.id}/poster.jpg` : null,
    color: clip?.color ?? null,
    review: waits?.kind ?? null,
    reviewId: waits?.id ?? null,
    recastRequested: record.recastRequested,
    createdAt: record.createdAt,
  };
}
