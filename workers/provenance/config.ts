/**
 * The worker's secrets, parsed. Invariant: a missing or malformed secret stops the call with a sentence that names it, and no
 * secret ever reaches a log or an answer. Called by index.ts once per request; keys are parsed once per isolate.
 */
/// <reference types="node/crypto" />
import { X509Certificate } from 'node:crypto';
import { decodePem, normalizePem, splitCertificates } from './core/pem.ts';

/** Trust anchors under which a file is called Trusted. */
export interface TrustAnchors {
  /** PEM bundle. */
  readonly pem: string;
  /** Common names, shown with every report. */
  readonly names: readonly string[];
}

/** What makes a signature: a WebCrypto key and the certificates that say whose it is. */
export interface SigningIdentity {
  readonly privateKey: CryptoKey;
  /** DER, leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
}

/** Secrets of this worker, as they arrive. */
export interface ProvenanceSecrets {
  readonly C2PA_SIGNING_KEY: string;
  readonly C2PA_SIGNING_CHAIN: string;
  readonly C2PA_TRUST_ANCHORS: string;
}

const identities = new Map<string, Promise<SigningIdentity>>();
const anchorSets = new Map<string, TrustAnchors>();

/**
 * The signing identity in the secrets.
 * @throws Error naming the secret that is missing or unreadable (a fault of the deployment, not of a request)
 */
export function signingIdentity(secrets: ProvenanceSecrets): Promise<SigningIdentity> {
  const id = `${secrets.C2PA_SIGNING_KEY}\n${secrets.C2PA_SIGNING_CHAIN}`;
  const known = identities.get(id);
  if (known !== undefined) return known;
  const parsed = parseIdentity(secrets);
  identities.set(id, parsed);
  // A failure is not kept: the next call reports it again, or works if the secret was corrected.
  parsed.catch(() => identities.delete(id));
  return parsed;
}

/**
 * The trust anchors in the secrets.
 * @throws Error if there is no certificate in them
 */
export function trustAnchors(secrets: Pick<ProvenanceSecrets, 'C2PA_TRUST_ANCHORS'>): TrustAnchors {
  const text = secrets.C2PA_TRUST_ANCHORS;
  const known = anchorSets.get(text);
  if (known !== undefined) return known;
  const certificates = splitCertificates(required('C2PA_TRUST_ANCHORS', text));
  if (certificates.length === 0) throw new Error('C2PA_TRUST_ANCHORS holds no PEM certificate');
  const anchors = { pem: normalizePem(text), names: certificates.map(nameOf) };
  anchorSets.set(text, anchors);
  return anchors;
}

async function parseIdentity(secrets: ProvenanceSecrets): Promise<SigningIdentity> {
  const [pkcs8] = decodePem(required('C2PA_SIGNING_KEY', secrets.C2PA_SIGNING_KEY), 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('C2PA_SIGNING_KEY is not a PKCS#8 PEM private key');
  const chain = decodePem(required('C2PA_SIGNING_CHAIN', secrets.C2PA_SIGNING_CHAIN), 'CERTIFICATE');
  if (chain.length === 0) throw new Error('C2PA_SIGNING_CHAIN holds no PEM certificate');
  const privateKey = await crypto.subtle
    .importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    .catch(() => {
      throw new Error('C2PA_SIGNING_KEY is not a P-256 key (ES256)');
    });
  return { privateKey, chain };
}

function required(name: keyof ProvenanceSecrets, value: string | undefined): string {
  if (value === undefined || value.trim() === '') throw new Error(`the secret ${name} is not set`);
  return value;
}

/** Common name, else organisation, of a certificate's subject. */
function nameOf(pem: string): string {
  const subject = new X509Certificate(pem).subject;
  const field = (key: string) =>
    subject
      .split('\n')
      .find((line) => line.startsWith(`${key}=`))
      ?.slice(key.length + 1);
  return field('CN') ?? field('O') ?? subject.replaceAll('\n', ', ');
}
