/** Builds the app into web/dist for the edge worker's assets binding: hashed files under /assets, everything else as it is. */
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  publicDir: here('./public'),
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false, reactAliasesEnabled: false })],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Data URIs for scripts or styles would break the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        // The feed needs all of these at once; without the group each shared module becomes a request of its own.
        codeSplitting: {
          groups: [
            {
              name: 'core',
              test: /node_modules\/(preact|preact-iso|@preact)\/|web\/src\/(state|player|feed\/(actions|feed-store)|auth\/ask|api\/(client|clips|accounts)|ui\/(?!not-found))|vite\/preload-helper/,
            },
          ],
        },
      },
    },
  },
  // A module, named for public/_headers: its answer carries a policy of its own.
  worker: {
    format: 'es',
    rolldownOptions: { output: { entryFileNames: 'assets/check-worker-[hash].js' } },
  },
  server: {
    proxy: {
      '/api': 'http://localhost:8787',
      '/media': 'http://localhost:8787',
      '/revocations': 'http://localhost:8787',
    },
  },
});
