/** Schema of the Enrolment object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const enrolmentMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'enrolment',
    sql: `
      CREATE TABLE enrolment (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        opening TEXT NOT NULL,
        state TEXT NOT NULL
      );`,
  },
];
