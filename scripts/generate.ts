/** `npm run generate`: the Workers' types from their configurations. `--check` fails when a file is stale instead of writing it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const wrangler = join(root, 'node_modules/.bin/wrangler');
const environment = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' };

interface TypeFile {
  readonly path: string;
  readonly arguments: readonly string[];
}

const typeFiles: readonly TypeFile[] = [
  {
    path: 'worker-configuration.d.ts',
    arguments: ['-c', 'wrangler.toml', '-c', 'workers/provenance/wrangler.toml'],
  },
  {
    path: 'workers/provenance/worker-configuration.d.ts',
    arguments: ['-c', 'workers/provenance/wrangler.toml', '--env-interface', 'ProvenanceEnv'],
  },
];

for (const { path, arguments: options } of typeFiles) {
  const check = process.argv.includes('--check') ? ['--check'] : [];
  execFileSync(
    wrangler,
    ['types', path, '--include-runtime=false', '--strict-vars=false', ...options, ...check],
    {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
