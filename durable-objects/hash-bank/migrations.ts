/** Schema of the HashBank object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const hashBankMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'entries',
    sql: `
      CREATE TABLE entries (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        policy_id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        state TEXT NOT NULL,
        status TEXT NOT NULL,
        fingerprints TEXT,
        matches INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX entries_status ON entries (status);
      CREATE TABLE negatives (
        entry_id TEXT NOT NULL,
        digest TEXT NOT NULL,
        fingerprints TEXT NOT NULL,
        added_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (entry_id, digest)
      ) WITHOUT ROWID;
      CREATE TABLE hits (
        entry_id TEXT NOT NULL,
        hour INTEGER NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (entry_id, hour, digest)
      ) WITHOUT ROWID;
      CREATE INDEX hits_hour ON hits (hour);`,
  },
];
