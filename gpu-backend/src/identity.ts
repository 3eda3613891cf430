/**
 * The render node's identity: one Ed25519 key, made once, kept in a file only its owner can read. The edge knows its public
 * half (RENDER_NODES); the private half never leaves the file and this process. Called by main.ts and by the local start
 * script; `node gpu-backend/src/identity.ts <file>` prints the public key for an operator to register.
 */

import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

export interface NodeIdentity {
  /** Signs requests; not extractable. */
  readonly privateKey: CryptoKey;
  /** The 32 raw bytes of the public key, base64. */
  readonly publicKeyBase64: string;
}

/**
 * Loads the key of a file, or makes one (PKCS8 PEM, mode 0600) when there is none. Two processes that start together end up
 * with the same key: the file appears whole or not at all.
 * @throws Error that says what to do when the file is not an Ed25519 key in PKCS8 PEM.
 */
export async function loadOrCreateIdentity(file: string): Promise<NodeIdentity> {
  const pem = (await readPem(file)) ?? (await createPem(file));
  return readIdentity(pem, file);
}

/**
 * Loads the key of a file that must exist.
 * @throws Error that says what to do when it is missing or not an Ed25519 key in PKCS8 PEM.
 */
export async function loadIdentity(file: string): Promise<NodeIdentity> {
  const pem = await readPem(file);
  if (pem === undefined) {
    throw new Error(`There is no key at ${file}. Make one with: node gpu-backend/src/identity.ts ${file}`);
  }
  return readIdentity(pem, file);
}

async function readPem(file: string): Promise<string | undefined> {
  try {
    const pem = await readFile(file, 'utf8');
    // A key that others can read is narrowed rather than refused: a copied file keeps working.
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600).catch(() => undefined);
    return pem;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function createPem(file: string): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('this platform made no Ed25519 key pair');
  const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
  const pem = `-----BEGIN PRIVATE KEY-----\n${body.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, pem, { mode: 0o600, flag: 'wx' });
  try {
    // A link fails when the name is taken: whoever comes second takes the first one's key.
    await link(temporary, file);
    return pem;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return await readFile(file, 'utf8');
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readIdentity(pem: string, file: string): Promise<NodeIdentity> {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`it is a ${key.asymmetricKeyType ?? 'secret'} key`);
    const privateKey = await crypto.subtle.importKey(
      'pkcs8',
      key.export({ format: 'der', type: 'pkcs8' }),
      { name: 'Ed25519' },
      false,
      ['sign'],
    );
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    // RFC 8410: the last 32 bytes of the structure are the raw key.
    return { privateKey, publicKeyBase64: Buffer.from(spki.subarray(-32)).toString('base64') };
  } catch (cause) {
    throw new Error(
      `${file} does not hold an Ed25519 private key in PKCS8 PEM. Move it away to have a new one made.`,
      { cause },
    );
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const file = argv[2];
  if (file === undefined) {
    console.error('Usage: node gpu-backend/src/identity.ts <file>');
    process.exitCode = 2;
  } else {
    console.log((await loadOrCreateIdentity(file)).publicKeyBase64);
  }
}
