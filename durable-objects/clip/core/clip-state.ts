/**
 * The states of a clip, as they are stored. Invariant: a lock counts as soon as the log has answered and until the log has lifted
 * it. Called by clip-machine.ts, clip-locks.ts and consent-debts.ts.
 */
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { Id } from '#schemas/ids.ts';

export interface ClipLock {
  readonly by: Id<'acc'>;
  readonly number: number;
  readonly phase: 'locking' | 'locked' | 'unlocking';
  /** The log's entry; null until it has answered. */
  readonly revocationId: Id<'rev'> | null;
}

export function isLocked(locks: readonly ClipLock[]): boolean {
  return locks.some((lock) => lock.phase !== 'locking');
}

export type ClipState =
  | { readonly kind: 'absent' }
  | LiveClip
  /** The intent is stored; whether the log has the denial yet is unknown until it answers. */
  | {
      readonly kind: 'withdrawing';
      readonly record: ClipRecord;
      readonly locks: readonly ClipLock[];
      readonly lockCount: number;
    }
  | { readonly kind: 'withdrawn'; readonly record: ClipRecord; readonly receipt: LogReceipt };

export interface LiveClip {
  readonly kind: 'live';
  readonly record: ClipRecord;
  readonly locks: readonly ClipLock[];
  /** Locks ever asked for; numbers their idempotency keys. */
  readonly lockCount: number;
}

export const absent: ClipState = { kind: 'absent' };

/** Owner or co-owner. */
export function hasSay(record: ClipRecord, actorId: Id<'acc'>): boolean {
  return record.ownerId === actorId || record.coOwnerIds.includes(actorId);
}
