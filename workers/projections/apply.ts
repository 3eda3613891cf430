/**
 * Applies projections to D1 and the feed shards. Invariant: what was applied in part is applied again in full when the message comes
 * back, and that changes nothing more. Called by consumer.ts.
 */
import type { BatchItem } from 'drizzle-orm/batch';
import type { Id } from '#schemas/ids.ts';
import type { Projection } from '#schemas/projections.ts';
import { feedShardNames } from '../feed/shard.ts';
import { type Database, database } from '../store/database.ts';
import { feedChanges } from './core/feed-change.ts';
import {
  readFeedRows,
  upsertCameo,
  upsertClip,
  upsertGeneration,
  upsertGrant,
  upsertUpload,
} from './statements.ts';

export type ProjectionEnv = Pick<Env, 'DB' | 'FEED_SHARD'>;

/** Rows first (one transaction: all or none), then the feed. */
export async function applyProjections(
  env: ProjectionEnv,
  projections: readonly Projection[],
): Promise<void> {
  const db = database(env);
  const [first, ...others] = projections.flatMap((projection) => writesOf(db, projection));
  if (first !== undefined) await db.batch([first, ...others]);
  const clipIds = projections.flatMap((projection) =>
    projection.kind === 'clip' ? [projection.clip.id] : [],
  );
  await refreshFeed(env, [...new Set(clipIds)]);
}

function writesOf(db: Database, projection: Projection): BatchItem<'sqlite'>[] {
  switch (projection.kind) {
    case 'clip':
      return upsertClip(db, projection);
    case 'generation':
      return [upsertGeneration(db, projection)];
    case 'cameo':
      return [upsertCameo(db, projection)];
    case 'grant':
      return [upsertGrant(db, projection)];
    case 'upload':
      return [upsertUpload(db, projection)];
  }
}

/** Tells every shard of the feed what the rows of these clips say now: an old message brings it the newer state. */
export async function refreshFeed(env: ProjectionEnv, clipIds: readonly Id<'clip'>[]): Promise<void> {
  if (clipIds.length === 0) return;
  const { upserts, removals } = feedChanges(await readFeedRows(database(env), clipIds));
  await Promise.all(
    feedShardNames().map(async (name) => {
      const shard = env.FEED_SHARD.getByName(name);
      if (removals.length > 0) await shard.remove(removals);
      if (upserts.length > 0) await shard.upsert(upserts);
    }),
  );
}
