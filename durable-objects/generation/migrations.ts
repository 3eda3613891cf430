/** Schema of the Generation object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const generationMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'generation',
    sql: `
      CREATE TABLE generation (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        admitted TEXT NOT NULL,
        status TEXT NOT NULL,
        stage TEXT NOT NULL,
        progress REAL NOT NULL,
        attempt INTEGER NOT NULL,
        attempt_at INTEGER,
        committed INTEGER NOT NULL,
        clip_id TEXT,
        error_code TEXT,
        error_message TEXT,
        deadline_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      );`,
  },
];
