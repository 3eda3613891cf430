/**
 * Signs claims with ES256. Invariant: the private key never leaves WebCrypto, and the COSE_Sign1 fills its reserved space
 * exactly. Called by c2pa.ts; c2pa-rs calls back with the claim's bytes.
 */
import type { SigningIdentity } from './config.ts';
import { encodeCoseSign1, encodeProtectedHeader, encodeSigStructure, reserveSize } from './core/cose.ts';

/** The signer c2pa-wasm asks for. */
export interface ClaimSigner {
  readonly alg: 'es256';
  readonly reserveSize: number;
  /** @param claim CBOR bytes of the claim, the detached payload */
  sign(claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** A signer for one identity. */
export function claimSigner(identity: SigningIdentity): ClaimSigner {
  const protectedHeader = encodeProtectedHeader(identity.chain);
  const size = reserveSize(protectedHeader);
  return {
    alg: 'es256',
    reserveSize: size,
    sign: async (claim) => {
      const toBeSigned = encodeSigStructure(protectedHeader, claim);
      const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        identity.privateKey,
        toBeSigned,
      );
      return encodeCoseSign1(protectedHeader, new Uint8Array(signature), size);
    },
  };
}
