/**
 * `npm run lock`: completes package-lock.json after a change of dependencies.
 *
 * npm leaves a platform's binary package out of the lock file when the registry in use does not carry it (a mirror may hold Linux only),
 * and `npm ci` then refuses the lock file on every platform. This adds what is missing by name, version and platform, without a
 * checksum; npm fetches such a package only on the platform it is for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './terminal.ts';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const systems: Record<string, string> = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
  wasm32: 'wasm32',
};
const processors: Record<string, string> = {
  x64: 'x64',
  '64': 'x64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: 'ia32',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  s390x: 's390x',
  loong64: 'loong64',
};

/** Reads the platform from a name such as `@napi-rs/canvas-linux-arm64-musl`. Null if the name does not tell. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | null {
  const words = (name.split('/').at(-1) ?? '').split('-');
  const os = words.map((word) => systems[word]).find((value) => value !== undefined);
  const cpu = words.map((word) => processors[word]).find((value) => value !== undefined);
  if (os === undefined || cpu === undefined) return null;
  const libc = words.includes('musl')
    ? ['musl']
    : os === 'linux' && words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : null;
  return { cpu: [cpu], ...(libc === null ? {} : { libc }), os: [os] };
}

const file = join(import.meta.dirname, '../package-lock.json');
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(file, 'utf8'));

let added = 0;
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const candidates = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (candidates.some((candidate) => lock.packages[candidate] !== undefined)) continue;
    const platform = platformOf(name);
    if (platform === null || !/^\d/.test(version))
      throw new Error(`cannot tell the platform of ${name}@${version}: add it to package-lock.json by hand`);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(dev === true ? { dev } : {}),
      optional: true,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
say(
  added === 0
    ? 'package-lock.json is complete.'
    : `Added ${added} packages of other platforms to package-lock.json.`,
);
