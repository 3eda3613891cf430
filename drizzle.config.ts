/**
 * D1 migrations are generated from schemas/tables.ts into workers/migrations (`npx drizzle-kit generate --name …`) and applied with
 * `wrangler d1 migrations apply kinora`. The casing here and the one workers/store/database.ts gives drizzle at run time must
 * agree: a column in code is camelCase, in SQL snake_case.
 */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './schemas/tables.ts',
  out: './workers/migrations',
  casing: 'snake_case',
});
