/** Schema of the ModerationQueue object; append-only. */
import type { Migration } from '#durable-objects/shared/migrations.ts';

export const queueMigrations: readonly Migration[] = [
  {
    name: 'queue',
    sql: `
      CREATE TABLE cases (
        case_id TEXT PRIMARY KEY,
        subject_kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        status TEXT NOT NULL,
        seq INTEGER NOT NULL,
        entry TEXT
      ) WITHOUT ROWID;
      CREATE INDEX cases_subject ON cases (subject_kind, subject_id);
      CREATE INDEX cases_waiting ON cases (status) WHERE status IN ('open', 'appealed');
      CREATE TABLE judgements (
        case_id TEXT NOT NULL,
        reporter_id TEXT NOT NULL,
        was_right INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (reporter_id, case_id)
      ) WITHOUT ROWID;
      CREATE TABLE skips (
        moderator_id TEXT NOT NULL,
        case_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (moderator_id, case_id)
      ) WITHOUT ROWID;
      CREATE INDEX skips_case ON skips (case_id);
      CREATE TABLE exposure (
        moderator_id TEXT NOT NULL,
        day TEXT NOT NULL,
        harm_class TEXT NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (moderator_id, day, harm_class)
      ) WITHOUT ROWID;`,
  },
];
