/** `npm run generate`: the Workers' types from their configurations. `--check` fails when a file is stale instead of writing it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
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

const write = (path: string, options: readonly string[]) =>
  execFileSync(wrangler, ['types', path, '--include-runtime=false', '--strict-vars=false', ...options], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** All but the header, which names the file and hashes the configuration. wrangler's own --check looks at nothing else. */
const content = (path: string) => readFileSync(join(root, path), 'utf8').split('\n').slice(2).join('\n');

for (const { path, arguments: options } of typeFiles) {
  if (!process.argv.includes('--check')) {
    write(path, options);
    continue;
  }
  // Beside the real one, because what it imports is written relative to where it lies.
  const fresh = path.replace(/\.d\.ts$/, '.check.d.ts');
  try {
    write(fresh, options);
    if (content(fresh) !== content(path)) throw new Error(`${path} is stale: run npm run generate`);
  } finally {
    rmSync(join(root, fresh), { force: true });
  }
}
