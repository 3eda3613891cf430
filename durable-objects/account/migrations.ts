/** Schema of the Account object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const accountMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'ledger',
    sql: `
      CREATE TABLE account (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        account_id TEXT NOT NULL,
        tier TEXT NOT NULL
      );
      CREATE TABLE holds (
        generation_id TEXT PRIMARY KEY,
        credits INTEGER NOT NULL CHECK (credits >= 0),
        day TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('held', 'captured', 'released')),
        created_at INTEGER NOT NULL,
        settled_at INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX holds_day ON holds (day, state, credits);
      CREATE INDEX holds_unfinished ON holds (created_at) WHERE state = 'held';
      CREATE TABLE idempotency (
        key TEXT PRIMARY KEY,
        request_hash TEXT NOT NULL,
        generation_id TEXT NOT NULL,
        at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX idempotency_at ON idempotency (at);`,
  },
  {
    // A start that was still owed when there were no likenesses yet has nobody in it.
    name: 'cast',
    sql: `
      UPDATE outbox SET message = json_set(message, '$.admitted.cast', json('[]'), '$.admitted.inheritedCoOwnerIds', json('[]'),
        '$.admitted.recastOf', NULL) WHERE message ->> '$.kind' = 'start';`,
  },
];
