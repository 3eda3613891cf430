/** Schema of the InspectionQueue object; append-only. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const inspectionQueueMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'inspections',
    sql: `
      CREATE TABLE inspections (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        job TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'completed', 'dead', 'cancelled')),
        fence INTEGER NOT NULL,
        node_id TEXT,
        leased_at INTEGER,
        lease_expires_at INTEGER,
        not_before INTEGER NOT NULL,
        code TEXT,
        message TEXT,
        settled_at INTEGER
      );
      CREATE INDEX inspections_waiting ON inspections (seq) WHERE status = 'waiting';
      CREATE INDEX inspections_leased ON inspections (lease_expires_at) WHERE status = 'leased';
      CREATE INDEX inspections_settled ON inspections (settled_at) WHERE settled_at IS NOT NULL;`,
  },
];
