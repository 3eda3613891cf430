/** SQL of the Generation object: one row, the admission as it came and the machine's state as columns. */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import type { Generation, GenerationStatus } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import type { RenderStage } from '#schemas/render.ts';
import type { GenerationState } from './core/generation-machine.ts';

interface Row extends Record<string, SqlStorageValue> {
  admitted: string;
  status: string;
  stage: string;
  progress: number;
  attempt: number;
  attempt_at: number | null;
  committed: number;
  clip_id: string | null;
  error_code: string | null;
  error_message: string | null;
  error_details: string | null;
  policy: string | null;
  deadline_at: number;
  awaiting: string;
  version: number;
  updated_at: number;
}

export interface StoredGeneration {
  readonly admitted: AdmittedGeneration;
  readonly state: GenerationState;
  /** Why the output policy asked for a person to look at it; null: it did not. */
  readonly policy: NonNullable<Generation['policy']> | null;
}

export class GenerationStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Null before `insert`. */
  load(): StoredGeneration | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM generation').toArray();
    if (row === undefined) return null;
    return {
      admitted: JSON.parse(row.admitted) as AdmittedGeneration,
      state: {
        status: row.status as GenerationStatus,
        stage: row.stage as RenderStage,
        progress: row.progress,
        attempt: row.attempt,
        attemptAt: row.attempt_at,
        committed: row.committed === 1,
        clipId: row.clip_id as Id<'clip'> | null,
        error:
          row.error_code === null
            ? null
            : {
                code: row.error_code as ErrorCode,
                message: row.error_message ?? '',
                ...(row.error_details === null
                  ? {}
                  : { details: JSON.parse(row.error_details) as Record<string, string | number> }),
              },
        deadlineAt: row.deadline_at,
        awaiting: JSON.parse(row.awaiting) as Id<'acc'>[],
        version: row.version,
        updatedAt: row.updated_at,
      },
      policy: row.policy === null ? null : (JSON.parse(row.policy) as NonNullable<Generation['policy']>),
    };
  }

  insert(admitted: AdmittedGeneration, state: GenerationState): void {
    this.#sql.exec(
      `INSERT INTO generation (only_row, admitted, status, stage, progress, attempt, committed, deadline_at, awaiting, version, updated_at)
       VALUES (1, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`,
      JSON.stringify(admitted),
      state.status,
      state.stage,
      state.progress,
      state.attempt,
      state.deadlineAt,
      JSON.stringify(state.awaiting),
      state.version,
      state.updatedAt,
    );
  }

  saveAdmission(admitted: AdmittedGeneration): void {
    this.#sql.exec('UPDATE generation SET admitted = ?', JSON.stringify(admitted));
  }

  savePolicy(policy: NonNullable<Generation['policy']>): void {
    this.#sql.exec('UPDATE generation SET policy = ?', JSON.stringify(policy));
  }

  save(state: GenerationState): void {
    this.#sql.exec(
      `UPDATE generation SET status = ?, stage = ?, progress = ?, attempt = ?, attempt_at = ?, committed = ?, clip_id = ?,
         error_code = ?, error_message = ?, error_details = ?, deadline_at = ?, awaiting = ?, version = ?, updated_at = ?`,
      state.status,
      state.stage,
      state.progress,
      state.attempt,
      state.attemptAt,
      state.committed ? 1 : 0,
      state.clipId,
      state.error?.code ?? null,
      state.error?.message ?? null,
      state.error?.details === undefined ? null : JSON.stringify(state.error.details),
      state.deadlineAt,
      JSON.stringify(state.awaiting),
      state.version,
      state.updatedAt,
    );
  }
}
