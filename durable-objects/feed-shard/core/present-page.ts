/**
 * A stored page as it is answered now. Invariant: nothing removed or blocked since is in it, and every reason is true at the moment
 * it is given. Called by feed-shard-object.ts.
 */
import type { FeedCandidate, FeedPage, FeedPageRequest } from '#durable-objects/feed-shard/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { CandidatePool } from './candidate-pool.ts';
import type { SessionPage, ShownClip } from './session.ts';

const hour = 3_600_000;

/** Why a clip is here, in a few words, by the strongest reason that holds. */
export function reasonFor(
  candidate: FeedCandidate,
  pick: ShownClip['pick'],
  following: ReadonlySet<Id<'acc'>>,
  now: number,
): string {
  if (following.has(candidate.ownerId)) return 'From someone you follow';
  if (pick === 'voice') return 'A different voice';
  if (pick === 'random') return 'Picked at random';
  const age = now - candidate.publishedAt;
  if (age < hour) return 'New this hour';
  if (age < 24 * hour) return 'New today';
  if (age < 7 * 24 * hour) return 'New this week';
  return pick === 'time' ? 'In order of time' : 'From the archive';
}

/** Drops what has left the pool or is blocked, and adds keys and reasons. */
export function presentPage(
  pool: CandidatePool,
  page: SessionPage,
  request: FeedPageRequest,
  now: number,
): FeedPage['items'] {
  const following = new Set(request.following);
  const blocked = new Set(request.blocked);
  return page.clips.flatMap(({ clipId, pick }) => {
    const candidate = pool.candidates[pool.row.get(clipId) ?? -1];
    if (candidate === undefined || blocked.has(candidate.ownerId)) return [];
    return [{ clipId, keys: candidate.keys, why: reasonFor(candidate, pick, following, now) }];
  });
}
