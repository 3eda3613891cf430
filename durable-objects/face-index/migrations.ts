/** Schema of the FaceIndex object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const faceIndexMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'templates',
    sql: `
      CREATE TABLE templates (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id TEXT NOT NULL UNIQUE,
        enrolment_id TEXT NOT NULL,
        wrapped_key TEXT NOT NULL,
        iv TEXT NOT NULL,
        ciphertext TEXT NOT NULL
      );`,
  },
  {
    name: 'ledger',
    sql: `
      CREATE TABLE challenges (
        enrolment_id TEXT PRIMARY KEY,
        account_id TEXT NOT NULL,
        opened_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX challenges_account ON challenges (account_id, opened_at);
      CREATE INDEX challenges_age ON challenges (opened_at);
      CREATE TABLE recordings (
        sha256 TEXT PRIMARY KEY,
        enrolment_id TEXT NOT NULL,
        used_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX recordings_age ON recordings (used_at);`,
  },
];
