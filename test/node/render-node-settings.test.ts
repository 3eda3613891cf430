/** Identity, settings and engines of a render node: what an operator sets up, and what they are told when it is wrong. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngines } from '../../gpu-backend/src/engines/registry.ts';
import { loadIdentity, loadOrCreateIdentity } from '../../gpu-backend/src/identity.ts';
import { readConfig } from '../../gpu-backend/src/node/config.ts';
import { JobProgress } from '../../gpu-backend/src/node/job-progress.ts';
import { runNode } from '../../gpu-backend/src/node/run-node.ts';
import { backoff } from '../../gpu-backend/src/node/wait.ts';
import { scriptedPolicy } from '../support/scripted-policy.ts';
import { testEngine } from '../support/test-engine.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinora-node-settings-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('identity and settings', () => {
  it('makes one key, keeps it private, and finds it again', async () => {
    const file = join(dir, 'keys/node.pem');
    const many = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateIdentity(file)));
    expect(new Set(many.map((i) => i.publicKeyBase64)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, 'keys'))).toEqual(['node.pem']);
    expect(await readFile(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(Buffer.from(many[0]?.publicKeyBase64 ?? '', 'base64').length).toBe(32);
    expect(many[0]?.privateKey.extractable).toBe(false);
    const message = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign(
      'Ed25519',
      (many[0] ?? (await loadOrCreateIdentity(file))).privateKey,
      message,
    );
    const raw = Buffer.from(many[3]?.publicKeyBase64 ?? '', 'base64');
    const publicKey = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    expect(await crypto.subtle.verify('Ed25519', publicKey, signature, message)).toBe(true);
  });

  it('refuses a file that is no such key, and never overwrites it', async () => {
    const file = join(dir, 'bad.pem');
    await writeFile(file, 'not a key');
    await expect(loadOrCreateIdentity(file)).rejects.toThrow(/bad\.pem does not hold an Ed25519/);
    expect(await readFile(file, 'utf8')).toBe('not a key');
    await expect(loadIdentity(join(dir, 'none.pem'))).rejects.toThrow(/There is no key at/);
  });

  it('an engine that cannot be loaded is left out, the others run', async () => {
    const { engines, failures } = await loadEngines(['good', 'bad', 'wrong', 'unknown', 'good'], {
      good: async () => testEngine(),
      bad: () => Promise.reject(new Error('no GPU')),
      wrong: async () => ({ ...testEngine(), capability: { ...testEngine().capability, fps: -1 } }),
    });
    expect(engines.map((e) => e.capability.name)).toEqual(['test']);
    expect(failures.map((f) => f.name)).toEqual(['bad', 'wrong', 'unknown']);
    const config = readConfig({
      KINORA_URL: 'https://kinora.example',
      KINORA_NODE_ID: 'n',
      KINORA_NODE_KEY_FILE: 'k',
      KINORA_NODE_SCRATCH: join(dir, 'scratch'),
    });
    await expect(
      runNode(config, {
        policy: scriptedPolicy,
        engines: [],
        privateKey: (await loadOrCreateIdentity(join(dir, 'node.pem'))).privateKey,
        log: () => {},
      }),
    ).rejects.toThrow('No engine');
  });

  it('backs off further each time, with jitter, up to a limit', () => {
    const waits = Array.from({ length: 12 }, (_, i) => [backoff(i + 1, 0), backoff(i + 1, 0.999)] as const);
    expect(waits.every(([low, high]) => low > 0 && high > 2 * low && high <= 15_000)).toBe(true);
    expect((waits[4]?.[0] ?? 0) > (waits[1]?.[0] ?? 0)).toBe(true);
  });

  it('reports progress that makes sense for engines that draw while they are encoded', () => {
    const progress = new JobProgress();
    progress.report('simulating', 1);
    progress.report('drawing', 0.1);
    progress.report('encoding', 0.1);
    expect(progress.stage).toBe('drawing');
    progress.report('drawing', 0.9);
    const high = progress.progress;
    progress.report('encoding', 0.5);
    progress.report('reading', Number.NaN);
    expect(progress.progress).toBe(high);
    progress.report('drawing', 1);
    progress.report('encoding', 0.97);
    progress.report('uploading', 0.5);
    expect(progress.stage).toBe('uploading');
    expect(progress.progress).toBeGreaterThan(0.9);
  });
});
