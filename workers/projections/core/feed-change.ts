/**
 * What the feed is told about a clip. Invariant: only what is published to everybody is a candidate; everything else is a removal
 * at the same version, so the shard can put both in order. Called by apply.ts.
 */
import type { FeedCandidate, FeedRemoval } from '#durable-objects/feed-shard/rpc.ts';
import type { ClipStatus, Visibility } from '#schemas/http/clips.ts';

/** A clip's row as far as the feed needs it. */
export interface FeedRow extends Omit<FeedCandidate, 'publishedAt'> {
  readonly status: ClipStatus;
  readonly visibility: Visibility;
  readonly publishedAt: string | null;
}

export function feedChanges(rows: readonly FeedRow[]): { upserts: FeedCandidate[]; removals: FeedRemoval[] } {
  const upserts: FeedCandidate[] = [];
  const removals: FeedRemoval[] = [];
  for (const { status, visibility, publishedAt, ...row } of rows) {
    const listed = status === 'published' && visibility === 'public' && publishedAt !== null;
    if (listed) upserts.push({ ...row, publishedAt: Date.parse(publishedAt) });
    else removals.push({ clipId: row.clipId, version: row.version });
  }
  return { upserts, removals };
}
