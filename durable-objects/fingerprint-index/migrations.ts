/** Schema of the FingerprintIndex object; append-only. */
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const fingerprintIndexMigrations: readonly Migration[] = [
  {
    name: 'renditions',
    sql: `
      CREATE TABLE renditions (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id TEXT NOT NULL UNIQUE,
        clip_id TEXT NOT NULL,
        at TEXT NOT NULL,
        views INTEGER NOT NULL,
        words BLOB NOT NULL,
        probes BLOB NOT NULL,
        audio TEXT
      );
      CREATE INDEX renditions_clip ON renditions (clip_id);
      CREATE TABLE forgotten (clip_id TEXT PRIMARY KEY) WITHOUT ROWID;`,
  },
];
