/**
 * Gives a fresh clone its own secrets, so that everything runs without an account. Invariant: what exists is kept (the root
 * certificate, the node's key, the cursor secret); only a signing certificate near its end is replaced. Called by the start
 * script, by tests, and by hand: `node scripts/local-identity.ts`.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrCreateIdentity } from '../gpu-backend/src/identity.ts';
import {
  type CertifiedKey,
  createRoot,
  isCurrent,
  issueSigner,
  isUsableRoot,
} from './local-identity/certificates.ts';
import { mergeDevVars } from './local-identity/dev-vars.ts';
import { readTextIfPresent, writeSecretFile } from './local-identity/files.ts';

/** What was made or found. Paths are absolute, certificates and keys PEM. */
export interface LocalIdentity {
  readonly directory: string;
  readonly files: {
    readonly kinoraVars: string;
    readonly provenanceVars: string;
    readonly rootCertificate: string;
    readonly nodeKey: string;
  };
  readonly node: { readonly id: string; readonly publicKeyBase64: string };
  readonly cursorSecret: string;
  readonly secrets: {
    readonly C2PA_SIGNING_KEY: string;
    readonly C2PA_SIGNING_CHAIN: string;
    readonly C2PA_TRUST_ANCHORS: string;
  };
  /** Whether any file was written. */
  readonly changed: boolean;
}

const localNodeId = 'node_local';

/**
 * Makes what is missing under `<root>/.wrangler/state/identity` and writes both `.dev.vars`.
 * @param root the repository's folder
 * @throws Error if a key file exists but cannot be read as one
 */
export async function ensureLocalIdentity(root: string, now: Date = new Date()): Promise<LocalIdentity> {
  const directory = join(resolve(root), '.wrangler', 'state', 'identity');
  const at = (name: string) => join(directory, name);
  const keep = (name: string, text: string) => writeSecretFile(at(name), text);

  const foundRoot = await readPair(at('root'));
  const authority = foundRoot !== null && isUsableRoot(foundRoot, now) ? foundRoot : await createRoot(now);
  const foundSigner = await readPair(at('signer'));
  const signer =
    foundSigner !== null && (await isCurrent(foundSigner, authority, now))
      ? foundSigner
      : await issueSigner(authority, now);
  const cursorSecret =
    (await readTextIfPresent(at('cursor-secret')))?.trim() ?? randomBytes(32).toString('base64url');

  const consentLogKey =
    (await readTextIfPresent(at('consent-log-key')))?.trim() ??
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const biometricsKey =
    (await readTextIfPresent(at('biometrics-key')))?.trim() ?? randomBytes(32).toString('base64');

  const moderationLogKey =
    (await readTextIfPresent(at('moderation-log-key')))?.trim() ??
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const watermarkKey =
    (await readTextIfPresent(at('watermark-key')))?.trim() ?? randomBytes(32).toString('base64');

  const changes = [
    // The key before its certificate: a crash in between leaves no pair, and both are made again.
    await keep('root.key.pem', authority.privateKey),
    await keep('root.cert.pem', authority.certificate),
    await keep('signer.key.pem', signer.privateKey),
    await keep('signer.cert.pem', signer.certificate),
    await keep('cursor-secret', `${cursorSecret}\n`),
    await keep('consent-log-key', `${consentLogKey}\n`),
    await keep('biometrics-key', `${biometricsKey}\n`),
    await keep('moderation-log-key', `${moderationLogKey}\n`),
    await keep('watermark-key', `${watermarkKey}\n`),
  ];
  const nodeKey = at('node.key.pem');
  const node = await loadOrCreateIdentity(nodeKey);

  const secrets = {
    C2PA_SIGNING_KEY: signer.privateKey,
    C2PA_SIGNING_CHAIN: signer.certificate,
    C2PA_TRUST_ANCHORS: authority.certificate,
  };
  const kinoraVars = join(resolve(root), '.dev.vars');
  const provenanceVars = join(resolve(root), 'workers', 'provenance', '.dev.vars');
  changes.push(
    await writeVars(kinoraVars, {
      ENVIRONMENT: 'local',
      CURSOR_SECRET: cursorSecret,
      RENDER_NODES: JSON.stringify({ [localNodeId]: node.publicKeyBase64 }),
      CONSENT_LOG_KEY: consentLogKey,
      BIOMETRICS_KEY: biometricsKey,
      MODERATION_LOG_KEY: moderationLogKey,
      WATERMARK_KEY: watermarkKey,
      SPEECH_UNVERIFIED: 'allow',
    }),
    await writeVars(provenanceVars, secrets),
  );
  return {
    directory,
    files: { kinoraVars, provenanceVars, rootCertificate: at('root.cert.pem'), nodeKey },
    node: { id: localNodeId, publicKeyBase64: node.publicKeyBase64 },
    cursorSecret,
    secrets,
    changed: changes.includes(true),
  };
}

async function readPair(path: string): Promise<CertifiedKey | null> {
  const [privateKey, certificate] = await Promise.all([
    readTextIfPresent(`${path}.key.pem`),
    readTextIfPresent(`${path}.cert.pem`),
  ]);
  return privateKey === null || certificate === null ? null : { privateKey, certificate };
}

async function writeVars(path: string, values: Readonly<Record<string, string>>): Promise<boolean> {
  return writeSecretFile(path, mergeDevVars(await readTextIfPresent(path), values));
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const identity = await ensureLocalIdentity(join(import.meta.dirname, '..'));
  console.log(identity.changed ? 'Local identity written.' : 'Local identity is up to date.');
  console.log(`  render node     ${identity.node.id} ${identity.node.publicKeyBase64}`);
  console.log(`  root            ${identity.files.rootCertificate}`);
  console.log(`  variables       ${identity.files.kinoraVars}`);
  console.log(`                  ${identity.files.provenanceVars}`);
}
