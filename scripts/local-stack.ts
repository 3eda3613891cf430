/**
 * Brings the whole of Kinora up on this machine: identities, web app, database, both Workers, one render node. Called by start.ts and by
 * the browser tests.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureLocalIdentity } from './local-identity.ts';
import { type Child, runChild, startChild, tailOf } from './processes.ts';

export interface StackOptions {
  readonly root: string;
  /** Where state lives; `.wrangler/state` for `npm start`, a temporary folder for tests. */
  readonly state: string;
  /** Tried first; the next free one is taken if it is busy. */
  readonly port: number;
  readonly onStep: (title: string) => {
    update(progress: number, note: string): void;
    done(note?: string): void;
  };
}

export interface Stack {
  readonly url: string;
  readonly edge: Child;
  readonly node: Child;
}

/** Hash of the contents of files and folders, to know whether a step has to be done again. */
function fingerprint(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (name !== 'dist' && name !== 'node_modules') visit(join(path, name));
    } else hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
}

/** Does `work` unless the same inputs were worked on before and `product` is still there. */
async function unlessDone(
  stampFile: string,
  inputs: string,
  product: string | null,
  work: () => Promise<void>,
): Promise<boolean> {
  const done =
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === inputs &&
    (product === null || existsSync(product));
  if (done) return false;
  await work();
  writeFileSync(stampFile, inputs);
  return true;
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + 50; port += 1) if (await isFree(port)) return port;
  throw new Error(
    `No free port between ${first} and ${first + 49}. Stop what is listening there, or set PORT.`,
  );
}

async function waitFor(url: string, child: Child, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (child.process.exitCode !== null) throw new Error(`${child.name} stopped.\n${tailOf(child.logFile)}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`${child.name} did not answer within ${seconds} s.\n${tailOf(child.logFile)}`);
}

async function waitForNode(url: string, child: Child, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (child.process.exitCode !== null)
      throw new Error(`The render node stopped.\n${tailOf(child.logFile)}`);
    const engines = await fetch(`${url}/api/v1/engines`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    if (engines?.items?.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`The render node did not connect within ${seconds} s.\n${tailOf(child.logFile)}`);
}

/** Builds the web app unless its sources are those of the last build. True if it was built. */
export async function buildWebApp(root: string): Promise<boolean> {
  // The build lands in the tree, so its stamp and log do too, whatever state folder is used.
  const cache = join(root, 'node_modules/.cache/kinora');
  mkdirSync(cache, { recursive: true });
  return unlessDone(
    join(cache, 'web-build'),
    fingerprint(root, ['web', 'schemas', 'core', 'package-lock.json']),
    join(root, 'web/dist/index.html'),
    () =>
      runChild(
        'vite',
        join(root, 'node_modules/.bin/vite'),
        ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
        {
          cwd: root,
          logDir: cache,
        },
      ),
  );
}

/** Starts everything and answers when the edge serves and the render node has connected. @throws Error saying which part failed and why */
export async function startStack({ root, state, port: wanted, onStep }: StackOptions): Promise<Stack> {
  const stamps = join(state, 'stamps');
  const logDir = join(state, 'logs');
  mkdirSync(stamps, { recursive: true });
  const bin = (name: string) => join(root, 'node_modules', '.bin', name);
  const quiet = {
    WRANGLER_SEND_METRICS: 'false',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    NO_COLOR: '1',
    CI: '1',
  };

  let step = onStep('identity');
  const identity = await ensureLocalIdentity(root);
  step.done('development certificate and keys');

  step = onStep('web app');
  step.done((await buildWebApp(root)) ? 'built' : 'unchanged');

  step = onStep('database');
  const migrated = await unlessDone(
    join(stamps, 'migrations'),
    fingerprint(root, ['workers/migrations']),
    null,
    () =>
      runChild(
        'migrations',
        bin('wrangler'),
        ['d1', 'migrations', 'apply', 'kinora', '--local', '--persist-to', state],
        { cwd: root, logDir, env: quiet },
      ),
  );
  step.done(migrated ? 'migrated' : 'unchanged');

  step = onStep('edge');
  const port = await freePort(wanted);
  const url = `http://localhost:${port}`;
  const edge = startChild(
    'edge',
    bin('wrangler'),
    [
      'dev',
      '-c',
      'wrangler.toml',
      '-c',
      'workers/provenance/wrangler.toml',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--inspector-port',
      String(await freePort(port + 1000)),
      '--persist-to',
      state,
      '--var',
      `ORIGIN:${url}`,
      '--show-interactive-dev-session',
      'false',
      '--log-level',
      'warn',
    ],
    { cwd: root, logDir, env: quiet },
  );
  await waitFor(`${url}/healthz`, edge, 60);
  step.done(`listening on ${port}`);

  step = onStep('render node');
  const node = startChild('node', process.execPath, [join(root, 'gpu-backend/src/main.ts')], {
    cwd: root,
    logDir,
    env: { KINORA_URL: url, KINORA_NODE_ID: identity.node.id, KINORA_NODE_KEY_FILE: identity.files.nodeKey },
  });
  await waitForNode(url, node, 30);
  step.done('connected');
  return { url, edge, node };
}
