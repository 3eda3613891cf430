/** The clip object's schema. Append-only steps; called by clip-object.ts. */
import { wakesMigration } from '#durable-objects/shared/alarms.ts';
import type { Migration } from '#durable-objects/shared/migrations.ts';
import { outboxMigration } from '#durable-objects/shared/outbox.ts';

export const migrations: readonly Migration[] = [
  wakesMigration,
  outboxMigration,
  { name: 'clip', sql: 'CREATE TABLE clip (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL)' },
  {
    // Before there were likenesses a clip had no cast, and a lock was the only wish.
    name: 'cast',
    sql: `
      UPDATE clip SET state = json_set(state,
        '$.record.cast', json('[]'), '$.record.spoken', json('[]'), '$.record.hidden', json('false'),
        '$.record.pastGenerationIds', json('[]'),
        '$.record.ownKeys', json_array('clip:' || (state ->> '$.record.clipId'), 'account:' || (state ->> '$.record.ownerId')));
      UPDATE clip SET state = json_remove(json_set(state,
        '$.wishCount', state -> '$.lockCount',
        '$.wishes', json((SELECT json_group_array(json_set(value, '$.kind', 'lock', '$.phase', CASE value ->> '$.phase'
          WHEN 'locking' THEN 'denying' WHEN 'locked' THEN 'denied' ELSE 'lifting' END)) FROM json_each(state, '$.locks')))),
        '$.locks', '$.lockCount') WHERE json_type(state, '$.locks') = 'array';
      UPDATE clip SET state = json_set(state, '$.by', state ->> '$.record.ownerId') WHERE state ->> '$.kind' = 'withdrawing';
      UPDATE outbox SET message = json_set(message, '$.projection.clip.cast', json('[]'), '$.projection.clip.ownKeys',
        json_array('clip:' || (message ->> '$.projection.clip.id'), 'account:' || (message ->> '$.projection.clip.ownerId')))
        WHERE message ->> '$.projection.kind' = 'clip';
      UPDATE outbox SET message = json_object('kind', 'delete-objects', 'objectKeys', message -> '$.projection.objectKeys')
        WHERE message ->> '$.projection.kind' = 'erase';`,
  },
];
