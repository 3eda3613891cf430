/**
 * The life of a bank entry. Invariants: nothing matches before two people have agreed to it, and nobody is both of them; what was removed never
 * comes back; an entry that matches far above its own history stops by itself until a person has looked. Pure; called by the HashBank object.
 */
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { BankEntryStatus } from '../rpc.ts';

export interface EntryState {
  readonly status: BankEntryStatus;
  readonly addedBy: Id<'acc'>;
  readonly confirmedBy: Id<'acc'> | null;
  readonly removedBy: Id<'acc'> | null;
  /** Milliseconds since the epoch. */
  readonly quarantinedAt: number | null;
  /** Matches in one hour that a person has seen and lifted the quarantine for all the same: part of its history from then on. */
  readonly accepted: number;
}

export type EntryInput =
  /** @property matches films that matched in the hour that runs */
  | { readonly type: 'confirm'; readonly by: Id<'acc'>; readonly matches: number }
  | { readonly type: 'remove'; readonly by: Id<'acc'> }
  | { readonly type: 'flood' };

export function proposed(by: Id<'acc'>): EntryState {
  return {
    status: 'proposed',
    addedBy: by,
    confirmedBy: null,
    removedBy: null,
    quarantinedAt: null,
    accepted: 0,
  };
}

/** The same state when nothing changes. @param now milliseconds since the epoch */
export function transition(state: EntryState, input: EntryInput, now: number): Result<EntryState> {
  if (state.status === 'removed') {
    return input.type === 'confirm'
      ? fail('already_final', 'This entry was removed from the bank.')
      : ok(state);
  }
  switch (input.type) {
    case 'confirm':
      if (input.by === state.addedBy) {
        return fail('forbidden', 'Another moderator than the one who proposed it has to confirm an entry.');
      }
      if (state.status === 'confirmed') return ok(state);
      return ok({
        ...state,
        status: 'confirmed',
        confirmedBy: input.by,
        quarantinedAt: null,
        accepted: Math.max(state.accepted, input.matches),
      });
    case 'remove':
      return ok({ ...state, status: 'removed', removedBy: input.by });
    case 'flood':
      if (state.status !== 'confirmed') return ok(state);
      return ok({ ...state, status: 'quarantined', quarantinedAt: now });
  }
}

/** Matches in an hour that any entry may have. */
export const freeMatchesAnHour = 30;
/** Beyond that, this many times its busiest hour of the week before. */
export const floodFactor = 8;

/**
 * Whether an entry matches far above its own history.
 * @param thisHour films that matched in the hour that runs
 * @param earlier films that matched in each hour of the week before that had any
 * @param accepted of the entry's state
 */
export function isFlood(thisHour: number, earlier: readonly number[], accepted: number): boolean {
  return thisHour > Math.max(freeMatchesAnHour, floodFactor * Math.max(accepted, ...earlier));
}
