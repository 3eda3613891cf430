/**
 * What this clip still owes the consent log. Invariant: as long as an intent is stored and the log's answer is not, it is in this
 * list, under an idempotency key that never changes: asking again after a crash at any point makes no second entry.
 * Called by clip-object.ts after every intent and by its alarm.
 */
import type { Capability } from '#schemas/consent.ts';
import { capabilities } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipState, ClipWish, WishKind } from './clip-state.ts';
import { wishDenies } from './clip-wishes.ts';

export type ConsentDebt =
  | { readonly kind: 'withdraw'; readonly denies: readonly Capability[]; readonly idempotencyKey: string }
  | {
      readonly kind: 'deny';
      readonly number: number;
      readonly denies: readonly Capability[];
      readonly idempotencyKey: string;
    }
  | {
      readonly kind: 'lift';
      readonly number: number;
      readonly revocationId: Id<'rev'> | null;
      /** Of the denial, to learn its entry when that is not known. */
      readonly denial: { readonly denies: readonly Capability[]; readonly idempotencyKey: string };
      readonly idempotencyKey: string;
    };

/** Denied by a withdrawal. */
export const withdrawalDenies: readonly Capability[] = capabilities;

const undone: Readonly<Record<WishKind, string>> = { lock: 'unlock', hide: 'unhide' };

function wishDebt(clipId: Id<'clip'>, wish: ClipWish): ConsentDebt[] {
  const { number } = wish;
  const denial = { denies: wishDenies[wish.kind], idempotencyKey: `clip:${clipId}:${wish.kind}:${number}` };
  switch (wish.phase) {
    case 'denying':
      return [{ kind: 'deny', number, ...denial }];
    case 'denied':
      return [];
    case 'lifting': {
      const idempotencyKey = `clip:${clipId}:${undone[wish.kind]}:${number}`;
      return [{ kind: 'lift', number, revocationId: wish.revocationId, denial, idempotencyKey }];
    }
  }
}

/** Unsettled intents, in the order they are to be settled. A withdrawal makes all others pointless. */
export function consentDebts(state: ClipState): ConsentDebt[] {
  if (state.kind === 'withdrawing') {
    const idempotencyKey = `clip:${state.record.clipId}:withdraw`;
    return [{ kind: 'withdraw', denies: withdrawalDenies, idempotencyKey }];
  }
  if (state.kind !== 'live') return [];
  return state.wishes.flatMap((wish) => wishDebt(state.record.clipId, wish));
}
