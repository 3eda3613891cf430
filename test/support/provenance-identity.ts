/**
 * Signing identities for tests, made by the same code as the local ones. Invariant: each call is a CA of its own. Called by
 * provenance-setup.ts and Node-side tests that sign.
 */
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { type CertifiedKey, createRoot, issueSigner } from '../../scripts/local-identity/certificates.ts';
import type { SigningSecrets } from './provenance-context.ts';

/** A root, a signer under it, and trust in that root only. */
export async function makeSigningSecrets(now: Date = new Date()): Promise<SigningSecrets> {
  const root = await createRoot(now);
  const signer = await issueSigner(root, now);
  return {
    C2PA_SIGNING_KEY: signer.privateKey,
    C2PA_SIGNING_CHAIN: signer.certificate,
    C2PA_TRUST_ANCHORS: root.certificate,
  };
}

/** A time-stamp authority under a root of its own. */
export interface TimeStampSecrets {
  readonly root: string;
  readonly authority: CertifiedKey;
}

/** @see RFC 3161 §2.3: the one extended key usage of its certificate is time stamping, and critical. */
export async function makeTimeStampSecrets(now: Date = new Date()): Promise<TimeStampSecrets> {
  const root = await createRoot(now);
  const issuer = new X509Certificate(root.certificate);
  const [pkcs8] = PemConverter.decode(root.privateKey);
  if (pkcs8 === undefined) throw new Error('the root has no key');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const day = 86_400_000;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '4a11ce',
    subject: 'CN=Test Time Stamps, O=Kinora',
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 300 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const privateKey = PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return {
    root: root.certificate,
    authority: { certificate: `${certificate.toString('pem')}\n`, privateKey },
  };
}
