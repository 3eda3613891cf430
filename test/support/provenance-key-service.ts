/**
 * A key service for tests: ES256 over a digest it is given, which WebCrypto cannot do because it hashes by itself. Invariant: the arithmetic of the
 * standard, nothing constant-time about it; never to be used outside tests. Called by provenance-service.ts.
 * @see FIPS 186-5 §6.4.1 (ECDSA), SP 800-186 §3.2.1.3 (P-256)
 */

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const a = p - 3n;
const generator: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];
type Point = readonly [x: bigint, y: bigint];

/**
 * r ‖ s over a SHA-256 digest.
 * @param pkcs8 DER of a P-256 private key
 */
export async function signDigest(pkcs8: Uint8Array<ArrayBuffer>, digest: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ]);
  const jwk = await crypto.subtle.exportKey('jwk', key);
  if (!('d' in jwk) || typeof jwk.d !== 'string') throw new Error('not a private key');
  const scalar = toBigInt(
    Uint8Array.from(atob(jwk.d.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)),
  );
  for (;;) {
    const k = mod(toBigInt(crypto.getRandomValues(new Uint8Array(32))), n);
    const r = k === 0n ? 0n : mod(multiply(k)[0], n);
    const s = r === 0n ? 0n : mod(inverse(k, n) * (toBigInt(digest) + r * scalar), n);
    if (s !== 0n) return Uint8Array.from([...toBytes(r), ...toBytes(s)]);
  }
}

function multiply(k: bigint): Point {
  let result: Point | null = null;
  let doubled = generator;
  for (let left = k; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = result === null ? doubled : add(result, doubled);
    doubled = add(doubled, doubled);
  }
  return result ?? generator;
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const slope =
    x1 === x2 && y1 === y2 ? (3n * x1 * x1 + a) * inverse(2n * y1, p) : (y2 - y1) * inverse(x2 - x1, p);
  const x = mod(slope * slope - x1 - x2, p);
  return [x, mod(slope * (x1 - x) - y1, p)];
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high, left, right]: [bigint, bigint, bigint, bigint] = [mod(value, modulus), modulus, 1n, 0n];
  while (low > 1n) {
    const ratio = high / low;
    [low, high, left, right] = [high - low * ratio, low, right - left * ratio, left];
  }
  return mod(left, modulus);
}

const mod = (value: bigint, modulus: bigint) => ((value % modulus) + modulus) % modulus;
const toBigInt = (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const toBytes = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 0xffn));
