/** RPC surface of the Clip object (one per clip, named by its id): draft → published → withdrawn, lineage, locks. */

import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type { FrameSize } from '#schemas/engine.ts';
import type { ClipStatus, PublishClip, Visibility } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Hex SHA-256; the ETag is made of it. */
  readonly sha256: string;
  readonly mediaType: string;
}

export interface DraftInput {
  readonly clipId: Id<'clip'>;
  readonly generationId: Id<'gen'>;
  readonly ownerId: Id<'acc'>;
  readonly ownerHandle: string;
  readonly coOwnerIds: readonly Id<'acc'>[];
  readonly prompt: string;
  readonly seed: number;
  readonly summary: string;
  readonly engine: {
    readonly name: string;
    readonly version: string;
    readonly model: string;
    readonly description: string;
  };
  readonly size: FrameSize;
  readonly durationMs: number;
  readonly color: string;
  readonly parent: {
    readonly clipId: Id<'clip'>;
    readonly handle: string;
    readonly keys: readonly ConsentKey[];
    readonly depth: number;
    readonly rootId: Id<'clip'>;
  } | null;
  readonly media: {
    readonly video: StoredObject;
    readonly poster: StoredObject;
    readonly manifest: StoredObject;
    readonly captions: StoredObject | null;
  };
  readonly manifestLabel: string;
  readonly createdAt: string;
}

export interface ClipRecord extends Omit<DraftInput, 'parent'> {
  readonly status: ClipStatus;
  readonly visibility: Visibility;
  readonly caption: string;
  readonly showPrompt: boolean;
  readonly locked: boolean;
  readonly parent: { readonly clipId: Id<'clip'>; readonly handle: string } | null;
  readonly rootId: Id<'clip'>;
  readonly depth: number;
  /** Fixed when the draft is made, inherited through the lineage, at most maxConsentKeys. */
  readonly keys: readonly ConsentKey[];
  readonly publishedAt: string | null;
  readonly withdrawnAt: string | null;
  /** Grows with every change; projections apply newer versions only. */
  readonly version: number;
}

export interface ClipRpc {
  /** Idempotent. Refuses with lineage_too_large. */
  createDraft(input: DraftInput): Promise<Result<ClipRecord>>;
  /** not_found if there is none, also after erasure of a draft; clip_deleted once withdrawn is told by `status`. */
  read(): Promise<Result<ClipRecord>>;
  /** By the owner only (forbidden else). Idempotent for the same input; may also change caption and visibility later. */
  publish(actorId: Id<'acc'>, input: PublishClip): Promise<Result<ClipRecord>>;
  /**
   * By owner or co-owner. Appends the denial to the consent log before it answers, then erases through the outbox. Idempotent: a second call
   * answers the same receipt.
   */
  withdraw(actorId: Id<'acc'>): Promise<Result<LogReceipt>>;
  /** Denies remix and download on the clip's key; by owner or co-owner. */
  lock(actorId: Id<'acc'>): Promise<Result<ClipRecord>>;
  /** By whoever locked it. */
  unlock(actorId: Id<'acc'>): Promise<Result<ClipRecord>>;
}
