/**
 * SQL of the render jobs and their passes. Every method is one synchronous statement or two; the object groups them in transactions.
 * No query looks at more than the rows it answers with: all of them go by an index.
 */

import type { RenderSpec } from '#schemas/engine.ts';
import { type Tier, tiers } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { OutputFile, RenderOutput } from '#schemas/render.ts';
import type { FairEntry, Passes } from './core/fair-queue.ts';
import type { DeathCode, JobState, JobStatus } from './core/job-machine.ts';
import { quarantineKey } from './core/quarantine-key.ts';
import type { SeenAtCompletion } from './rpc.ts';

interface JobRow extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  account_id: string;
  tier: string;
  kind: string;
  cost: number;
  spec: string;
  status: string;
  fence: number;
  node_id: string | null;
  leased_at: number | null;
  lease_expires_at: number | null;
  not_before: number;
  code: string | null;
  message: string | null;
  settled_at: number | null;
  output: string | null;
}

export interface StoredJob {
  readonly entry: FairEntry;
  readonly jobId: Id<'gen'>;
  readonly state: JobState;
}

export interface NewJob extends Omit<FairEntry, 'seq'> {
  readonly spec: string;
}

export class JobsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(jobId: string): StoredJob | null {
    const [row] = this.#sql.exec<JobRow>('SELECT * FROM jobs WHERE id = ?', jobId).toArray();
    return row === undefined ? null : toJob(row);
  }

  /** @throws for a tombstone, which has none */
  spec(jobId: string): RenderSpec {
    const { spec } = this.#sql.exec<{ spec: string }>('SELECT spec FROM jobs WHERE id = ?', jobId).one();
    // Jobs queued before there were likenesses say nothing of a cast.
    return { cast: [], ...(JSON.parse(spec) as Omit<RenderSpec, 'cast'> & Partial<RenderSpec>) };
  }

  finished(jobId: string): { output: RenderOutput; seen: SeenAtCompletion } {
    const { output, seen } = this.#sql
      .exec<{ output: string | null; seen: string | null }>(
        'SELECT output, seen FROM jobs WHERE id = ?',
        jobId,
      )
      .one();
    if (output === null || seen === null) throw new Error(`job ${jobId} is completed and has no output`);
    return { output: JSON.parse(output) as RenderOutput, seen: JSON.parse(seen) as SeenAtCompletion };
  }

  /** @returns its place in the order of arrival */
  insert(job: NewJob, state: JobState): number {
    return this.#sql
      .exec<{ seq: number }>(
        `INSERT INTO jobs (id, account_id, tier, kind, cost, spec, status, fence, not_before, settled_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
        job.id,
        job.accountId,
        job.tier,
        job.kind,
        job.cost,
        job.spec,
        state.status,
        state.fence,
        state.notBefore,
        state.settledAt,
      )
      .one().seq;
  }

  save(jobId: string, state: JobState): void {
    this.#sql.exec(
      `UPDATE jobs SET status = ?, fence = ?, node_id = ?, leased_at = ?, lease_expires_at = ?, not_before = ?, code = ?, message = ?,
         settled_at = ? WHERE id = ?`,
      state.status,
      state.fence,
      state.nodeId,
      state.leasedAt,
      state.leaseExpiresAt,
      state.notBefore,
      state.code,
      state.message,
      state.settledAt,
      jobId,
    );
  }

  saveFinished(jobId: string, { output, seen }: { output: RenderOutput; seen: SeenAtCompletion }): void {
    const sql = 'UPDATE jobs SET output = ?, seen = ? WHERE id = ?';
    this.#sql.exec(sql, JSON.stringify(output), JSON.stringify(seen), jobId);
  }

  /** Everything that waits: read once, when the object starts. */
  waiting(): { entry: FairEntry; notBefore: number }[] {
    const rows = this.#sql.exec<JobRow>("SELECT * FROM jobs WHERE status = 'waiting'").toArray();
    return rows.map((row) => ({ entry: toJob(row).entry, notBefore: row.not_before }));
  }

  /** Jobs whose lease has run out, the longest ago first. */
  expired(now: number, limit: number): Id<'gen'>[] {
    return this.#sql
      .exec<{ id: string }>(
        "SELECT id FROM jobs WHERE status = 'leased' AND lease_expires_at <= ? ORDER BY lease_expires_at LIMIT ?",
        now,
        limit,
      )
      .toArray()
      .map((row) => row.id as Id<'gen'>);
  }

  nextExpiry(): number | null {
    return this.#sql
      .exec<{ at: number | null }>("SELECT MIN(lease_expires_at) AS at FROM jobs WHERE status = 'leased'")
      .one().at;
  }

  leasedCount(): number {
    return this.#sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM jobs WHERE status = 'leased'").one().n;
  }

  leasedByNode(): Map<string, number> {
    const rows = this.#sql.exec<{ node: string; n: number }>(
      "SELECT node_id AS node, COUNT(*) AS n FROM jobs WHERE status = 'leased' GROUP BY node_id",
    );
    return new Map(rows.toArray().map((row) => [row.node, row.n]));
  }

  settledSince(status: JobStatus, since: number): number {
    return this.#sql
      .exec<{ n: number }>(
        'SELECT COUNT(*) AS n FROM jobs WHERE status = ? AND settled_at > ?',
        status,
        since,
      )
      .one().n;
  }

  /** Seconds from lease to completion of the jobs completed last. */
  renderSeconds(limit: number): number[] {
    return this.#sql
      .exec<{ ms: number }>(
        "SELECT settled_at - leased_at AS ms FROM jobs WHERE status = 'completed' AND settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT ?",
        limit,
      )
      .toArray()
      .map((row) => row.ms / 1000);
  }

  /** Removes jobs settled before `before`, at most `limit`; answers when the oldest of those left was settled. */
  prune(before: number, limit: number): number | null {
    const gone = this.#sql
      .exec<{ id: string }>(
        `DELETE FROM jobs WHERE seq IN (SELECT seq FROM jobs WHERE settled_at IS NOT NULL AND settled_at <= ? ORDER BY settled_at LIMIT ?)
         RETURNING id`,
        before,
        limit,
      )
      .toArray();
    for (const { id } of gone) this.#sql.exec('DELETE FROM uploads WHERE job_id = ?', id);
    return this.#sql
      .exec<{ at: number | null }>('SELECT MIN(settled_at) AS at FROM jobs WHERE settled_at IS NOT NULL')
      .one().at;
  }

  authorize(jobId: string, fence: number, file: OutputFile): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO uploads (job_id, fence, file) VALUES (?, ?, ?)',
      jobId,
      fence,
      file,
    );
  }

  isAuthorized(jobId: string, fence: number, file: OutputFile): boolean {
    const sql = 'SELECT COUNT(*) AS n FROM uploads WHERE job_id = ? AND fence = ? AND file = ?';
    return this.#sql.exec<{ n: number }>(sql, jobId, fence, file).one().n > 0;
  }

  /** R2 keys that were handed out for a job, under one token or under all but one. */
  uploadKeys(
    jobId: string,
    which: { readonly fence: number } | { readonly except: number | null },
  ): string[] {
    const [condition, fence] =
      'fence' in which ? ['fence = ?', which.fence] : ['fence IS NOT ?', which.except];
    return this.#sql
      .exec<{ fence: number; file: OutputFile }>(
        `SELECT fence, file FROM uploads WHERE job_id = ? AND ${condition}`,
        jobId,
        fence,
      )
      .toArray()
      .map((row) => quarantineKey(jobId, row.fence, row.file));
  }

  savePasses(passes: Passes): void {
    this.#sql.exec(
      `INSERT INTO tier_passes (tier, virtual, pass, tier_virtual) VALUES (?, ?, ?, ?) ON CONFLICT (tier)
       DO UPDATE SET virtual = excluded.virtual, pass = excluded.pass, tier_virtual = excluded.tier_virtual`,
      passes.tier,
      passes.virtual,
      passes.tierPass,
      passes.tierVirtual,
    );
    this.#sql.exec(
      'INSERT INTO passes (tier, account_id, pass) VALUES (?, ?, ?) ON CONFLICT (tier, account_id) DO UPDATE SET pass = excluded.pass',
      passes.tier,
      passes.accountId,
      passes.accountPass,
    );
  }

  passes(): Passes[] {
    return this.#sql
      .exec<{
        tier: Tier;
        accountId: string;
        virtual: number;
        tierPass: number;
        tierVirtual: number;
        accountPass: number;
      }>(
        `SELECT t.tier, COALESCE(p.account_id, '') AS accountId, t.virtual, t.pass AS tierPass, t.tier_virtual AS tierVirtual,
                COALESCE(p.pass, 0) AS accountPass
         FROM tier_passes t LEFT JOIN passes p ON p.tier = t.tier`,
      )
      .toArray();
  }

  /** Accounts at or behind the virtual time of their tier are treated as new ones anyway. */
  prunePasses(): void {
    for (const tier of tiers) {
      this.#sql.exec(
        'DELETE FROM passes WHERE tier = ? AND pass <= COALESCE((SELECT tier_virtual FROM tier_passes WHERE tier = ?), 0)',
        tier,
        tier,
      );
    }
  }
}

function toJob(row: JobRow): StoredJob {
  return {
    jobId: row.id as Id<'gen'>,
    entry: {
      id: row.id,
      tier: row.tier as Tier,
      accountId: row.account_id,
      kind: row.kind,
      seq: row.seq,
      cost: row.cost,
    },
    state: {
      status: row.status as JobStatus,
      fence: row.fence,
      nodeId: row.node_id,
      leasedAt: row.leased_at,
      leaseExpiresAt: row.lease_expires_at,
      notBefore: row.not_before,
      code: row.code as DeathCode | null,
      message: row.message,
      settledAt: row.settled_at,
    },
  };
}
