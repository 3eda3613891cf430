/**
 * Brings an object's SQLite schema up to date. Invariants: steps are append-only and named, each runs once and in its own
 * transaction, and a database written by newer code is refused instead of being misread. `PRAGMA user_version` is refused inside a
 * Durable Object, so the list lives in a table of ours. Called by every object's constructor.
 */

export interface Migration {
  /** Never renamed once released. */
  readonly name: string;
  /** One or more statements. */
  readonly sql: string;
}

/**
 * Applies the steps this database has not seen.
 * @throws when the database knows steps that this code does not (newer schema) or knows them in another order
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[]): void {
  const { sql } = storage;
  sql.exec(
    'CREATE TABLE IF NOT EXISTS schema_migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
  );
  const applied = sql
    .exec<{ name: string }>('SELECT name FROM schema_migrations ORDER BY position')
    .toArray()
    .map((row) => row.name);
  if (applied.length > migrations.length) {
    throw new Error(`schema is newer than this code: it has the step "${applied[migrations.length]}"`);
  }
  for (const [position, step] of migrations.entries()) {
    const known = applied[position];
    if (known === step.name) continue;
    if (known !== undefined) {
      throw new Error(
        `schema step ${position} is "${known}" in the database and "${step.name}" in this code`,
      );
    }
    storage.transactionSync(() => {
      sql.exec(step.sql);
      sql.exec('INSERT INTO schema_migrations (position, name) VALUES (?, ?)', position, step.name);
    });
  }
}
