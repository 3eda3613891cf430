/**
 * Puts the published trust lists in force: `node scripts/refresh-trust-lists.ts` fetches them and writes them into the local state,
 * `--from FOLDER` takes the files of the publisher from a folder instead, `--remote` writes to the deployed worker's KV. The deployed worker
 * refreshes them every day by itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  ListRefused,
  listKey,
  type PublishedList,
  publishedLists,
  publishers,
  readList,
} from '../workers/provenance/trust/publishers.ts';
import { say } from './terminal.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    remote: { type: 'boolean', default: false },
    state: { type: 'string', default: join(root, '.wrangler/state') },
  },
});
const where = values.remote ? ['--remote'] : ['--local', '--persist-to', values.state];
const folder = mkdtempSync(join(tmpdir(), 'kinora-lists-'));
let failures = 0;
try {
  for (const kind of publishedLists) {
    try {
      const texts = await textsOf(kind);
      if (texts === null) {
        say(`${kind}: not in that folder, left as it is`);
        continue;
      }
      const list = readList(kind, texts.pem, texts.json, { source: publishers[kind].pem, at: new Date() });
      const file = join(folder, `${kind}.json`);
      writeFileSync(file, JSON.stringify(list));
      for (const key of [listKey(kind, list.sha256), listKey(kind)]) put(key, file);
      say(`${kind}: ${list.name}, version ${list.version}, ${list.certificates} certificates`);
    } catch (error) {
      failures += 1;
      const reason = error instanceof ListRefused || error instanceof Error ? error.message : String(error);
      say(`${kind}: refused, the list in use stays in force: ${reason}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failures === 0 ? 0 : 1;

async function textsOf(kind: PublishedList): Promise<{ pem: string; json: string | null } | null> {
  const { pem, json } = publishers[kind];
  if (values.from === undefined)
    return { pem: await download(pem), json: json === null ? null : await download(json) };
  const file = (address: string) => join(values.from ?? '', basename(address));
  if (!existsSync(file(pem))) return null;
  return {
    pem: readFileSync(file(pem), 'utf8'),
    json: json === null ? null : readFileSync(file(json), 'utf8'),
  };
}

async function download(address: string): Promise<string> {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(`the publisher answered ${response.status}`);
  return response.text();
}

function put(key: string, file: string): void {
  const { status, stderr } = spawnSync(
    join(root, 'node_modules/.bin/wrangler'),
    [
      'kv',
      'key',
      'put',
      key,
      '--path',
      file,
      '--binding',
      'TRUST_LISTS',
      '-c',
      'workers/provenance/wrangler.toml',
      ...where,
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, WRANGLER_SEND_METRICS: 'false' } },
  );
  if (status !== 0) throw new Error(`wrangler could not store it: ${stderr.trim().slice(-500)}`);
}
