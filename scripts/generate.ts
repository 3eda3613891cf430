/**
 * Everything that is generated and committed: Worker types and the D1 migrations' snapshot. `--check` fails when one of them is stale
 * instead of writing it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

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

function generateTypes(file: TypeFile, target: string): void {
  execFileSync(
    wrangler,
    ['types', relative(root, target), '--include-runtime=false', '--strict-vars=false', ...file.arguments],
    {
      cwd: root,
      env: environment,
      stdio: 'pipe',
    },
  );
}

/** The header carries a hash and the command line, which differ by target path; what follows is what counts. */
const content = (path: string) => readFileSync(path, 'utf8').split('\n').slice(2).join('\n');

if (process.argv.includes('--check')) {
  const scratch = mkdtempSync(join(tmpdir(), 'kinora-types-'));
  try {
    for (const [index, file] of typeFiles.entries()) {
      const fresh = join(scratch, `${index}.d.ts`);
      generateTypes(file, fresh);
      if (content(fresh) !== content(join(root, file.path)))
        throw new Error(`${file.path} is stale: run npm run generate`);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
} else {
  for (const file of typeFiles) generateTypes(file, join(root, file.path));
}
