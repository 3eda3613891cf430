/**
 * One project per runtime, visible in the path: `node` and `property` run in plain Node, `workerd` inside the Workers runtime, `fault`
 * drives whole Workers from Node, `e2e` drives a browser. `npm test` runs all but e2e and bench by themselves.
 */
import { fileURLToPath } from 'node:url';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { testSecrets } from './test/support/secrets.ts';

/**
 * Vite reads mediabunny's `"browser": false` entries as imports of nothing, which workerd cannot load; its bundle has none. The bundle of
 * `wrangler` is not affected.
 */
const mediabunny = fileURLToPath(
  new URL('node_modules/mediabunny/dist/bundles/mediabunny.mjs', import.meta.url),
);

const seed = ['test/support/fixed-seed.ts'];

const migrations = await readD1Migrations('workers/migrations');

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/node/**/*.test.ts'],
          setupFiles: seed,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          setupFiles: seed,
          testTimeout: 120_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ENVIRONMENT: 'local',
                ...testSecrets,
                RENDER_NODES: '{}',
                TEST_MIGRATIONS: migrations,
              },
              serviceBindings: {
                // These tests stop where the provenance worker begins; test/fault runs both.
                PROVENANCE: () =>
                  new Response('the provenance worker is not part of this test', { status: 501 }),
              },
            },
          }),
        ],
        resolve: { alias: { mediabunny } },
        test: {
          name: 'workerd',
          include: ['test/workerd/**/*.test.ts'],
          exclude: ['test/workerd/provenance*.test.ts'],
          setupFiles: [...seed, 'test/support/workerd-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      'workers/provenance/vitest.config.ts',
      {
        test: {
          name: 'fault',
          include: ['test/fault/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/e2e-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
