/** The house keeps its shape: imports run one way, `core/` is pure, files stay readable, routes and errors are documented. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errors } from '../../schemas/errors.ts';

const root = resolve(import.meta.dirname, '../..');

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (path) =>
        /\.(ts|tsx|css)$/.test(path) && !/(^|\/)(dist|node_modules)\//.test(path) && !path.endsWith('.d.ts'),
    );
}

const rooms = [
  'schemas',
  'core',
  'durable-objects',
  'workers',
  'gpu-backend',
  'web',
  'scripts',
  'test',
] as const;
type Room = (typeof rooms)[number];
const sources = rooms.flatMap((room) =>
  filesBelow(room).map((path) => ({ room, path, text: readFileSync(join(root, path), 'utf8') })),
);
const scripts = sources.filter(({ path }) => !path.endsWith('.css'));

/** Module specifiers of static and dynamic imports and re-exports. */
function importsOf(text: string): string[] {
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|[^.\w])import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}

/** Where an import of ours lands, relative to the root; null for packages. */
function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier));
  return null;
}

const mayImport: Record<Exclude<Room, 'test' | 'scripts'>, readonly Room[]> = {
  schemas: ['schemas'],
  core: ['schemas', 'core'],
  'durable-objects': ['schemas', 'core', 'durable-objects'],
  workers: ['schemas', 'core', 'durable-objects', 'workers'],
  'gpu-backend': ['schemas', 'core', 'gpu-backend'],
  web: ['schemas', 'core', 'web'],
};

describe('imports', () => {
  for (const [room, allowed] of Object.entries(mayImport)) {
    test(`${room} imports only ${allowed.join(', ')}`, () => {
      const wrong = scripts
        .filter((file) => file.room === room)
        .flatMap((file) =>
          importsOf(file.text).flatMap((specifier) => {
            const target = targetOf(file.path, specifier);
            return target === null || allowed.some((other) => target.startsWith(`${other}/`))
              ? []
              : `${file.path} → ${specifier}`;
          }),
        );
      expect(wrong).toEqual([]);
    });
  }

  test('schemas use no package but zod and drizzle', () => {
    const wrong = scripts
      .filter((file) => file.room === 'schemas')
      .flatMap((file) =>
        importsOf(file.text)
          .filter(
            (specifier) =>
              targetOf(file.path, specifier) === null && !/^(zod|drizzle-orm)(\/|$)/.test(specifier),
          )
          .map((specifier) => `${file.path} → ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  test('every import of ours exists', () => {
    const missing = scripts.flatMap((file) =>
      importsOf(file.text).flatMap((specifier) => {
        const target = targetOf(file.path, specifier);
        return target === null || existsSync(join(root, target.replace(/\?.*$/, '')))
          ? []
          : `${file.path} → ${specifier}`;
      }),
    );
    expect(missing).toEqual([]);
  });
});

describe('core/', () => {
  const core = scripts.filter(({ path }) => /(^|\/)core\//.test(path));
  /** Clock, randomness, I/O and platform: all of them come in as arguments. */
  const impure =
    /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bcrypto\.|\bfetch\(|\bsetTimeout\(|\bsetInterval\(|\bqueueMicrotask\(|\bprocess\.|\bperformance\.|\bconsole\.|\bDurableObject\w*|\bSqlStorage\b|\bEnv\b/;

  test('there is some', () => expect(core.length).toBeGreaterThan(5));

  test('touches no clock, no randomness, no I/O and no platform type', () => {
    const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(core.filter(({ text }) => impure.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test('imports nothing but schemas, other core files and the types beside it', () => {
    const wrong = core.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((specifier) => {
          const target = targetOf(path, specifier);
          if (target === null) return specifier.startsWith('node:') || specifier.startsWith('cloudflare:');
          return !(
            target.startsWith('schemas/') ||
            /(^|\/)core\//.test(target) ||
            target.endsWith('/rpc.ts')
          );
        })
        .map((specifier) => `${path} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  test('no file passes 500 lines', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 500).map(({ path }) => path)).toEqual([]);
  });

  test('names are kebab-case', () => {
    expect(
      sources
        .filter(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(path.split('/').at(-1) ?? ''))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  test('no type is forced', () => {
    const forced = /\bas unknown as\b|:\s*any\b|\bas any\b|@ts-ignore|@ts-expect-error/;
    const self = 'test/node/architecture.test.ts';
    expect(
      scripts
        .filter(
          ({ path, text }) =>
            path !== self && forced.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/(?!\s*@ts).*/g, '')),
        )
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

describe('errors', () => {
  test('every code has an error status and a sentence', () => {
    for (const [code, [status, sentence]] of Object.entries(errors)) {
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      expect(sentence, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('every code is used outside the registry', () => {
    const elsewhere = scripts
      .filter(({ room, path }) => room !== 'test' && path !== 'schemas/errors.ts')
      .map(({ text }) => text)
      .join('\n');
    expect(Object.keys(errors).filter((code) => !elsewhere.includes(`'${code}'`))).toEqual([]);
  });
});
