/**
 * Signing identities for tests, made by the same code as the local ones. Invariant: each call is a CA of its own. Called by
 * provenance-setup.ts and Node-side tests that sign.
 */
import { createRoot, issueSigner } from '../../scripts/local-identity/certificates.ts';
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
