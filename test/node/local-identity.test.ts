/** What a fresh clone gets from the local identity script: secrets that work, are private, and stay the same. */
import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate, X509ChainBuilder } from '@peculiar/x509';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unstable_getVarsForDev as getVarsForDev } from 'wrangler';
import { mergeDevVars } from '../../scripts/local-identity/dev-vars.ts';
import { ensureLocalIdentity, type LocalIdentity } from '../../scripts/local-identity.ts';

const dayMs = 86_400_000;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kinora-identity-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('on a fresh clone', () => {
  it('issues a signing certificate of the C2PA profile under its own root', async () => {
    const { secrets } = await ensureLocalIdentity(root);
    const leaf = new X509Certificate(secrets.C2PA_SIGNING_CHAIN);
    const anchor = new X509Certificate(secrets.C2PA_TRUST_ANCHORS);
    const chain = await new X509ChainBuilder({ certificates: [anchor] }).build(leaf);

    expect(chain.map(({ subject }) => subject)).toEqual([leaf.subject, anchor.subject]);
    expect(await leaf.isSelfSigned()).toBe(false);
    expect(await anchor.isSelfSigned()).toBe(true);
    expect((leaf.notAfter.getTime() - leaf.notBefore.getTime()) / dayMs).toBeLessThanOrEqual(366);
    expect(leaf.extensions.map(({ type }) => type).sort()).toEqual(
      // basicConstraints, keyUsage, extKeyUsage, subjectKeyIdentifier, authorityKeyIdentifier
      ['2.5.29.14', '2.5.29.15', '2.5.29.19', '2.5.29.35', '2.5.29.37'],
    );
    expect(leaf.toString('text')).toContain('1.3.6.1.4.1.62558.2.1');
    expect(await keyBelongsTo(secrets.C2PA_SIGNING_KEY, leaf)).toBe(true);
  });

  it('writes both files so that wrangler reads the very same values', async () => {
    const identity = await ensureLocalIdentity(root);
    const vars = read(identity.files.kinoraVars);
    expect(vars).toEqual({
      ENVIRONMENT: 'local',
      CURSOR_SECRET: identity.cursorSecret,
      RENDER_NODES: JSON.stringify({ node_local: identity.node.publicKeyBase64 }),
      CONSENT_LOG_KEY: expect.any(String),
      BIOMETRICS_KEY: expect.any(String),
      MODERATION_LOG_KEY: expect.any(String),
      WATERMARK_KEY: expect.any(String),
      // A developer's machine may have no speech recogniser.
      SPEECH_UNVERIFIED: 'allow',
    });
    const logKey = createPrivateKey({
      key: Buffer.from(String(vars.CONSENT_LOG_KEY), 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
    expect(logKey.asymmetricKeyType).toBe('ed25519');
    expect(Buffer.from(String(vars.BIOMETRICS_KEY), 'base64')).toHaveLength(32);
    expect(Buffer.from(String(vars.WATERMARK_KEY), 'base64')).toHaveLength(32);
    expect(vars.MODERATION_LOG_KEY).not.toBe(vars.CONSENT_LOG_KEY);
    expect(read(identity.files.provenanceVars)).toEqual({ ...identity.secrets });
    expect(Buffer.from(identity.node.publicKeyBase64, 'base64')).toHaveLength(32);
    expect(Buffer.from(identity.cursorSecret, 'base64url')).toHaveLength(32);
  });

  it('lets nobody else read them', async () => {
    const { directory, files } = await ensureLocalIdentity(root);
    const paths = [
      ...Object.values(files),
      ...[
        'root.key.pem',
        'signer.key.pem',
        'cursor-secret',
        'consent-log-key',
        'biometrics-key',
        'moderation-log-key',
        'watermark-key',
      ].map((name) => join(directory, name)),
    ];
    for (const path of paths) expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  });

  it('gives every clone secrets of its own', async () => {
    const other = await mkdtemp(join(tmpdir(), 'kinora-identity-'));
    const [one, two] = [await ensureLocalIdentity(root), await ensureLocalIdentity(other)];
    await rm(other, { recursive: true, force: true });
    expect(one.cursorSecret).not.toBe(two.cursorSecret);
    expect(one.secrets.C2PA_TRUST_ANCHORS).not.toBe(two.secrets.C2PA_TRUST_ANCHORS);
    expect(one.node.publicKeyBase64).not.toBe(two.node.publicKeyBase64);
  });
});

describe('the second time', () => {
  it('changes nothing, not even a date', async () => {
    const first = await ensureLocalIdentity(root);
    const before = await dates(first);
    const second = await ensureLocalIdentity(root);
    expect(first.changed).toBe(true);
    expect(second).toEqual({ ...first, changed: false });
    expect(await dates(second)).toEqual(before);
  });

  it('keeps lines that somebody added, and repairs its own', async () => {
    const { files, cursorSecret } = await ensureLocalIdentity(root);
    await writeFile(files.kinoraVars, "# mine\nORIGIN='http://localhost:8787'\nCURSOR_SECRET=broken\n");
    await ensureLocalIdentity(root);
    expect(read(files.kinoraVars)).toMatchObject({
      ORIGIN: 'http://localhost:8787',
      CURSOR_SECRET: cursorSecret,
    });
    expect(await readFile(files.kinoraVars, 'utf8')).toContain('# mine');
  });

  it('renews a signing certificate before it expires, under the same root', async () => {
    const first = await ensureLocalIdentity(root);
    const soon = new Date(Date.now() + 345 * dayMs);
    const second = await ensureLocalIdentity(root, soon);
    const leaf = new X509Certificate(second.secrets.C2PA_SIGNING_CHAIN);
    expect(second.secrets.C2PA_TRUST_ANCHORS).toBe(first.secrets.C2PA_TRUST_ANCHORS);
    expect(second.secrets.C2PA_SIGNING_CHAIN).not.toBe(first.secrets.C2PA_SIGNING_CHAIN);
    expect(leaf.notAfter.getTime()).toBeGreaterThan(soon.getTime() + 300 * dayMs);
    expect(await keyBelongsTo(second.secrets.C2PA_SIGNING_KEY, leaf)).toBe(true);
    expect(second.cursorSecret).toBe(first.cursorSecret);
    expect(read(second.files.provenanceVars)).toEqual({ ...second.secrets });
  });

  it('issues a new signer when the old one belongs to another root', async () => {
    const first = await ensureLocalIdentity(root);
    await rm(join(first.directory, 'root.cert.pem'));
    const second = await ensureLocalIdentity(root);
    const leaf = new X509Certificate(second.secrets.C2PA_SIGNING_CHAIN);
    const anchor = new X509Certificate(second.secrets.C2PA_TRUST_ANCHORS);
    expect(await leaf.verify({ publicKey: anchor.publicKey })).toBe(true);
  });
});

describe('.dev.vars text', () => {
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/).filter((text) => text !== '__PROTO__');
  const value = fc.oneof(
    fc.stringMatching(/^[\w./:+=-]{0,60}$/),
    fc.json({ noUnicodeString: true }).filter((text) => !text.includes("'") && !text.includes('\\')),
    fc.array(fc.stringMatching(/^[\w+/= -]{0,64}$/), { maxLength: 6 }).map((lines) => lines.join('\n')),
  );

  it('reads back in wrangler as what went in, and merging again changes nothing', async () => {
    const path = join(root, '.dev.vars');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 }), async (drawn) => {
        const values = { ...drawn };
        const text = mergeDevVars(null, values);
        await writeFile(path, text);
        expect(read(path)).toEqual(values);
        expect(mergeDevVars(text, values)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what no quoting can carry', () => {
    expect(() => mergeDevVars(null, { A: `it's "both"\n` })).toThrow('A');
  });
});

/** The variables wrangler finds beside a configuration. */
function read(path: string): Record<string, unknown> {
  const found = getVarsForDev(join(path, '..', 'wrangler.toml'), undefined, {}, undefined, true);
  return Object.fromEntries(
    Object.entries(found).map(([name, entry]) => [name, 'value' in entry ? entry.value : entry]),
  );
}

async function dates(identity: LocalIdentity): Promise<number[]> {
  return Promise.all(Object.values(identity.files).map(async (path) => (await stat(path)).mtimeMs));
}

async function keyBelongsTo(pem: string, certificate: X509Certificate): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const key = await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  const message = new TextEncoder().encode('anything');
  const publicKey = await certificate.publicKey.export(algorithm, ['verify']);
  return crypto.subtle.verify(
    algorithm,
    publicKey,
    await crypto.subtle.sign(algorithm, key, message),
    message,
  );
}
