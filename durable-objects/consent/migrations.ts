/** The consent log's schema. Append-only steps; called by consent-log-object.ts. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const migrations: readonly Migration[] = [
  {
    // The triggers make the database itself refuse what the log promises never to do.
    name: 'entries',
    sql: `
      CREATE TABLE entries (
        position INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        key TEXT NOT NULL,
        denies TEXT NOT NULL,
        lifts TEXT UNIQUE,
        at TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      );
      CREATE INDEX entries_key ON entries (key, position);
      CREATE TABLE requests (
        idempotency_key TEXT PRIMARY KEY,
        position INTEGER NOT NULL REFERENCES entries (position)
      ) WITHOUT ROWID;
      CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the consent log is append-only'); END;
      CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the consent log is append-only'); END;`,
  },
  {
    // Entries written before this step have no salt and are hashed as they were then (core/log-entry.ts).
    name: 'transparency',
    sql: `
      ALTER TABLE entries ADD COLUMN salt TEXT NOT NULL DEFAULT '';
      CREATE TABLE tree_nodes (
        level INTEGER NOT NULL,
        position INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (level, position)
      ) WITHOUT ROWID;`,
  },
  wakesMigration,
  {
    // Leases of gates by incarnation, entries that still wait for them, and what the waits came to.
    name: 'leases',
    sql: `
      CREATE TABLE leases (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        incarnation TEXT NOT NULL UNIQUE,
        gate TEXT NOT NULL,
        region TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        lease_ms INTEGER NOT NULL,
        position INTEGER NOT NULL
      );
      CREATE TABLE waits (
        position INTEGER PRIMARY KEY REFERENCES entries (position),
        started_at INTEGER NOT NULL,
        holders TEXT NOT NULL
      );
      CREATE TABLE settlements (
        position INTEGER PRIMARY KEY REFERENCES entries (position),
        regions TEXT NOT NULL,
        waited_ms INTEGER NOT NULL
      );`,
  },
];
