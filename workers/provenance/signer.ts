/**
 * Signs claims with ES256, here or remotely. Invariant: a local key never leaves WebCrypto, and no signature is used that does not verify under
 * the certificate it will be sent with. Called by sign.ts through the `ManifestSigner` port.
 */
/// <reference types="node/crypto" />
import { X509Certificate } from 'node:crypto';
import type { ManifestSigner } from '#core/provenance/sign/sign-manifest.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import type { SigningIdentity } from './config.ts';
import { signRemotely } from './signing/remote-signer.ts';

const ecdsa = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A signer for one identity. */
export function manifestSigner(identity: SigningIdentity): ManifestSigner {
  const publicKey = publicKeyOf(identity.chain[0]);
  // Failing later, when it is awaited, is soon enough.
  publicKey.catch(() => undefined);
  return {
    chain: identity.chain,
    sign: async (toBeSigned) => {
      const signature = await signatureBy(identity, toBeSigned);
      if (!signature.ok) return signature;
      const holds = await crypto.subtle.verify(ecdsa, await publicKey, signature.value, toBeSigned);
      return holds
        ? signature
        : fail('provenance_failed', 'The signing key does not belong to the certificate.', {
            reason: 'signature_wrong',
          });
    },
  };
}

async function signatureBy(
  { key }: SigningIdentity,
  toBeSigned: Uint8Array<ArrayBuffer>,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  if (key.kind === 'remote') {
    const digest = await crypto.subtle.digest('SHA-256', toBeSigned);
    return signRemotely(key.service, new Uint8Array(digest));
  }
  return ok(new Uint8Array(await crypto.subtle.sign(ecdsa, key.privateKey, toBeSigned)));
}

async function publicKeyOf(leaf: Uint8Array | undefined): Promise<CryptoKey> {
  if (leaf === undefined) throw new Error('C2PA_SIGNING_CHAIN holds no certificate');
  const spki = new X509Certificate(leaf).publicKey.export({ type: 'spki', format: 'der' });
  return crypto.subtle.importKey(
    'spki',
    new Uint8Array(spki),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['verify'],
  );
}
