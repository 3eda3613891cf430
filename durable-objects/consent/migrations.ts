/** The consent log's schema. Append-only steps; called by consent-log-object.ts. */
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
];
