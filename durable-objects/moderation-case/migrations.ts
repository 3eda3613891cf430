/** Schema of the ModerationCase object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const caseMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'case',
    sql: `
      CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        event TEXT NOT NULL
      );
      CREATE TABLE taken (
        dedupe_key TEXT PRIMARY KEY
      ) WITHOUT ROWID;
      CREATE TABLE answers (
        idempotency_key TEXT PRIMARY KEY,
        request TEXT NOT NULL,
        answer TEXT NOT NULL,
        at INTEGER NOT NULL
      ) WITHOUT ROWID;`,
  },
];
