/** What a phone downloads before the feed plays: built for real, counted, and free of what the security policy forbids. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const web = resolve(import.meta.dirname, '../../web');
const dist = mkdtempSync(join(tmpdir(), 'kinora-web-'));
const read = (path: string) => readFileSync(join(dist, path), 'utf8');
let html = '';

beforeAll(async () => {
  await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'error', build: { outDir: dist } });
  html = read('index.html');
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

/** Scripts the feed needs: those in the page and, transitively, their static imports. */
function firstLoadScripts(): string[] {
  const queue = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
  const found = new Set<string>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const match of read(path).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      queue.push(`assets/${match[1]}`);
  }
  return [...found];
}

describe('first load of the feed', () => {
  test('at most 60 kB of script, gzipped', () => {
    const scripts = firstLoadScripts();
    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.reduce((sum, path) => sum + gzipSync(read(path)).length, 0);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });

  test('the studio, the passkeys and the clip page are not part of it', () => {
    const text = firstLoadScripts().map(read).join('\n');
    expect(text).not.toContain('navigator.credentials');
    expect(text).not.toContain('What happens?');
    expect(text).not.toContain('Every check');
    expect(text).not.toContain('getUserMedia');
    expect(text).not.toContain('Who may cast you');
    expect(text).not.toContain('Mark all read');
    expect(text).not.toContain('Where does it come from?');
    expect(text).not.toContain('Upload a clip');
  });
});

describe('the whole build', () => {
  test('zod stays out of every page; the worker that reads files holds it, and loads only when asked', () => {
    const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
    expect(scripts.filter((name) => name.startsWith('check-worker-'))).toHaveLength(1);
    for (const file of scripts.filter((name) => !name.startsWith('check-worker-'))) {
      expect(/ZodError|_zod\b|WasmReader/.test(read(`assets/${file}`)), file).toBe(false);
    }
  });

  test('one script may compile WebAssembly, and it can reach nothing but this site', () => {
    const headers = read('_headers');
    const allowed = [...headers.matchAll(/^(\/\S*)\n((?:[ \t]+.*\n)+)/gm)]
      .filter(([, , block]) => block?.includes('unsafe'))
      .map(([, path]) => path);
    expect(allowed).toEqual(['/assets/check-worker-*']);
    const block = /^\/assets\/check-worker-\*\n((?:[ \t]+.*\n)+)/m.exec(headers)?.[1] ?? '';
    // Without the detachment both policies would hold, and the page's forbids it.
    expect(block).toMatch(/^\s+! Content-Security-Policy\n/);
    expect(block).toContain("default-src 'none'");
    expect(block).toContain("connect-src 'self'");
    expect(block).not.toContain("'unsafe-eval'");
  });

  test('nothing inline that the content security policy would stop', () => {
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    expect(html).not.toMatch(/<style[\s>]/);
    expect(html).not.toMatch(/\sstyle="/);
    expect(html).not.toMatch(/\son\w+="/);
    const policy = /Content-Security-Policy: (.*)/.exec(read('_headers'))?.[1] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test('camera and microphone are allowed on the enrolment page alone', () => {
    const headers = read('_headers');
    const policies = [...headers.matchAll(/^(\S+)\n(?:\s+.*\n)*?\s+Permissions-Policy: (.*)$/gm)].map(
      ([, path, policy]) => ({ path, camera: /camera=\(self\), microphone=\(self\)/.test(policy ?? '') }),
    );
    expect(policies).toEqual([
      { path: '/*', camera: false },
      { path: '/cameo/enrol', camera: true },
    ]);
    // Without the detachment both values would be joined.
    expect(headers).toMatch(/\/cameo\/enrol\n\s+! Permissions-Policy\n/);
  });

  test('hashed files may be kept for ever, and only they', () => {
    const headers = read('_headers');
    expect(headers).toMatch(/\/assets\/\*\n\s+Cache-Control: public, max-age=31536000, immutable/);
    for (const file of readdirSync(join(dist, 'assets'))) expect(file).toMatch(/-[\w-]{8}\.\w+$/);
  });

  test('the request of boot.js is the one the feed takes over', () => {
    const boot = read('boot.js');
    const size = /firstPageSize = (\d+)/.exec(readFileSync(join(web, 'src/api/clips.ts'), 'utf8'))?.[1];
    expect(boot).toContain(`/api/v1/feed?mode=discover&limit=${size}`);
  });
});
