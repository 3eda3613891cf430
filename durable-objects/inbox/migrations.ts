/** Schema of the Inbox object; append-only. */
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const inboxMigrations: readonly Migration[] = [
  {
    name: 'items',
    sql: `
      CREATE TABLE items (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        actor_id TEXT,
        clip_id TEXT,
        generation_id TEXT,
        grant_id TEXT,
        review_id TEXT,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        read_at INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX items_unread ON items (id) WHERE read_at IS NULL;
      CREATE INDEX items_read ON items (id) WHERE read_at IS NOT NULL;
      CREATE TABLE seen (
        dedupe_key TEXT PRIMARY KEY,
        at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX seen_at ON seen (at);`,
  },
  { name: 'decisions', sql: 'ALTER TABLE items ADD COLUMN decision_id TEXT' },
];
