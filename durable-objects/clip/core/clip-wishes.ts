/**
 * Locks and hides (K-15): each is one person's wish about a clip, and only that person can take it back. A lock denies remixes and
 * downloads, a hide denies lists. Invariants: a wish counts as soon as the log has answered and until the log has lifted it; wishes of
 * several people and of both kinds stand independently; a person who has left the clip leaves no wish behind. Called by clip-machine.ts,
 * clip-recast.ts and clip-object.ts.
 */
import type { Capability } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { type ClipState, type ClipWish, hasSay, type LiveClip, stands, type WishKind } from './clip-state.ts';

/** What a wish denies on the clip's key. Either way the clip goes on being served by its address. */
export const wishDenies: Readonly<Record<WishKind, readonly Capability[]>> = {
  lock: ['remix', 'download'],
  hide: ['list'],
};

const words: Readonly<
  Record<WishKind, { readonly infinitive: string; readonly undo: string; readonly past: string }>
> = {
  lock: { infinitive: 'lock', undo: 'unlock', past: 'locked' },
  hide: { infinitive: 'hide', undo: 'show', past: 'hid' },
};

/** The clip under these wishes; its version grows when that changes what anyone sees. */
export function withWishes(
  state: LiveClip,
  wishes: readonly ClipWish[],
  wishCount = state.wishCount,
): LiveClip {
  const [locked, hidden] = [stands(wishes, 'lock'), stands(wishes, 'hide')];
  const same = locked === state.record.locked && hidden === state.record.hidden;
  const record = same ? state.record : { ...state.record, locked, hidden, version: state.record.version + 1 };
  return { ...state, record, wishes, wishCount };
}

/** The live state, or why this actor cannot wish anything of it: not_found, forbidden, clip_deleted. */
function open(state: ClipState, kind: WishKind, actorId: Id<'acc'>): Result<LiveClip> {
  if (state.kind === 'absent') return fail('not_found');
  if (!hasSay(state.record, actorId)) {
    const what = words[kind].infinitive;
    return fail('forbidden', `Only the creator or somebody who appears in this clip can ${what} it.`);
  }
  return state.kind === 'live' ? ok(state) : fail('clip_deleted');
}

/** Notes the wish. One of this person and kind that stands or is on its way is kept as it is. */
export function beginWish(state: ClipState, kind: WishKind, actorId: Id<'acc'>): Result<ClipState> {
  const live = open(state, kind, actorId);
  if (!live.ok) return live;
  const { wishes, wishCount } = live.value;
  if (wishes.some((wish) => wish.kind === kind && wish.by === actorId && wish.phase !== 'lifting')) {
    return live;
  }
  const number = wishCount + 1;
  const wish: ClipWish = { kind, by: actorId, number, phase: 'denying', revocationId: null };
  return ok(withWishes(live.value, [...wishes, wish], number));
}

/** The log has the denial. Also learns the entry of a wish that was taken back meanwhile. */
export function finishWish(state: ClipState, number: number, revocationId: Id<'rev'>): ClipState {
  if (state.kind !== 'live') return state;
  return withWishes(
    state,
    state.wishes.map((wish) =>
      wish.number !== number
        ? wish
        : { ...wish, revocationId, phase: wish.phase === 'denying' ? 'denied' : wish.phase },
    ),
  );
}

/** Takes back this person's wish; without one, forbidden while somebody else's stands, else nothing to do. */
export function beginLift(state: ClipState, kind: WishKind, actorId: Id<'acc'>): Result<ClipState> {
  const live = open(state, kind, actorId);
  if (!live.ok) return live;
  const { wishes } = live.value;
  if (!wishes.some((wish) => wish.kind === kind && wish.by === actorId)) {
    const { past, undo } = words[kind];
    return wishes.some((wish) => wish.kind === kind)
      ? fail('forbidden', `Only the person who ${past} this clip can ${undo} it.`)
      : live;
  }
  return ok(
    withWishes(
      live.value,
      wishes.map((wish) =>
        wish.kind === kind && wish.by === actorId ? { ...wish, phase: 'lifting' } : wish,
      ),
    ),
  );
}

/** The log has lifted it. */
export function finishLift(state: ClipState, number: number): ClipState {
  if (state.kind !== 'live') return state;
  return withWishes(
    state,
    state.wishes.filter((wish) => wish.number !== number),
  );
}

/** Lifts whatever people wished who have no say any more. */
export function liftOfTheDeparted(state: LiveClip): LiveClip {
  return withWishes(
    state,
    state.wishes.map((wish) => (hasSay(state.record, wish.by) ? wish : { ...wish, phase: 'lifting' })),
  );
}
