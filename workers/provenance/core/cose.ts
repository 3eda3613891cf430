/**
 * The COSE_Sign1 around a C2PA claim. Invariant: the result is exactly as long as was reserved for it in the asset, or it is
 * an error: one byte more or less would shift what the hard binding has already hashed. Called by signer.ts.
 * @see RFC 9052 §4.2 and §4.4 (COSE_Sign1, Sig_structure), RFC 9360 §2 (x5chain), C2PA 2.4 §13.2 (pad, detached payload)
 */
import { encode, Tagged } from 'cborg';

const coseSign1Tag = 18;
const header = { alg: 1, x5chain: 33 } as const;
const es256 = -7;
/** Room for `pad`, long enough that its CBOR length prefix has a fixed width (256 … 65535). */
const padBytes = 512;

/** ES256 signatures are r ‖ s, 32 bytes each (RFC 9053 §2.1), which is what WebCrypto returns. */
export const es256SignatureBytes = 64;

/**
 * The protected header: algorithm and certificate chain.
 * @param chain DER, leaf first; one certificate is a byte string, several are an array (RFC 9360 §2)
 */
export function encodeProtectedHeader(chain: readonly Uint8Array[]): Uint8Array {
  return encode(
    new Map<number, unknown>([
      [header.alg, es256],
      [header.x5chain, chain.length === 1 ? chain[0] : chain],
    ]),
  );
}

/** The bytes that get signed: `["Signature1", protected, external_aad, payload]`. */
export function encodeSigStructure(
  protectedHeader: Uint8Array,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode(['Signature1', protectedHeader, new Uint8Array(), payload]));
}

/** Size to reserve in the asset for a signature with this header. */
export function reserveSize(protectedHeader: Uint8Array): number {
  return envelope(protectedHeader, new Uint8Array(es256SignatureBytes), padBytes).length;
}

/**
 * The tagged COSE_Sign1 with detached payload, padded to `size`.
 * @throws Error if the signature is not ES256-sized, which would leave the reserved space wrongly filled
 */
export function encodeCoseSign1(
  protectedHeader: Uint8Array,
  signature: Uint8Array,
  size: number,
): Uint8Array<ArrayBuffer> {
  const sized = envelope(protectedHeader, signature, padBytes + size - reserveSize(protectedHeader));
  if (signature.length !== es256SignatureBytes || sized.length !== size) {
    throw new Error(`COSE_Sign1 is ${sized.length} bytes where ${size} were reserved`);
  }
  return sized;
}

function envelope(protectedHeader: Uint8Array, signature: Uint8Array, pad: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    encode(
      new Tagged(coseSign1Tag, [protectedHeader, { pad: new Uint8Array(Math.max(0, pad)) }, null, signature]),
    ),
  );
}
