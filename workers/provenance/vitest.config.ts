/**
 * Runs `test/workerd/provenance*.test.ts` inside the provenance worker itself. A project of its own because it has a different
 * configuration, secrets and bindings from `kinora`. Named in the root vitest.config.ts.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: join(here, '../..'),
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: join(here, 'wrangler.toml') },
      // Not the ones in .dev.vars: tests bring their own CA.
      miniflare: { bindings: inject('signingSecrets') },
    })),
  ],
  test: {
    name: 'provenance',
    include: ['test/workerd/provenance*.test.ts'],
    setupFiles: ['test/support/fixed-seed.ts'],
    globalSetup: ['test/support/provenance-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
