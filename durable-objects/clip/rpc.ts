/** RPC surface of the Clip object (one per clip, named by its id): draft → published → withdrawn, lineage, cast, locks, recasts. */

import type { LogReceipt } from '#durable-objects/consent/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type { FrameSize } from '#schemas/engine.ts';
import type { ClipStatus, PublishClip, Visibility } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipProjection } from '#schemas/projections.ts';
import type { Result } from '#schemas/result.ts';
import type { Verdict } from '#schemas/verdict.ts';

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Hex SHA-256; the ETag is made of it. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** One likeness in a clip; nothing but `standIn` once a stand-in took its place. */
export type ClipCast = ClipProjection['clip']['cast'][number];

/** Something that is said or shown, with the field of the request it came from: what a person's rules are asked about. */
export interface TextPart {
  readonly field: string;
  readonly text: string;
}

export interface DraftInput {
  readonly clipId: Id<'clip'>;
  readonly generationId: Id<'gen'>;
  readonly ownerId: Id<'acc'>;
  readonly ownerHandle: string;
  /** Everybody whose likeness it carries, the owner excepted: its cast and whoever it inherits. */
  readonly coOwnerIds: readonly Id<'acc'>[];
  readonly cast: readonly ClipCast[];
  /** Keys of every cast permit: `cameo:…` and `grant:…`. */
  readonly castKeys: readonly ConsentKey[];
  readonly prompt: string;
  /** Dialogue and sound cues, for rules that are asked again at publication. */
  readonly spoken: readonly TextPart[];
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
  /** What was found out about an upload when it became this clip; absent for what an engine made. */
  readonly verdict?: Verdict;
  readonly createdAt: string;
}

/** A new rendition of a clip, made by another generation, in which stand-ins take the place of some of its cast. */
export interface RecastInput extends DraftInput {
  /** Somebody who stays in it reviews before publication: the clip is a draft again until they agree to the new rendition. */
  readonly reviewAgain: boolean;
}

export interface ClipRecord extends Omit<DraftInput, 'parent' | 'castKeys'> {
  readonly status: ClipStatus;
  readonly visibility: Visibility;
  readonly caption: string;
  readonly showPrompt: boolean;
  readonly locked: boolean;
  /** Kept out of every list by somebody in it. */
  readonly hidden: boolean;
  readonly parent: { readonly clipId: Id<'clip'>; readonly handle: string } | null;
  readonly rootId: Id<'clip'>;
  readonly depth: number;
  /** Fixed for a rendition (a recast brings its own), inherited through the lineage, at most maxConsentKeys. */
  readonly keys: readonly ConsentKey[];
  /** Its own, its owner's and its cast's; the others are inherited. */
  readonly ownKeys: readonly ConsentKey[];
  /** Generations whose renditions it had before its recasts, oldest first. */
  readonly pastGenerationIds: readonly Id<'gen'>[];
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
  /**
   * By the owner only (forbidden else). Idempotent for the same input; may also change caption and visibility later. Whatever says more
   * than before is asked about: consent_denied, cameo_rule (field, start, end), review_pending (the person was asked),
   * consent_unavailable.
   */
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
  /** Denies list on the clip's key; by owner or co-owner. */
  hide(actorId: Id<'acc'>): Promise<Result<ClipRecord>>;
  /** By whoever hid it. */
  unhide(actorId: Id<'acc'>): Promise<Result<ClipRecord>>;
  /** Tells the owner that a co-owner (forbidden else) asks for a stand-in. Once per person and rendition. */
  askRecast(actorId: Id<'acc'>, note: string): Promise<Result<void>>;
  /**
   * From the workflow: the new rendition takes the old one's place; address, likes and comments stay, the old files are erased.
   * Idempotent by generation. Refuses with clip_deleted, and with conflict when it shows somebody who has left the clip meanwhile.
   */
  recast(input: RecastInput): Promise<Result<ClipRecord>>;
}
