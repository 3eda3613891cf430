/**
 * Locks (K-15): each is one person's wish that nobody remixes or downloads the clip, and only that person can take it back.
 * Invariants: a lock counts as soon as the log has answered and until the log has lifted it; several people's locks stand
 * independently. Called by clip-machine.ts and clip-object.ts.
 */

import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { type ClipLock, type ClipState, hasSay, isLocked, type LiveClip } from './clip-state.ts';

function withLocks(state: LiveClip, locks: readonly ClipLock[], lockCount = state.lockCount): LiveClip {
  const locked = isLocked(locks);
  const record =
    locked === state.record.locked
      ? state.record
      : { ...state.record, locked, version: state.record.version + 1 };
  return { ...state, record, locks, lockCount };
}

/** The live state, or why this actor cannot touch its locks: not_found, forbidden, clip_deleted. */
function lockable(state: ClipState, actorId: Id<'acc'>): Result<LiveClip> {
  if (state.kind === 'absent') return fail('not_found');
  if (!hasSay(state.record, actorId)) {
    return fail('forbidden', 'Only the creator or somebody who appears in this clip can lock it.');
  }
  return state.kind === 'live' ? ok(state) : fail('clip_deleted');
}

/** Notes the wish. A lock of this person that stands or is on its way is kept as it is. */
export function beginLock(state: ClipState, actorId: Id<'acc'>): Result<ClipState> {
  const live = lockable(state, actorId);
  if (!live.ok) return live;
  const { locks, lockCount } = live.value;
  if (locks.some((lock) => lock.by === actorId && lock.phase !== 'unlocking')) return live;
  const number = lockCount + 1;
  return ok(
    withLocks(live.value, [...locks, { by: actorId, number, phase: 'locking', revocationId: null }], number),
  );
}

/** The log has the denial. Also learns the entry of a lock that was taken back meanwhile. */
export function finishLock(state: ClipState, number: number, revocationId: Id<'rev'>): ClipState {
  if (state.kind !== 'live') return state;
  return withLocks(
    state,
    state.locks.map((lock) =>
      lock.number !== number
        ? lock
        : { ...lock, revocationId, phase: lock.phase === 'locking' ? 'locked' : lock.phase },
    ),
  );
}

/** Takes back this person's lock; without one, forbidden while somebody else's stands, else nothing to do. */
export function beginUnlock(state: ClipState, actorId: Id<'acc'>): Result<ClipState> {
  const live = lockable(state, actorId);
  if (!live.ok) return live;
  const { locks } = live.value;
  if (!locks.some((lock) => lock.by === actorId)) {
    return locks.length > 0 ? fail('forbidden', 'Only the person who locked this clip can unlock it.') : live;
  }
  return ok(
    withLocks(
      live.value,
      locks.map((lock) => (lock.by === actorId ? { ...lock, phase: 'unlocking' } : lock)),
    ),
  );
}

/** The log has lifted it. */
export function finishUnlock(state: ClipState, number: number): ClipState {
  if (state.kind !== 'live') return state;
  return withLocks(
    state,
    state.locks.filter((lock) => lock.number !== number),
  );
}
