/**
 * The local signing certificates. Invariant: a root, once made, is kept, so that everything signed on this machine stays
 * Trusted on it; only the signing certificate is replaced, before it expires. Called by local-identity.ts.
 * @see C2PA 2.4 §14.5.1 (certificate profile), C2PA certificate policy: assurance level 1 leaves live at most 366 days
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

/** A certificate and its private key, both PEM (PKCS#8). */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const claimSigningEku = '1.3.6.1.4.1.62558.2.1';
const dayMs = 86_400_000;
const rootDays = 3650;
const leafDays = 365;
/** Clocks of other machines may be behind ours. */
const backdatedMs = dayMs;
const renewBeforeMs = 30 * dayMs;

/** A new development root. */
export async function createRoot(now: Date): Promise<CertifiedKey> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Kinora Development Root, O=Kinora',
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() + rootDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certifiedKey(certificate, keys.privateKey);
}

/** A signing certificate issued by `root`. */
export async function issueSigner(root: CertifiedKey, now: Date): Promise<CertifiedKey> {
  const issuer = new X509Certificate(root.certificate);
  const [pkcs8] = PemConverter.decode(root.privateKey);
  if (pkcs8 === undefined) throw new Error('the key of the development root is not PEM');
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=Kinora Development Signer, O=Kinora',
    issuer: issuer.subject,
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(Math.min(now.getTime() - backdatedMs + leafDays * dayMs, issuer.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([claimSigningEku]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return certifiedKey(certificate, keys.privateKey);
}

/** Whether the signer was issued by this root and stays valid long enough not to expire in use. */
export async function isCurrent(signer: CertifiedKey, root: CertifiedKey, now: Date): Promise<boolean> {
  const certificate = new X509Certificate(signer.certificate);
  const issued = await certificate.verify({
    publicKey: new X509Certificate(root.certificate).publicKey,
    date: now,
  });
  return issued && certificate.notAfter.getTime() - now.getTime() > renewBeforeMs;
}

/** Whether a root can still issue signers that outlive the renewal window. */
export function isUsableRoot(root: CertifiedKey, now: Date): boolean {
  return new X509Certificate(root.certificate).notAfter.getTime() - now.getTime() > 2 * renewBeforeMs;
}

async function certifiedKey(certificate: X509Certificate, key: CryptoKey): Promise<CertifiedKey> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    privateKey: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
  };
}

/** Positive, 126 random bits (CA/Browser Forum BR §7.1 asks for 64), as hex. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
