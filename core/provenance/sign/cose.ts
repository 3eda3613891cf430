/**
 * The COSE_Sign1 around a C2PA claim. Invariant: the result is exactly as long as was reserved for it in the asset, or it is
 * an error: one byte more or less would shift what the hard binding has already hashed. Called by sign-manifest.ts.
 * @see RFC 9052 §4.2 and §4.4 (COSE_Sign1, Sig_structure), RFC 9360 §2 (x5chain), C2PA 2.4 §13.2 (pad, detached payload)
 */
import { encode, Tagged } from 'cborg';

const coseSign1Tag = 18;
const header = { alg: 1, x5chain: 33 } as const;
const es256 = -7;
/** Room for `pad` at least, so long that its CBOR length prefix has a fixed width (256 … 65535). */
const padBytes = 512;
const widestPad = 0xffff;

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

/**
 * The bytes a time-stamp authority vouches for in `sigTst2`: a countersignature over the finished signature, as a CBOR byte string.
 * @see C2PA 2.4 §10.3.2.5 (countersigned time stamps), RFC 9338 §3.3
 */
export function encodeCountersignStructure(
  protectedHeader: Uint8Array,
  signature: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode(['CounterSignature', protectedHeader, new Uint8Array(), encode(signature)]));
}

/**
 * Size to reserve in the asset for a signature with this header.
 * @param tokenBytes room for a time-stamp token; 0 without one
 */
export function reserveSize(protectedHeader: Uint8Array, tokenBytes = 0): number {
  const empty = envelope(protectedHeader, new Uint8Array(es256SignatureBytes), padBytes, null).length;
  return empty + (tokenBytes === 0 ? 0 : tokenBytes + padBytes);
}

/**
 * The tagged COSE_Sign1 with detached payload, padded to `size`.
 * @param token RFC 3161 TimeStampToken, DER, for `sigTst2`; null without one
 * @throws Error if the signature is not ES256-sized or does not fit, which would leave the reserved space wrongly filled
 */
export function encodeCoseSign1(
  protectedHeader: Uint8Array,
  signature: Uint8Array,
  size: number,
  token: Uint8Array | null = null,
): Uint8Array<ArrayBuffer> {
  const smallest = envelope(protectedHeader, signature, padBytes, token).length;
  const pad = Math.min(widestPad, Math.max(0, padBytes + size - smallest));
  const sized = envelope(protectedHeader, signature, pad, token);
  if (signature.length !== es256SignatureBytes || sized.length !== size) {
    throw new Error(`COSE_Sign1 is ${sized.length} bytes where ${size} were reserved`);
  }
  return sized;
}

function envelope(
  protectedHeader: Uint8Array,
  signature: Uint8Array,
  pad: number,
  token: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  const stamp = token === null ? {} : { sigTst2: { tstTokens: [{ val: token }] } };
  return new Uint8Array(
    encode(
      new Tagged(coseSign1Tag, [protectedHeader, { ...stamp, pad: new Uint8Array(pad) }, null, signature]),
    ),
  );
}
