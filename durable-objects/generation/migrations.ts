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
  {
    // Generations admitted before there were likenesses have nobody in them.
    name: 'cast',
    sql: `
      ALTER TABLE generation ADD COLUMN awaiting TEXT NOT NULL DEFAULT '[]';
      UPDATE generation SET admitted = json_set(admitted, '$.cast', json('[]'), '$.inheritedCoOwnerIds', json('[]'), '$.recastOf', NULL);`,
  },
  {
    name: 'output policy',
    sql: `
      ALTER TABLE generation ADD COLUMN error_details TEXT;
      ALTER TABLE generation ADD COLUMN policy TEXT;`,
  },
];
