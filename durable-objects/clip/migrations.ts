/** The clip object's schema. Append-only steps; called by clip-object.ts. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const migrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  { name: 'clip', sql: 'CREATE TABLE clip (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL)' },
];
