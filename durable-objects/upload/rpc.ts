/** RPC surface of the Upload object (one per upload): parts, the check, and what became of it. Also holds what `POST /api/v1/verify` took in. */
import type { InspectionDeath } from '#durable-objects/inspection-queue/rpc.ts';
import type { CreateUpload, Upload, UploadMediaType } from '#schemas/http/uploads.ts';
import type { Id } from '#schemas/ids.ts';
import type { MediaReport } from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import type { Result } from '#schemas/result.ts';
import type { Verification } from '#schemas/verdict.ts';

/** What the workflow waits for: a report, or a moderator's decision. Only a nudge; what counts is what `read` says. */
export const uploadChangedEvent = 'upload-changed';

/** A media report as it was seen to lie in R2. */
export interface StoredMediaReport extends Omit<MediaReport, 'poster'> {
  readonly poster: (StoredFile & { readonly objectKey: string }) | null;
}

export interface UploadRecord extends Upload {
  readonly ownerId: Id<'acc'> | null;
  readonly origin: string;
  /** R2 key of the whole file once it is complete, until it is erased. */
  readonly objectKey: string | null;
  readonly sha256: string | null;
  readonly report: StoredMediaReport | null;
  /** Why no node could look at it; null while that is open. */
  readonly inspectionDeath: InspectionDeath | null;
  readonly caseId: Id<'case'> | null;
  readonly decision: UploadDecision | null;
}

/** What a moderator decided about an upload. */
export type UploadDecision =
  | { readonly outcome: 'publish'; readonly label: string | null }
  | { readonly outcome: 'refuse'; readonly reason: string };

/** Where an attempt to send one part goes. */
export interface PartPlace {
  readonly objectKey: string;
  readonly r2UploadId: string;
  /** The part's number in R2: every attempt has one of its own. */
  readonly r2Number: number;
  /** Bytes it must have. */
  readonly size: number;
}

export interface UploadRpc {
  /**
   * Idempotent.
   * @param purpose `verify`: bytes that are looked at once and never published; they are erased after the answer, or after ten minutes.
   */
  open(input: {
    uploadId: Id<'upl'>;
    ownerId: Id<'acc'> | null;
    purpose: 'publish' | 'verify';
    file: CreateUpload;
    /** Scheme and host of the request: what addresses of ours begin with where ORIGIN does not say. */
    origin: string;
  }): Promise<Result<UploadRecord>>;
  /** not_found also for one that was taken back. */
  read(): Promise<Result<UploadRecord>>;
  /** Before the bytes of part `n` are taken. Refuses with bad_request (no such part), conflict (complete), upload_expired, not_found. */
  part(n: number): Promise<Result<PartPlace>>;
  /** The bytes are in R2. The attempt recorded last counts. Refuses with conflict, upload_expired, not_found. */
  partStored(
    n: number,
    part: { r2Number: number; etag: string; size: number; sha256: string },
  ): Promise<Result<UploadRecord>>;
  /**
   * All parts are there: they are put together and `IngestClip` starts. Idempotent; of an upload that could not be checked it starts the
   * check again. Refuses with upload_incomplete (names what is missing), upload_expired, not_found.
   */
  complete(): Promise<Result<UploadRecord>>;
  /** Ends it and erases what came. Idempotent. Refuses with conflict while the desk has it or its clip is being made, and not_found. */
  cancel(): Promise<Result<void>>;
  /** Called by the inspection queue, at least once. */
  inspected(report: StoredMediaReport): Promise<void>;
  inspectionFailed(death: InspectionDeath): Promise<void>;
  /** Resolves with what a node saw, at the latest after `waitMs` with null. For `verify`, which has no workflow. */
  look(waitMs: number): Promise<StoredMediaReport | { readonly death: InspectionDeath } | null>;

  // Called by the workflow and, of what is only verified, by the verify route. already_final: it was taken back or has ended.
  /** The whole was read: its digest, where it lies from now on, and what its first bytes say it is. */
  identified(file: {
    sha256: string;
    objectKey: string;
    mediaType: UploadMediaType;
  }): Promise<Result<UploadRecord>>;
  stage(stage: NonNullable<Upload['stage']>): Promise<Result<UploadRecord>>;
  verified(verification: Verification): Promise<Result<UploadRecord>>;
  /** From here on it becomes a clip and is not taken back. */
  commit(): Promise<Result<UploadRecord>>;
  settled(outcome: UploadOutcome): Promise<Result<UploadRecord>>;
  /** Called by the desk, at least once: continues the workflow. */
  decided(decision: UploadDecision): Promise<void>;
}

/** How a check ends. */
export type UploadOutcome =
  /** Without a clip: checked, and the reason says why it cannot become one. */
  | { readonly status: 'ready'; readonly clipId: Id<'clip'> | null; readonly reason: string | null }
  | { readonly status: 'review'; readonly caseId: Id<'case'>; readonly reason: string }
  | {
      readonly status: 'refused';
      readonly reason: string;
      readonly caseId: Id<'case'> | null;
      /** The clip it is a copy of. */
      readonly clipId: Id<'clip'> | null;
    }
  | { readonly status: 'failed'; readonly reason: string };
