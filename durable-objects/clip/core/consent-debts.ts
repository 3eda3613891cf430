/**
 * What this clip still owes the consent log. Invariant: as long as an intent is stored and the log's answer is not, it is in this
 * list, under an idempotency key that never changes: asking again after a crash at any point makes no second entry.
 * Called by clip-object.ts after every intent and by its alarm.
 */
import type { Capability } from '#schemas/consent.ts';
import { capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipLock, ClipState } from './clip-state.ts';

export type ConsentDebt =
  | { readonly kind: 'withdraw'; readonly idempotencyKey: string }
  | { readonly kind: 'lock'; readonly number: number; readonly idempotencyKey: string }
  | {
      readonly kind: 'unlock';
      readonly number: number;
      readonly revocationId: Id<'rev'> | null;
      /** Of the lock, to learn its entry when that is not known. */
      readonly lockIdempotencyKey: string;
      readonly idempotencyKey: string;
    };

/** Denied by a withdrawal. */
export const withdrawalDenies: readonly Capability[] = capabilities;
/** Denied by a lock: it goes on being served and listed. */
export const lockDenies: readonly Capability[] = ['remix', 'download'];

function lockDebt(clipId: Id<'clip'>, lock: ClipLock): ConsentDebt[] {
  const lockIdempotencyKey = `clip:${clipId}:lock:${lock.number}`;
  if (lock.phase === 'locking') {
    return [{ kind: 'lock', number: lock.number, idempotencyKey: lockIdempotencyKey }];
  }
  if (lock.phase === 'locked') return [];
  return [
    {
      kind: 'unlock',
      number: lock.number,
      revocationId: lock.revocationId,
      lockIdempotencyKey,
      idempotencyKey: `clip:${clipId}:unlock:${lock.number}`,
    },
  ];
}

/** Unsettled intents, in the order they are to be settled. A withdrawal makes those of locks pointless. */
export function consentDebts(state: ClipState): ConsentDebt[] {
  if (state.kind === 'withdrawing') {
    return [{ kind: 'withdraw', idempotencyKey: `clip:${state.record.clipId}:withdraw` }];
  }
  if (state.kind !== 'live') return [];
  return state.locks.flatMap((lock) => lockDebt(state.record.clipId, lock));
}
