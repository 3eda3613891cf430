/** RPC surface of the Enrolment object (one per enrolment, named by its id): one challenge, one recording, one decision (K-10). */
import type { InspectionDeath, SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import type { Enrolment } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

export interface EnrolmentRecord extends Enrolment {
  readonly accountId: Id<'acc'>;
}

export interface EnrolmentRpc {
  /** Idempotent. */
  open(input: {
    enrolmentId: Id<'enr'>;
    accountId: Id<'acc'>;
    keepForRendering: boolean;
  }): Promise<EnrolmentRecord>;
  /** Refuses with not_found for anybody but the account it was opened for. */
  read(accountId: Id<'acc'>): Promise<Result<EnrolmentRecord>>;
  /**
   * Before the bytes are taken: single use. Refuses with challenge_expired (used, or past its time) and not_found.
   * @returns where they go; `attempt` names this upload in the calls that follow
   */
  beginRecording(accountId: Id<'acc'>): Promise<Result<{ objectKey: string; attempt: number }>>;
  /** The bytes are in R2. Refuses with challenge_expired when this upload was given up meanwhile. Idempotent. */
  recorded(input: {
    attempt: number;
    size: number;
    mediaType: string;
    sha256: string;
  }): Promise<Result<EnrolmentRecord>>;
  /** The upload broke off: the challenge may be used again while it lasts. */
  abandonRecording(attempt: number): Promise<void>;
  /** From the inspection queue. Idempotent. */
  inspected(report: SealedReport): Promise<void>;
  inspectionFailed(code: InspectionDeath): Promise<void>;
  /** A person has looked at an enrolment that went to review. Refuses with conflict when it does not wait for that. */
  reviewed(decision: 'accept' | 'refuse'): Promise<Result<EnrolmentRecord>>;
  /** The account erases its likeness: whatever is under way ends and leaves nothing behind. Idempotent. */
  withdraw(): Promise<void>;
}
