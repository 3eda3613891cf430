/** The feed shard's schema. Append-only steps; called by feed-shard-object.ts. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const migrations: readonly Migration[] = [
  wakesMigration,
  {
    name: 'candidates',
    sql: `
      CREATE TABLE candidates (clip_id TEXT PRIMARY KEY, candidate TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE removals (clip_id TEXT PRIMARY KEY, version INTEGER NOT NULL, removed_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX removals_age ON removals (removed_at);`,
  },
  {
    name: 'sessions',
    sql: `
      CREATE TABLE sessions (id TEXT PRIMARY KEY, mode TEXT NOT NULL, seen TEXT NOT NULL, used_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX sessions_age ON sessions (used_at);
      CREATE TABLE pages (session TEXT NOT NULL, seq INTEGER NOT NULL, page TEXT NOT NULL, PRIMARY KEY (session, seq)) WITHOUT ROWID;`,
  },
];
