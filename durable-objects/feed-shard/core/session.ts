/**
 * One viewer's walk through the feed. Invariants: a clip is shown at most once per session; a page once made keeps its clips, so
 * asking for it again answers the same less what was removed or blocked since. Called by feed-shard-object.ts, which stores every
 * page before it answers.
 */
import type { FeedCandidate, FeedPageRequest } from '#durable-objects/feed-shard/rpc.ts';
import type { FeedMode } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { CandidatePool } from './candidate-pool.ts';
import { hashText } from './random.ts';
import { type Pick, rankDiscover, repeatWindow } from './rank.ts';
import { newestRows } from './timeline.ts';

/** One clip as it was shown; enough to keep spacing after it has left the pool. */
export interface ShownClip {
  readonly clipId: Id<'clip'>;
  readonly ownerId: Id<'acc'>;
  readonly rootId: Id<'clip'>;
  readonly publishedAt: number;
  readonly pick: Pick | 'time';
}

export interface SessionPage {
  readonly clips: readonly ShownClip[];
  /** Whether anything was left when the page was made. */
  readonly more: boolean;
}

export interface Session {
  readonly id: string;
  readonly mode: FeedMode;
  /** Seen before the session began. */
  readonly seen: readonly Id<'clip'>[];
  readonly pages: SessionPage[];
}

/** Clips a client may name as seen. */
export const seenLimit = 200;
/** Pages of one session: a bound on what it can make the shard store. */
export const pageLimit = 2_000;

export function startSession(id: string, request: FeedPageRequest): Session {
  return { id, mode: request.mode, seen: request.seen.slice(-seenLimit), pages: [] };
}

function eligibleRows(pool: CandidatePool, session: Session, request: FeedPageRequest): Uint8Array {
  const eligible = new Uint8Array(pool.size).fill(1);
  const strike = (clipId: Id<'clip'>): void => {
    const row = pool.row.get(clipId);
    if (row !== undefined) eligible[row] = 0;
  };
  for (const clipId of session.seen) strike(clipId);
  for (const page of session.pages) for (const clip of page.clips) strike(clip.clipId);

  const owners = (ids: readonly Id<'acc'>[]): Uint8Array => {
    const flags = new Uint8Array(pool.owners);
    for (const id of ids) {
      const number = pool.ownerNumber(id);
      if (number >= 0) flags[number] = 1;
    }
    return flags;
  };
  const blocked = owners(request.blocked);
  const followed = request.mode === 'following' ? owners(request.following) : null;
  if (request.blocked.length === 0 && followed === null) return eligible;
  const { owner, size } = pool;
  for (let i = 0; i < size; i++) {
    const of = owner[i] ?? 0;
    if (blocked[of] === 1 || followed?.[of] === 0) eligible[i] = 0;
  }
  return eligible;
}

function shownClip(candidate: FeedCandidate, pick: ShownClip['pick']): ShownClip {
  const { clipId, ownerId, rootId, publishedAt } = candidate;
  return { clipId, ownerId, rootId, publishedAt, pick };
}

function discoverPage(
  pool: CandidatePool,
  session: Session,
  request: FeedPageRequest,
  now: number,
): SessionPage {
  const eligible = eligibleRows(pool, session, request);
  const shown = session.pages.flatMap((page) => page.clips);
  const met = new Uint8Array(pool.owners);
  for (const clip of shown) {
    const number = pool.ownerNumber(clip.ownerId);
    if (number >= 0) met[number] = 1;
  }
  const recent = shown.slice(1 - repeatWindow);
  const picks = rankDiscover(pool, {
    seed: hashText(session.id),
    now,
    limit: request.limit,
    shown: shown.length,
    eligible,
    met,
    history: {
      owners: recent.map((clip) => pool.ownerNumber(clip.ownerId)),
      roots: recent.map((clip) => pool.rootNumber(clip.rootId)),
    },
  });
  const clips = picks.flatMap(({ row, pick }) => {
    const candidate = pool.candidates[row];
    return candidate === undefined ? [] : [shownClip(candidate, pick)];
  });
  return { clips, more: eligible.includes(1) };
}

function timelinePage(pool: CandidatePool, session: Session, request: FeedPageRequest): SessionPage {
  const after = session.pages.findLast((page) => page.clips.length > 0)?.clips.at(-1) ?? null;
  const rows = newestRows(pool, eligibleRows(pool, session, request), after, request.limit + 1);
  const clips = rows.slice(0, request.limit).flatMap((row) => {
    const candidate = pool.candidates[row];
    return candidate === undefined ? [] : [shownClip(candidate, 'time')];
  });
  return { clips, more: rows.length > request.limit };
}

/**
 * The page `seq` of a session: an old one as it was, the next one newly made (`fresh`: to be stored and appended by the caller).
 * Refuses with cursor_invalid for a page that cannot be next, or another mode than the session's.
 */
export function pageOf(
  pool: CandidatePool,
  session: Session,
  seq: number,
  request: FeedPageRequest,
  now: number,
): Result<{ page: SessionPage; fresh: boolean }> {
  if (request.mode !== session.mode) return fail('cursor_invalid');
  const known = session.pages[seq];
  if (known !== undefined) return ok({ page: known, fresh: false });
  if (seq !== session.pages.length || seq >= pageLimit) return fail('cursor_invalid');
  const page =
    session.mode === 'discover'
      ? discoverPage(pool, session, request, now)
      : timelinePage(pool, session, request);
  return ok({ page, fresh: true });
}
