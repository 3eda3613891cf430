/** RPC surface of the InspectionQueue object (one, `main`): recordings waiting to be looked at, leases, fencing. */
import type { SealedTemplate } from '#durable-objects/face-index/rpc.ts';
import type { Challenge } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  EnrolmentReport,
  InspectionFailure,
  InspectionLeaseRequest,
  LeasedInspection,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import type { Result } from '#schemas/result.ts';

export interface InspectionJob {
  readonly inspectionId: Id<'enr'>;
  readonly kind: 'enrolment';
  readonly challenge: Challenge;
  readonly media: { readonly objectKey: string; readonly size: number; readonly mediaType: string };
  readonly wantPortrait: boolean;
}

/** What the queue passes on of a node's report: the face sealed, the portrait as it was seen to lie in R2. */
export interface SealedReport extends Omit<EnrolmentReport, 'embedding' | 'portrait'> {
  /** Sealed for `enrolment:<id>`. */
  readonly template: SealedTemplate | null;
  readonly portrait: (StoredFile & { readonly objectKey: string }) | null;
}

/** `lease_lost`: nobody finished looking at it. */
export type InspectionDeath = InspectionFailure['code'] | 'lease_lost';

/** A 512×512 JPEG has a tenth of this. */
export const maxPortraitBytes = 1024 * 1024;

export interface InspectionQueueRpc {
  /** Idempotent by id. */
  enqueue(job: InspectionJob): Promise<void>;
  /** It need not be looked at any more. Idempotent; also before the enqueue. */
  cancel(id: Id<'enr'>): Promise<void>;
  /** Long poll: resolves as soon as a recording is there, at the latest after `waitMs` with null. */
  lease(nodeId: string, request: InspectionLeaseRequest): Promise<LeasedInspection | null>;
  /** What is to be looked at, for the node that holds the lease; stale_lease for any other. */
  job(nodeId: string, id: Id<'enr'>, fence: number): Promise<Result<InspectionJob>>;
  /** Where the portrait may be stored; stale_lease unless this node holds the lease, conflict if none is wanted. */
  portraitKey(nodeId: string, id: Id<'enr'>, fence: number): Promise<Result<{ objectKey: string }>>;
  /**
   * Hands the report to the Enrolment object through the outbox, the face sealed. Idempotent for the winning fence; stale_lease for any
   * other. Refuses with output_invalid and checksum_mismatch when the portrait does not lie where it should.
   */
  complete(nodeId: string, id: Id<'enr'>, fence: number, report: EnrolmentReport): Promise<Result<void>>;
  fail(nodeId: string, id: Id<'enr'>, failure: InspectionFailure): Promise<Result<void>>;
}
