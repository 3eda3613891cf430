/** Runs before every workerd test file: proves where it runs, forbids the outside world, brings D1 up to date. */
import { applyD1Migrations, type D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll } from 'vitest';

declare global {
  namespace Cloudflare {
    interface Env {
      TEST_MIGRATIONS: D1Migration[];
    }
  }
}

if (navigator.userAgent !== 'Cloudflare-Workers') throw new Error('workerd tests must run inside workerd');

globalThis.fetch = async (input) => {
  throw new Error(`no test may leave this machine: ${new Request(input).url}`);
};

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});
