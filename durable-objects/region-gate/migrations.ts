/** The region gate's schema. Append-only steps; called by region-gate-object.ts. */
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const migrations: readonly Migration[] = [
  {
    // No table of leases: a lease is never restored.
    name: 'entries',
    sql: `
      CREATE TABLE entries (
        shard TEXT NOT NULL,
        position INTEGER NOT NULL,
        key TEXT NOT NULL,
        denies TEXT NOT NULL,
        lifts TEXT,
        PRIMARY KEY (shard, position)
      ) WITHOUT ROWID;
      CREATE TABLE positions (
        shard TEXT PRIMARY KEY,
        position INTEGER NOT NULL
      ) WITHOUT ROWID;`,
  },
];
