/**
 * A clip's life: absent → draft → published → withdrawing → withdrawn, with locks and hides beside it. Invariants: the keys of a
 * rendition are fixed when it is made and contain the clip's, its owner's, its cast's and all of the parent's; `withdrawn` is entered
 * only with the consent log's receipt and never left; `version` grows with every change anyone outside can see. Called by clip-object.ts.
 */
import type { ClipRecord, DraftInput } from '#durable-objects/clip/rpc.ts';
import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import { accountKey, type ConsentKey, clipKey, maxConsentKeys } from '#schemas/consent.ts';
import type { PublishClip } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { type ClipState, hasSay, stands } from './clip-state.ts';

/** Everything a clip will carry; also asked at admission, so that nobody waits for a clip that cannot be made. */
export interface KeySource {
  readonly clipId: Id<'clip'>;
  readonly ownerId: Id<'acc'>;
  readonly castKeys: readonly ConsentKey[];
  readonly parent: { readonly keys: readonly ConsentKey[] } | null;
}

/**
 * The clip's own key, its owner's and its cast's, then the parent's (K-36: what a parent carries, a remix carries), each once. Refuses
 * with lineage_too_large.
 */
export function keysOf(input: KeySource): Result<{ keys: ConsentKey[]; ownKeys: ConsentKey[] }> {
  const ownKeys = [...new Set([clipKey(input.clipId), accountKey(input.ownerId), ...input.castKeys])];
  const keys = [...new Set([...ownKeys, ...(input.parent?.keys ?? [])])];
  if (keys.length > maxConsentKeys) {
    return fail('lineage_too_large', undefined, { keys: keys.length, limit: maxConsentKeys });
  }
  return ok({ keys, ownKeys });
}

/** Refuses with lineage_too_large, and conflict when the clip was made by another generation. */
export function createDraft(state: ClipState, input: DraftInput): Result<ClipState> {
  if (state.kind !== 'absent') {
    const same = state.record.clipId === input.clipId && state.record.generationId === input.generationId;
    return same ? ok(state) : fail('conflict', 'This clip was already made by another generation.');
  }
  const keys = keysOf(input);
  if (!keys.ok) return keys;
  const { parent, castKeys: _, ...own } = input;
  const record: ClipRecord = {
    ...own,
    ...keys.value,
    status: 'draft',
    visibility: 'private',
    caption: '',
    showPrompt: false,
    locked: false,
    hidden: false,
    parent: parent === null ? null : { clipId: parent.clipId, handle: parent.handle },
    rootId: parent?.rootId ?? input.clipId,
    depth: parent === null ? 0 : parent.depth + 1,
    pastGenerationIds: [],
    publishedAt: null,
    withdrawnAt: null,
    version: 1,
  };
  return ok({ kind: 'live', record, wishes: [], wishCount: 0 });
}

/** Refuses with not_found, forbidden (not the owner) and clip_deleted. `now` is ISO 8601. */
export function publish(
  state: ClipState,
  actorId: Id<'acc'>,
  input: PublishClip,
  now: string,
): Result<ClipState> {
  if (state.kind === 'absent') return fail('not_found');
  if (state.record.ownerId !== actorId) return fail('forbidden', 'Only the creator can publish this clip.');
  if (state.kind !== 'live') return fail('clip_deleted');
  const { record } = state;
  const same =
    record.status === 'published' &&
    record.caption === input.caption &&
    record.visibility === input.visibility &&
    record.showPrompt === input.showPrompt;
  if (same) return ok(state);
  return ok({
    ...state,
    record: {
      ...record,
      status: 'published',
      caption: input.caption,
      visibility: input.visibility,
      showPrompt: input.showPrompt,
      publishedAt: record.publishedAt ?? now,
      version: record.version + 1,
    },
  });
}

/** Notes the intent, before the log is asked. Refuses with not_found and forbidden. */
export function beginWithdrawal(state: ClipState, actorId: Id<'acc'>): Result<ClipState> {
  if (state.kind === 'absent') return fail('not_found');
  if (!hasSay(state.record, actorId)) {
    return fail('forbidden', 'Only the creator or somebody who appears in this clip can delete it.');
  }
  return ok(state.kind === 'live' ? { ...state, kind: 'withdrawing', by: actorId } : state);
}

/**
 * The log has the denial. What the creator wrote leaves the record at the same moment; what lineage, receipts and erasure need
 * stays (ids, keys, object keys, times).
 */
export function finishWithdrawal(state: ClipState, receipt: LogReceipt): ClipState {
  if (state.kind !== 'withdrawing') return state;
  const { record } = state;
  return {
    kind: 'withdrawn',
    receipt,
    record: {
      ...record,
      status: 'withdrawn',
      withdrawnAt: receipt.at,
      prompt: '',
      spoken: [],
      summary: '',
      caption: '',
      showPrompt: false,
      locked: stands(state.wishes, 'lock'),
      hidden: stands(state.wishes, 'hide'),
      version: record.version + 1,
    },
  };
}

/** What `read` answers: a draft that was withdrawn is gone for everybody. */
export function readable(state: ClipState): Result<ClipRecord> {
  if (state.kind === 'absent') return fail('not_found');
  if (state.kind === 'withdrawn' && state.record.publishedAt === null) return fail('not_found');
  return ok(state.record);
}
