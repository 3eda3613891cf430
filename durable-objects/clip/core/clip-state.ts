/**
 * The states of a clip, as they are stored. Invariant: a lock or hide counts as soon as the log has answered and until the log has
 * lifted it. Called by clip-machine.ts, clip-wishes.ts, clip-recast.ts and consent-debts.ts.
 */
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { Id } from '#schemas/ids.ts';

export type WishKind = 'lock' | 'hide';

/** One person's lock or hide. */
export interface ClipWish {
  readonly kind: WishKind;
  readonly by: Id<'acc'>;
  readonly number: number;
  readonly phase: 'denying' | 'denied' | 'lifting';
  /** The log's entry; null until it has answered. */
  readonly revocationId: Id<'rev'> | null;
}

/** Whether any wish of this kind counts. */
export function stands(wishes: readonly ClipWish[], kind: WishKind): boolean {
  return wishes.some((wish) => wish.kind === kind && wish.phase !== 'denying');
}

interface Wishes {
  readonly wishes: readonly ClipWish[];
  /** Wishes ever noted; numbers their idempotency keys. */
  readonly wishCount: number;
}

export interface LiveClip extends Wishes {
  readonly kind: 'live';
  readonly record: ClipRecord;
}

/** The intent is stored; whether the log has the denial yet is unknown until it answers. */
export interface WithdrawingClip extends Wishes {
  readonly kind: 'withdrawing';
  readonly record: ClipRecord;
  /** Who asked first. */
  readonly by: Id<'acc'>;
}

export type ClipState =
  | { readonly kind: 'absent' }
  | LiveClip
  | WithdrawingClip
  | { readonly kind: 'withdrawn'; readonly record: ClipRecord; readonly receipt: LogReceipt };

export const absent: ClipState = { kind: 'absent' };

/** Owner or co-owner. */
export function hasSay(record: ClipRecord, actorId: Id<'acc'>): boolean {
  return record.ownerId === actorId || record.coOwnerIds.includes(actorId);
}
