/**
 * Applies projections to D1, the feed shards and R2. Invariant: what was applied in part is applied again in full when the message
 * comes back, and that changes nothing more. Called by consumer.ts.
 */
import type { BatchItem } from 'drizzle-orm/batch';
import type { Projection } from '#schemas/projections.ts';
import { feedShardNames } from '../feed/shard.ts';
import { database } from '../store/database.ts';
import { feedChanges } from './core/feed-change.ts';
import { readFeedRows, upsertClip, upsertGeneration } from './statements.ts';

export type ProjectionEnv = Pick<Env, 'DB' | 'FEED_SHARD' | 'MEDIA'>;

/** R2 deletes at most this many keys per call. */
const deleteLimit = 1_000;

/** Rows first (one transaction: all or none), then the feed, then the objects. */
export async function applyProjections(
  env: ProjectionEnv,
  projections: readonly Projection[],
): Promise<void> {
  const db = database(env);
  const writes: BatchItem<'sqlite'>[] = [];
  const clipIds = new Set<Parameters<typeof readFeedRows>[1][number]>();
  for (const projection of projections) {
    if (projection.kind === 'clip') {
      writes.push(upsertClip(db, projection));
      clipIds.add(projection.clip.id);
    } else if (projection.kind === 'generation') writes.push(upsertGeneration(db, projection));
  }
  const [first, ...others] = writes;
  if (first !== undefined) await db.batch([first, ...others]);
  // The feed is told what the rows say now, so that an old message brings it the newer state.
  if (clipIds.size > 0) await tellFeed(env, await readFeedRows(db, [...clipIds]));
  for (const projection of projections) {
    if (projection.kind === 'erase') await eraseObjects(env, projection.objectKeys);
  }
}

async function tellFeed(env: ProjectionEnv, rows: Awaited<ReturnType<typeof readFeedRows>>): Promise<void> {
  const { upserts, removals } = feedChanges(rows);
  await Promise.all(
    feedShardNames().map(async (name) => {
      const shard = env.FEED_SHARD.getByName(name);
      if (removals.length > 0) await shard.remove(removals);
      if (upserts.length > 0) await shard.upsert(upserts);
    }),
  );
}

async function eraseObjects(env: ProjectionEnv, objectKeys: readonly string[]): Promise<void> {
  for (let from = 0; from < objectKeys.length; from += deleteLimit) {
    await env.MEDIA.delete(objectKeys.slice(from, from + deleteLimit));
  }
}
