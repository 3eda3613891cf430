/** The clip's one row: its state as JSON, at most 64 keys and a prompt long. Called by clip-object.ts. */
import { absent, type ClipState } from './core/clip-state.ts';

export function readClip(sql: SqlStorage): ClipState {
  const [row] = sql.exec<{ state: string }>('SELECT state FROM clip').toArray();
  return row === undefined ? absent : (JSON.parse(row.state) as ClipState);
}

/** Call inside the transaction that also writes what follows from the change. */
export function writeClip(sql: SqlStorage, state: ClipState): void {
  sql.exec(
    'INSERT INTO clip (only, state) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET state = excluded.state',
    JSON.stringify(state),
  );
}
