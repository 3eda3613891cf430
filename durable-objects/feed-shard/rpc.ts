/** RPC surface of the FeedShard object (one per region × replica): candidates in memory, session windows, order. */
import type { ConsentKey } from '#schemas/consent.ts';
import type { FeedMode } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

export interface FeedCandidate {
  readonly clipId: Id<'clip'>;
  readonly ownerId: Id<'acc'>;
  readonly rootId: Id<'clip'>;
  readonly keys: readonly ConsentKey[];
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
  readonly version: number;
}

export interface FeedRemoval {
  readonly clipId: Id<'clip'>;
  /** The clip's version that is no longer to be shown. */
  readonly version: number;
}

export interface FeedPageRequest {
  readonly mode: FeedMode;
  readonly limit: number;
  /** Null starts a new session. */
  readonly position: { readonly session: string; readonly seq: number } | null;
  /** Owners the viewer follows, for mode `following`. */
  readonly following: readonly Id<'acc'>[];
  /** The last clips the client has seen, when it starts a session anew. */
  readonly seen: readonly Id<'clip'>[];
  /** Owners never shown to this viewer. */
  readonly blocked: readonly Id<'acc'>[];
}

export interface FeedPage {
  readonly items: readonly {
    readonly clipId: Id<'clip'>;
    readonly keys: readonly ConsentKey[];
    readonly why: string;
  }[];
  readonly next: { readonly session: string; readonly seq: number } | null;
}

export interface FeedShardRpc {
  /** Applies only newer versions. */
  upsert(candidates: readonly FeedCandidate[]): Promise<void>;
  /** Keeps these versions and older ones out, also when they arrive later. */
  remove(removals: readonly FeedRemoval[]): Promise<void>;
  /** Idempotent per (session, seq): a replay answers the same clips less those removed since. cursor_invalid for a session it does not know. */
  page(request: FeedPageRequest): Promise<Result<FeedPage>>;
}
