/** RPC surface of the Generation object (one per generation, named by its id): the one truth about its status. */

import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { SubjectDecision } from '#durable-objects/moderation-case/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { RenderStage } from '#schemas/render.ts';
import type { Result } from '#schemas/result.ts';

/** The record plus what only the owner's side may know. */
export interface GenerationRecord extends Generation {
  readonly accountId: Id<'acc'>;
}

/** Which rule, and where. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

export interface GenerationRpc {
  /** Creates the record (status queued). Idempotent. Arms the deadline. */
  open(admitted: AdmittedGeneration): Promise<void>;
  /** Fails with not_found before `open`. While queued, carries the live queue position and an estimate. */
  read(): Promise<Result<GenerationRecord>>;
  /** The admission as stored by `open`, for the workflow. */
  admission(): Promise<Result<AdmittedGeneration>>;
  /** From heartbeats: moves queued → running; ignored once finishing or final, and for an attempt older than the newest seen. */
  progress(input: { attempt: number; stage: RenderStage; progress: number }): Promise<void>;
  /** The job's lease was lost: back to queued. Ignored unless running with this attempt. */
  requeued(attempt: number): Promise<void>;
  /** running|queued → finishing. The workflow calls it with stage `checking`, then `signing`. Fails with already_final if it has ended. */
  finishing(stage: RenderStage): Promise<Result<void>>;
  /** The commit point: after it a cancel is refused. Fails with already_final if it has ended. Idempotent. */
  commit(): Promise<Result<void>>;
  /** finishing → ready; captures the credits through the outbox. Idempotent. */
  ready(clipId: Id<'clip'>): Promise<Result<void>>;
  /** Any unfinished → failed; releases the credits. Idempotent; already_final when ready or cancelled before. */
  fail(code: ErrorCode, message: string, details?: ErrorDetails): Promise<Result<void>>;
  /** Any unfinished → quarantined (output kept apart, never served); releases the credits. */
  quarantine(code: ErrorCode, message: string, details?: ErrorDetails): Promise<Result<void>>;
  /**
   * The output policy asks for a person to look at what was made. Explains the denial of `clip:<id>` that the desk keeps until then; it
   * enforces nothing itself. Idempotent.
   */
  heldBack(policy: NonNullable<Generation['policy']>): Promise<void>;
  /** Why the desk was asked to look at it; null: it was not. */
  policy(): Promise<NonNullable<Generation['policy']> | null>;
  /** From the desk, which has looked at an output that was quarantined: what was kept of it is erased. Repeatable. */
  decided(decision: SubjectDecision): Promise<void>;
  /** By the creator: any uncommitted → cancelled; releases the credits and cancels the job. already_final otherwise. Idempotent. */
  cancel(): Promise<Result<GenerationRecord>>;
  /**
   * A person cast in it has withdrawn: queued → cancelled, running or finishing → quarantined, both with consent_denied and the credits
   * returned. After the commit point nothing changes: the draft's keys are denied then. Idempotent.
   */
  consentWithdrawn(): Promise<void>;
  /**
   * A person whose permit says reviewBeforeGeneration has decided. `refuse` fails it with consent_denied and returns the credits; the job
   * is queued once everybody who was asked has approved. From the Cameo object's outbox. Idempotent; ignored for people not asked.
   */
  reviewDecided(accountId: Id<'acc'>, decision: 'approve' | 'refuse'): Promise<void>;
  /** For the workflow: whether decisions are still awaited, or it has ended. Refuses with not_found before `open`. */
  agreement(): Promise<Result<'awaited' | 'given' | 'ended'>>;
  /**
   * What was made was deleted: the words it was made from, and the likenesses, leave the record for good; with `cameoId` that likeness
   * alone. False while it is still being made: ask again. From the erasure workflow. Idempotent.
   */
  forget(cameoId: Id<'cam'> | null): Promise<boolean>;
  // fetch(): WebSocket upgrade for live progress, hibernating; the edge has authorised it.
}
