/** RPC surface of the InspectionQueue object (one, `main`): recordings and uploads waiting to be looked at, leases, fencing. */
import type { SealedTemplate } from '#durable-objects/face-index/rpc.ts';
import type { Challenge } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  EnrolmentReport,
  InspectionFailure,
  InspectionId,
  InspectionLeaseRequest,
  LeasedEnrolment,
  LeasedMediaInspection,
  MediaReport,
} from '#schemas/inspection.ts';
import type { StoredFile } from '#schemas/render.ts';
import type { Result } from '#schemas/result.ts';

interface InspectedObject {
  readonly objectKey: string;
  readonly size: number;
  readonly mediaType: string;
}
export interface EnrolmentJob {
  readonly inspectionId: Id<'enr'>;
  readonly kind: 'enrolment';
  readonly challenge: Challenge;
  readonly media: InspectedObject;
  readonly wantPortrait: boolean;
}
/** The report goes to the Upload object: `inspected(report)` or `inspectionFailed(death)`. */
export interface MediaJob {
  readonly inspectionId: Id<'upl'>;
  readonly kind: 'media';
  readonly media: InspectedObject;
  readonly mayPublish: boolean;
}
export type InspectionJob = EnrolmentJob | MediaJob;

/** What a node gets, less the key of the marks: the edge adds it to the answer, so that it is stored nowhere. */
export type LeasedWork = LeasedEnrolment | Omit<LeasedMediaInspection, 'watermarkKey'>;

/** What the queue passes on of a node's report: the face sealed, the portrait as it was seen to lie in R2. */
export interface SealedReport extends Omit<EnrolmentReport, 'embedding' | 'portrait'> {
  /** Sealed for `enrolment:<id>`. */
  readonly template: SealedTemplate | null;
  readonly portrait: (StoredFile & { readonly objectKey: string }) | null;
}

/** `lease_lost`: nobody finished looking at it. */
export type InspectionDeath = InspectionFailure['code'] | 'lease_lost';

/** Of a portrait or a poster: a 512×512 JPEG has a tenth of this, one of 1280×720 a quarter. */
export const maxPictureBytes = 1024 * 1024;

export interface InspectionQueueRpc {
  /** Idempotent by id. */
  enqueue(job: InspectionJob): Promise<void>;
  /** It need not be looked at any more. Idempotent; also before the enqueue. */
  cancel(id: InspectionId): Promise<void>;
  /** Long poll: resolves as soon as something of these kinds is there, at the latest after `waitMs` with null. */
  lease(nodeId: string, request: InspectionLeaseRequest): Promise<LeasedWork | null>;
  /** What is to be looked at, for the node that holds the lease; stale_lease for any other. */
  job(nodeId: string, id: InspectionId, fence: number): Promise<Result<InspectionJob>>;
  /** Where the portrait or poster may be stored; stale_lease unless this node holds the lease, conflict if none is wanted. */
  pictureKey(nodeId: string, id: InspectionId, fence: number): Promise<Result<{ objectKey: string }>>;
  /**
   * Hands the report to the Enrolment or Upload object through the outbox, a face sealed. Idempotent for the winning fence; stale_lease
   * for any other. Refuses with output_invalid (not a report of this kind, or the picture does not lie where it should) and
   * checksum_mismatch.
   */
  complete(
    nodeId: string,
    id: InspectionId,
    fence: number,
    report: EnrolmentReport | MediaReport,
  ): Promise<Result<void>>;
  fail(nodeId: string, id: InspectionId, failure: InspectionFailure): Promise<Result<void>>;
}
