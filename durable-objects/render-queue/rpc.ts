/** RPC surface of the RenderQueue object (one per pool; `main` for now): jobs waiting and leased, nodes, fencing. */
import type { RecognisedFace } from '#durable-objects/face-index/rpc.ts';
import type { EngineCapability, RenderSpec } from '#schemas/engine.ts';
import type { Tier } from '#schemas/http/accounts.ts';
import type { RenderStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type {
  Failure,
  Heartbeat,
  HeartbeatReply,
  LeasedJob,
  LeaseRequest,
  OutputFile,
  RenderOutput,
  SeenFace,
} from '#schemas/render.ts';
import type { Result } from '#schemas/result.ts';

export interface EnqueueRequest {
  readonly jobId: Id<'gen'>;
  readonly accountId: Id<'acc'>;
  readonly tier: Tier;
  readonly spec: RenderSpec;
}

/** What a node gets, less the mark it is to weave in: the edge adds that to the answer, so that its key is stored nowhere. */
export type LeasedWork = Omit<LeasedJob, 'watermark'>;

/** What the queue saw for itself when a job was completed: it holds when the node has long gone. */
export interface SeenAtCompletion {
  /** Of the engine as the node offered it. */
  readonly engine: Pick<EngineCapability, 'description' | 'digitalSourceType'>;
  /** Enrolled people whose face is in it, cast or not. */
  readonly recognised: readonly (Pick<RecognisedFace, 'accountId' | 'similarity'> & {
    readonly at: number;
  })[];
}

/** How a job ended; the workflow reads it after the `render-settled` event, which is only a nudge. */
export type JobOutcome =
  | { readonly status: 'pending' }
  | {
      readonly status: 'completed';
      readonly fence: number;
      readonly nodeId: string;
      readonly output: RenderOutput;
      readonly seen: SeenAtCompletion;
    }
  | {
      readonly status: 'dead';
      readonly code: Failure['code'] | 'lease_lost';
      readonly message: string;
      readonly attempts: number;
    }
  | { readonly status: 'cancelled' };

/** How far one node is with erasing one job. Times are ISO 8601. */
export interface NodeErasure {
  readonly jobId: Id<'gen'>;
  readonly nodeId: string;
  readonly confirmedAt: string | null;
  /** Null for a node that was not seen for a month. */
  readonly lastSeenAt: string | null;
}

export interface RenderQueueRpc {
  /** Idempotent by job id. Refuses with backlog_full (details.retryAfterSeconds) above the cap of the tier. */
  enqueue(request: EnqueueRequest): Promise<Result<void>>;
  /** Whether a new job of this tier would be taken, and the engines that nodes seen lately offer. For admission. */
  admission(
    tier: Tier,
  ): Promise<{ backlogFull: boolean; retryAfterSeconds: number; engines: EngineCapability[] }>;
  cancel(jobId: Id<'gen'>): Promise<void>;
  outcome(jobId: Id<'gen'>): Promise<JobOutcome>;
  /** Jobs ahead in fair order and an estimate in seconds; null when the job is not waiting. */
  position(jobId: Id<'gen'>): Promise<{ ahead: number; estimateSeconds: number | null } | null>;

  /** Long poll: resolves as soon as a fitting job is there, at the latest after `waitMs` with null. */
  lease(nodeId: string, request: LeaseRequest): Promise<LeasedWork | null>;
  /** Extends the lease. `cancel` when the job was cancelled; stale_lease when the fence is not current. */
  heartbeat(nodeId: string, jobId: Id<'gen'>, beat: Heartbeat): Promise<Result<HeartbeatReply>>;
  /** May this node store this file now? Answers the R2 key in quarantine: `quarantine/<jobId>/<fence>/<file>`. */
  authorizeUpload(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    file: OutputFile,
  ): Promise<Result<{ objectKey: string }>>;
  /** May this node see the photograph of this likeness now? Answers its R2 key. Refuses with stale_lease and not_found. */
  authorizePortrait(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    cameoId: Id<'cam'>,
  ): Promise<Result<{ objectKey: string }>>;
  /**
   * Idempotent for the winning fence; stale_lease for any other. Refuses with output_invalid and checksum_mismatch what does not lie in
   * R2 as named or was not made by the engine that was asked for. Faces are compared with those who are enrolled and then gone.
   */
  complete(
    nodeId: string,
    jobId: Id<'gen'>,
    fence: number,
    output: RenderOutput,
    faces?: readonly SeenFace[],
  ): Promise<Result<void>>;
  fail(nodeId: string, jobId: Id<'gen'>, failure: Failure): Promise<Result<void>>;

  /**
   * Asks every node that had one of these jobs to erase what it has of them, and blanks what the queue itself keeps of those that have
   * ended. Idempotent. Answers as `erasuresOf` does.
   */
  orderErasure(jobIds: readonly Id<'gen'>[]): Promise<NodeErasure[]>;
  /** One row per job and node that was asked; none if no node ever had the job. */
  erasuresOf(jobIds: readonly Id<'gen'>[]): Promise<NodeErasure[]>;
  /** From a node: what it has erased; answers what it has yet to erase. Idempotent. */
  confirmErasures(nodeId: string, erased: readonly Id<'gen'>[]): Promise<Id<'gen'>[]>;

  status(): Promise<RenderStatus>;
  engines(): Promise<EngineCapability[]>;
}

/** Workflow event type sent when a job completed, died or was cancelled. */
export const renderSettledEvent = 'render-settled';
