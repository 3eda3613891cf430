/** RPC surface of the Inbox object (one per account, named by its id): notifications, kept and live. */
import type { InboxKind } from '#schemas/http/inbox.ts';
import type { Id } from '#schemas/ids.ts';
import type { DecisionId } from '#schemas/moderation.ts';

export interface NotifyInput {
  /** The same notice twice is one item. */
  readonly dedupeKey: string;
  readonly kind: InboxKind;
  readonly actorId: Id<'acc'> | null;
  readonly clipId: Id<'clip'> | null;
  readonly generationId: Id<'gen'> | null;
  readonly grantId: Id<'grant'> | null;
  readonly reviewId: Id<'rvw'> | null;
  /** Of `decision` and `appeal-outcome`. */
  readonly decisionId?: DecisionId;
  readonly text: string;
}

export interface InboxRecord extends Omit<NotifyInput, 'dedupeKey'> {
  readonly id: Id<'ntf'>;
  readonly createdAt: string;
  readonly readAt: string | null;
}

export interface InboxRpc {
  /** Stores, and tells whoever is connected. Idempotent by `dedupeKey`. */
  notify(input: NotifyInput): Promise<void>;
  /** Newest first, at most `limit` before the item `before`. */
  list(page: {
    readonly before: Id<'ntf'> | null;
    readonly limit: number;
  }): Promise<{ items: InboxRecord[]; unread: number }>;
  markRead(ids: 'all' | readonly Id<'ntf'>[]): Promise<{ unread: number }>;
  // fetch(): WebSocket upgrade for the live count, hibernating; the edge has authorised it.
}
