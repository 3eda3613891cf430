/** Schema of the Upload object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const uploadMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'upload',
    sql: `
      CREATE TABLE upload (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        opening TEXT NOT NULL,
        state TEXT NOT NULL
      );
      CREATE TABLE parts (
        n INTEGER PRIMARY KEY,
        attempts INTEGER NOT NULL,
        r2_number INTEGER,
        etag TEXT,
        size INTEGER,
        sha256 TEXT
      );`,
  },
];
