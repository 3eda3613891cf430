/**
 * The erasure ledger: which render nodes ever had a job, and which of them have confirmed that nothing of it is left in their scratch
 * (K-20). Invariants: a node confirms only what it was asked, so no confirmation can come before the deletion; a job whose leases are
 * not known any more is asked of every node that is. Used by the RenderQueue object.
 */
import type { Id } from '#schemas/ids.ts';
import type { NodeErasure } from './rpc.ts';

/** Orders handed to a node in one answer. */
const batch = 100;

export class ErasuresStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A node got the job; call it in the transaction that leases it. */
  leased(jobId: string, nodeId: string, now: number): void {
    this.#sql.exec(
      `INSERT INTO job_nodes (job_id, node_id, last_at) VALUES (?, ?, ?)
       ON CONFLICT (job_id, node_id) DO UPDATE SET last_at = excluded.last_at`,
      jobId,
      nodeId,
      now,
    );
  }

  /** Asks every node that had one of these jobs to erase it. A job that is here and was never leased asks nobody. */
  order(jobIds: readonly Id<'gen'>[], now: number): void {
    const ids = JSON.stringify(jobIds);
    this.#sql.exec(
      `INSERT OR IGNORE INTO erasures (job_id, node_id, ordered_at)
       SELECT job_id, node_id, ? FROM job_nodes WHERE job_id IN (SELECT value FROM json_each(?))`,
      now,
      ids,
    );
    this.#sql.exec(
      `INSERT OR IGNORE INTO erasures (job_id, node_id, ordered_at)
       SELECT job.value, nodes.id, ? FROM json_each(?) job CROSS JOIN nodes
       WHERE NOT EXISTS (SELECT 1 FROM job_nodes WHERE job_id = job.value)
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = job.value)`,
      now,
      ids,
    );
  }

  /** What was made from the prompt, and who was seen in it, leaves the rows of jobs that have ended; how they ended stays. */
  blankJobs(jobIds: readonly Id<'gen'>[]): void {
    this.#sql.exec(
      `UPDATE jobs SET spec = '{}', message = NULL, output = iif(output IS NULL, NULL, json_set(output, '$.summary', '')),
         seen = iif(seen IS NULL, NULL, json_set(seen, '$.recognised', json('[]')))
       WHERE settled_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(jobIds),
    );
  }

  /** What these nodes were asked, and when they said that it is done. */
  of(jobIds: readonly Id<'gen'>[]): NodeErasure[] {
    return this.#sql
      .exec<{ job_id: string; node_id: string; confirmed_at: number | null; seen_at: number | null }>(
        `SELECT job_id, node_id, confirmed_at, nodes.last_seen_at AS seen_at
         FROM erasures LEFT JOIN nodes ON nodes.id = erasures.node_id
         WHERE job_id IN (SELECT value FROM json_each(?)) ORDER BY node_id, job_id`,
        JSON.stringify(jobIds),
      )
      .toArray()
      .map((row) => ({
        jobId: row.job_id as Id<'gen'>,
        nodeId: row.node_id,
        confirmedAt: toIso(row.confirmed_at),
        lastSeenAt: toIso(row.seen_at),
      }));
  }

  /** The first confirmation counts; what the node was not asked is passed over. */
  confirm(nodeId: string, jobIds: readonly Id<'gen'>[], now: number): void {
    this.#sql.exec(
      `UPDATE erasures SET confirmed_at = ? WHERE node_id = ? AND confirmed_at IS NULL
       AND job_id IN (SELECT value FROM json_each(?))`,
      now,
      nodeId,
      JSON.stringify(jobIds),
    );
  }

  /** What this node has yet to confirm, the oldest orders first. */
  openFor(nodeId: string): Id<'gen'>[] {
    return this.#sql
      .exec<{ job_id: string }>(
        'SELECT job_id FROM erasures WHERE node_id = ? AND confirmed_at IS NULL ORDER BY ordered_at, job_id LIMIT ?',
        nodeId,
        batch,
      )
      .toArray()
      .map((row) => row.job_id as Id<'gen'>);
  }

  /** Forgets who had which job before `leasedBefore`, and what was ordered before `orderedBefore`: receipts have it by then. */
  prune(leasedBefore: number, orderedBefore: number): void {
    this.#sql.exec('DELETE FROM job_nodes WHERE last_at <= ?', leasedBefore);
    this.#sql.exec('DELETE FROM erasures WHERE ordered_at <= ?', orderedBefore);
  }
}

function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
