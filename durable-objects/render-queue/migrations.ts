/** Schema of the RenderQueue object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const renderQueueMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'jobs',
    sql: `
      CREATE TABLE jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        account_id TEXT NOT NULL,
        tier TEXT NOT NULL,
        kind TEXT NOT NULL,
        cost REAL NOT NULL,
        spec TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'completed', 'dead', 'cancelled')),
        fence INTEGER NOT NULL,
        node_id TEXT,
        leased_at INTEGER,
        lease_expires_at INTEGER,
        not_before INTEGER NOT NULL,
        code TEXT,
        message TEXT,
        settled_at INTEGER,
        output TEXT
      );
      CREATE INDEX jobs_waiting ON jobs (not_before) WHERE status = 'waiting';
      CREATE INDEX jobs_leased ON jobs (lease_expires_at) WHERE status = 'leased';
      CREATE INDEX jobs_settled ON jobs (status, settled_at) WHERE settled_at IS NOT NULL;
      CREATE INDEX jobs_age ON jobs (settled_at) WHERE settled_at IS NOT NULL;
      CREATE TABLE uploads (
        job_id TEXT NOT NULL,
        fence INTEGER NOT NULL,
        file TEXT NOT NULL,
        PRIMARY KEY (job_id, fence, file)
      ) WITHOUT ROWID;
      CREATE TABLE nodes (
        id TEXT PRIMARY KEY,
        software TEXT NOT NULL,
        engines TEXT NOT NULL,
        last_seen_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE passes (
        tier TEXT NOT NULL,
        account_id TEXT NOT NULL,
        pass REAL NOT NULL,
        PRIMARY KEY (tier, account_id)
      ) WITHOUT ROWID;
      CREATE TABLE tier_passes (
        tier TEXT PRIMARY KEY,
        virtual REAL NOT NULL,
        pass REAL NOT NULL,
        tier_virtual REAL NOT NULL
      ) WITHOUT ROWID;`,
  },
  {
    name: 'erasure ledger',
    sql: `
      CREATE TABLE job_nodes (
        job_id TEXT NOT NULL,
        node_id TEXT NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (job_id, node_id)
      ) WITHOUT ROWID;
      CREATE INDEX job_nodes_age ON job_nodes (last_at);
      INSERT INTO job_nodes (job_id, node_id, last_at)
        SELECT id, node_id, leased_at FROM jobs WHERE node_id IS NOT NULL AND leased_at IS NOT NULL;
      CREATE TABLE erasures (
        job_id TEXT NOT NULL,
        node_id TEXT NOT NULL,
        ordered_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        PRIMARY KEY (job_id, node_id)
      ) WITHOUT ROWID;
      CREATE INDEX erasures_open ON erasures (node_id, ordered_at) WHERE confirmed_at IS NULL;
      CREATE INDEX erasures_age ON erasures (ordered_at);`,
  },
  { name: 'seen at completion', sql: 'ALTER TABLE jobs ADD COLUMN seen TEXT;' },
];
