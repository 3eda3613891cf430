/** The Cameo object's schema. Append-only steps; called by cameo-object.ts. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const cameoMigrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  {
    name: 'cameo',
    sql: `
      CREATE TABLE cameo (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), state TEXT NOT NULL);
      CREATE TABLE grants (
        id TEXT PRIMARY KEY,
        grantee_id TEXT NOT NULL,
        purpose TEXT NOT NULL,
        implicit INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        uses INTEGER,
        until TEXT,
        review_generation INTEGER NOT NULL,
        review_publication INTEGER NOT NULL,
        allow TEXT NOT NULL,
        revoked_at TEXT,
        created_at TEXT NOT NULL,
        version INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX grants_grantee ON grants (grantee_id, implicit, id);
      CREATE INDEX grants_contracts ON grants (id) WHERE implicit = 0;
      CREATE TABLE revoked_people (account_id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE appearances (
        generation_id TEXT PRIMARY KEY,
        clip_id TEXT NOT NULL,
        maker_id TEXT NOT NULL,
        maker_handle TEXT NOT NULL,
        grant_id TEXT,
        epoch INTEGER NOT NULL,
        status TEXT NOT NULL,
        withdrawn INTEGER NOT NULL DEFAULT 0,
        recast_requested INTEGER NOT NULL DEFAULT 0,
        permit TEXT NOT NULL,
        created_at TEXT NOT NULL,
        reserved_until INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX appearances_use ON appearances (grant_id) WHERE status IN ('reserved', 'queued', 'running', 'finishing', 'ready');
      CREATE INDEX appearances_unfinished ON appearances (maker_id) WHERE status IN ('reserved', 'queued', 'running', 'finishing');
      CREATE INDEX appearances_reserved ON appearances (reserved_until) WHERE status = 'reserved';
      CREATE INDEX appearances_clip ON appearances (clip_id);
      CREATE INDEX appearances_maker ON appearances (maker_id);
      CREATE TABLE reviews (
        id TEXT PRIMARY KEY,
        generation_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        decision TEXT NOT NULL,
        texts_hash TEXT NOT NULL,
        created_at TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX reviews_generation ON reviews (generation_id, id);
      CREATE TABLE denials (
        key TEXT NOT NULL,
        existing TEXT NOT NULL,
        receipt TEXT,
        PRIMARY KEY (key, existing)
      ) WITHOUT ROWID;
      CREATE INDEX denials_owed ON denials (key) WHERE receipt IS NULL;
      CREATE TABLE revocations (
        request_id TEXT PRIMARY KEY,
        request TEXT NOT NULL,
        outcome TEXT NOT NULL,
        at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX revocations_at ON revocations (at);`,
  },
];
