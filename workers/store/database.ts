/** D1 through drizzle. The casing agrees with drizzle.config.ts: camelCase in code, snake_case in SQL. Called by everything that reads or writes D1. */
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import * as tables from '#schemas/tables.ts';

export type Database = DrizzleD1Database<typeof tables>;

export function database(env: Pick<Env, 'DB'>): Database {
  return drizzle(env.DB, { schema: tables, casing: 'snake_case' });
}
