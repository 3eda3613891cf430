/** SQL of the inspections: one row each, the job as it came and the machine's state as columns. Used by the InspectionQueue object. */
import type { JobState, JobStatus } from '#durable-objects/render-queue/core/job-machine.ts';
import type { InspectionFailure, InspectionId, InspectionLeaseRequest } from '#schemas/inspection.ts';
import type { InspectionDeath, InspectionJob } from './rpc.ts';

export type InspectionState = JobState<InspectionFailure['code']>;

interface Row extends Record<string, SqlStorageValue> {
  job: string;
  status: string;
  fence: number;
  node_id: string | null;
  leased_at: number | null;
  lease_expires_at: number | null;
  not_before: number;
  code: string | null;
  message: string | null;
  settled_at: number | null;
}

export interface StoredInspection {
  /** Null for one that was cancelled before it was enqueued. */
  readonly job: InspectionJob | null;
  readonly state: InspectionState;
}

/** The id says what is inspected: no column has to. */
const prefixOf = { enrolment: 'enr_', media: 'upl_' } as const;

export class InspectionStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(id: string): StoredInspection | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM inspections WHERE id = ?', id).toArray();
    if (row === undefined) return null;
    return {
      job: JSON.parse(row.job) as InspectionJob | null,
      state: {
        status: row.status as JobStatus,
        fence: row.fence,
        nodeId: row.node_id,
        leasedAt: row.leased_at,
        leaseExpiresAt: row.lease_expires_at,
        notBefore: row.not_before,
        code: row.code as InspectionDeath | null,
        message: row.message,
        settledAt: row.settled_at,
      },
    };
  }

  insert(id: InspectionId, job: InspectionJob | null, state: InspectionState): void {
    this.#sql.exec(
      'INSERT INTO inspections (id, job, status, fence, not_before, settled_at) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      JSON.stringify(job),
      state.status,
      state.fence,
      state.notBefore,
      state.settledAt,
    );
  }

  save(id: InspectionId, state: InspectionState): void {
    this.#sql.exec(
      `UPDATE inspections SET status = ?, fence = ?, node_id = ?, leased_at = ?, lease_expires_at = ?, not_before = ?, code = ?,
         message = ?, settled_at = ? WHERE id = ?`,
      state.status,
      state.fence,
      state.nodeId,
      state.leasedAt,
      state.leaseExpiresAt,
      state.notBefore,
      state.code,
      state.message,
      state.settledAt,
      id,
    );
  }

  /** The oldest of these kinds that may be leased now. */
  next(now: number, kinds: InspectionLeaseRequest['kinds']): InspectionId | null {
    const [row] = this.#sql
      .exec<{ id: string }>(
        `SELECT id FROM inspections WHERE status = 'waiting' AND not_before <= ? AND substr(id, 1, 4) IN (${kinds.map(() => '?').join()})
         ORDER BY seq LIMIT 1`,
        now,
        ...kinds.map((kind) => prefixOf[kind]),
      )
      .toArray();
    return row === undefined ? null : (row.id as InspectionId);
  }

  /** When the next one that is held back may be leased. */
  nextReady(now: number): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT MIN(not_before) AS at FROM inspections WHERE status = 'waiting' AND not_before > ?",
        now,
      )
      .one().at;
  }

  expired(now: number, limit: number): InspectionId[] {
    return this.#sql
      .exec<{ id: string }>(
        "SELECT id FROM inspections WHERE status = 'leased' AND lease_expires_at <= ? ORDER BY lease_expires_at LIMIT ?",
        now,
        limit,
      )
      .toArray()
      .map((row) => row.id as InspectionId);
  }

  nextExpiry(): number | null {
    return this.#sql
      .exec<{ at: number | null }>(
        "SELECT MIN(lease_expires_at) AS at FROM inspections WHERE status = 'leased'",
      )
      .one().at;
  }

  /** Forgets what was settled before then. @returns when the oldest that is left was settled */
  prune(before: number): number | null {
    this.#sql.exec('DELETE FROM inspections WHERE settled_at <= ?', before);
    return this.#sql.exec<{ at: number | null }>('SELECT MIN(settled_at) AS at FROM inspections').one().at;
  }
}
