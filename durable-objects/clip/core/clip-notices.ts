/**
 * Whom a change of a clip concerns, and what they are told (K-14). Invariants: the person who did something is not told of it; a notice
 * names nobody but the clip's creator; the same change makes the same notices. Pure over the states before and after; called by
 * clip-object.ts in the transaction that stores the change.
 */
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { NotifyInput } from '#durable-objects/inbox/rpc.ts';
import type { InboxKind } from '#schemas/http/inbox.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipState, ClipWish } from './clip-state.ts';

export interface ClipNotice {
  readonly to: Id<'acc'>;
  readonly notice: NotifyInput;
}

interface Words {
  readonly kind: InboxKind;
  /** Tells this change apart from every other of the same kind and clip. */
  readonly key: string;
  readonly actorId: Id<'acc'> | null;
  readonly text: string;
}

function tell(record: ClipRecord, to: readonly Id<'acc'>[], words: Words): ClipNotice[] {
  const { kind, key, actorId, text } = words;
  const notice: NotifyInput = {
    dedupeKey: `${kind}:${key}`,
    kind,
    actorId,
    clipId: record.clipId,
    generationId: record.generationId,
    grantId: null,
    reviewId: null,
    text,
  };
  return [...new Set(to)].map((account) => ({ to: account, notice }));
}

/** Notices that a transition owes. */
export function noticesOf(before: ClipState, after: ClipState): ClipNotice[] {
  if (after.kind === 'absent') return [];
  const { record } = after;
  const { clipId, ownerId, ownerHandle, coOwnerIds, generationId } = record;
  if (before.kind === 'absent') {
    const text = `@${ownerHandle} has a new draft with your likeness in it.`;
    return tell(record, coOwnerIds, { kind: 'cast-draft', key: clipId, actorId: ownerId, text });
  }
  if (after.kind === 'withdrawn') return before.kind === 'withdrawing' ? stopped(before.by, record) : [];
  if (after.kind !== 'live' || before.kind !== 'live') return [];
  const notices: ClipNotice[] = [];
  if (before.record.generationId !== generationId) {
    const text = `@${ownerHandle} made a clip again with a stand-in. What you asked to leave it has left it.`;
    const done = { kind: 'recast-done', key: generationId, actorId: ownerId, text } as const;
    notices.push(...tell(record, before.record.coOwnerIds, done));
  }
  if (before.record.publishedAt === null && record.publishedAt !== null) {
    const text = `@${ownerHandle} published a clip with your likeness in it.`;
    notices.push(
      ...tell(record, coOwnerIds, { kind: 'cast-published', key: clipId, actorId: ownerId, text }),
    );
  }
  for (const wish of after.wishes) {
    if (wish.by !== ownerId && wish.phase === 'denied' && !counted(before.wishes, wish.number)) {
      const text =
        wish.kind === 'lock'
          ? 'Somebody in your clip locked it: it cannot be remixed or downloaded.'
          : 'Somebody in your clip hid it: it is shown in no feed, search or profile.';
      const key = `${clipId}:${wish.number}`;
      notices.push(...tell(record, [ownerId], { kind: 'clip-locked', key, actorId: null, text }));
    }
  }
  return notices;
}

/** A co-owner asks the owner for a stand-in; the note is theirs. */
export function recastRequest(record: ClipRecord, by: Id<'acc'>, note: string): ClipNotice[] {
  const text = `Somebody in your clip asks for a stand-in to take their place.${note === '' ? '' : ` “${note}”`}`;
  const key = `${record.generationId}:${by}`;
  return tell(record, [record.ownerId], { kind: 'recast-requested', key, actorId: by, text });
}

function stopped(by: Id<'acc'>, record: ClipRecord): ClipNotice[] {
  const byOwner = by === record.ownerId;
  const text = byOwner
    ? `@${record.ownerHandle} deleted a clip with your likeness in it.`
    : 'Somebody in this clip deleted it. It is stopped everywhere, and its remixes with it.';
  const everybodyElse = [record.ownerId, ...record.coOwnerIds].filter((account) => account !== by);
  const actorId = byOwner ? by : null;
  return tell(record, everybodyElse, { kind: 'clip-stopped', key: record.clipId, actorId, text });
}

function counted(wishes: readonly ClipWish[], number: number): boolean {
  return wishes.some((wish) => wish.number === number && wish.phase !== 'denying');
}
