/**
 * The worker's secrets, parsed. Invariant: a missing or malformed secret stops the call with a sentence that names it, and no
 * secret ever reaches a log or an answer. Called by index.ts once per request; keys are parsed once per isolate.
 */
/// <reference types="node/crypto" />
import { X509Certificate } from 'node:crypto';
import type { TimeStamper } from '#core/provenance/sign/sign-manifest.ts';
import { decodePem, normalizePem, splitCertificates } from './core/pem.ts';
import type { Fetch } from './signing/http.ts';
import type { RemoteSigner } from './signing/remote-signer.ts';
import { timeStampClient } from './signing/time-stamp-client.ts';

/** Trust anchors under which a file is called Trusted. */
export interface TrustAnchors {
  /** PEM bundle. */
  readonly pem: string;
  /** Common names, shown with every report. */
  readonly names: readonly string[];
}

/** What makes a signature: a key, here or behind an address, and the certificates that say whose it is. */
export interface SigningIdentity {
  readonly key:
    | { readonly kind: 'local'; readonly privateKey: CryptoKey }
    | { readonly kind: 'remote'; readonly service: RemoteSigner };
  /** DER, leaf first, without the root. */
  readonly chain: readonly Uint8Array[];
}

/** Secrets and settings of this worker, as they arrive. Of key and signer address one is set; the address wins. */
export interface ProvenanceSecrets {
  readonly C2PA_SIGNING_KEY?: string;
  readonly C2PA_SIGNING_CHAIN: string;
  readonly C2PA_TRUST_ANCHORS: string;
  /** Where digests are signed instead of here. */
  readonly SIGNER_URL?: string;
  readonly SIGNER_TOKEN?: string;
  /** An RFC 3161 authority; empty for no time stamps. */
  readonly TSA_URL?: string;
  readonly TSA_TOKEN?: string;
}

/** A key service answers in tens of milliseconds; an authority in hundreds. */
const serviceTimeoutMs = 10_000;

const identities = new Map<string, Promise<SigningIdentity>>();
const anchorSets = new Map<string, TrustAnchors>();

/**
 * The signing identity in the secrets.
 * @param fetcher reaches the remote signer
 * @throws Error naming the secret that is missing or unreadable (a fault of the deployment, not of a request)
 */
export function signingIdentity(
  secrets: ProvenanceSecrets,
  fetcher: Fetch = defaultFetch,
): Promise<SigningIdentity> {
  if (isSet(secrets.SIGNER_URL)) return remoteIdentity(secrets, fetcher);
  const id = `${secrets.C2PA_SIGNING_KEY}\n${secrets.C2PA_SIGNING_CHAIN}`;
  const known = identities.get(id);
  if (known !== undefined) return known;
  const parsed = localIdentity(secrets);
  identities.set(id, parsed);
  // A failure is not kept: the next call reports it again, or works if the secret was corrected.
  parsed.catch(() => identities.delete(id));
  return parsed;
}

/** The time-stamp authority in the settings; null where none is set. */
export function timeStamper(secrets: ProvenanceSecrets, fetcher: Fetch = defaultFetch): TimeStamper | null {
  if (!isSet(secrets.TSA_URL)) return null;
  return timeStampClient({
    url: secrets.TSA_URL,
    token: secrets.TSA_TOKEN ?? '',
    fetch: fetcher,
    timeoutMs: serviceTimeoutMs,
  });
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

async function localIdentity(secrets: ProvenanceSecrets): Promise<SigningIdentity> {
  const [pkcs8] = decodePem(required('C2PA_SIGNING_KEY', secrets.C2PA_SIGNING_KEY), 'PRIVATE KEY');
  if (pkcs8 === undefined) throw new Error('C2PA_SIGNING_KEY is not a PKCS#8 PEM private key');
  const chain = signingChain(secrets);
  const privateKey = await crypto.subtle
    .importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    .catch(() => {
      throw new Error('C2PA_SIGNING_KEY is not a P-256 key (ES256)');
    });
  return { key: { kind: 'local', privateKey }, chain };
}

async function remoteIdentity(secrets: ProvenanceSecrets, fetcher: Fetch): Promise<SigningIdentity> {
  const service = {
    url: required('SIGNER_URL', secrets.SIGNER_URL),
    token: required('SIGNER_TOKEN', secrets.SIGNER_TOKEN),
    fetch: fetcher,
    timeoutMs: serviceTimeoutMs,
  };
  return { key: { kind: 'remote', service }, chain: signingChain(secrets) };
}

function signingChain(secrets: ProvenanceSecrets): Uint8Array[] {
  const chain = decodePem(required('C2PA_SIGNING_CHAIN', secrets.C2PA_SIGNING_CHAIN), 'CERTIFICATE');
  if (chain.length === 0) throw new Error('C2PA_SIGNING_CHAIN holds no PEM certificate');
  return chain;
}

/** The global one, called as a function: workerd refuses it as a method of something else. */
function defaultFetch(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}

function required(name: keyof ProvenanceSecrets, value: string | undefined): string {
  if (!isSet(value)) throw new Error(`the secret ${name} is not set`);
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
