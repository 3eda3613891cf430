/**
 * A software authenticator: makes the bytes a real one makes (WebAuthn Level 3 §6.1 authenticator data, §6.5.4 attestation object with
 * format "none", §7.2 assertion signatures), ES256 only. Every field can be bent, so that tests can be the attacker.
 */
import { encode } from 'cborg';

interface Credential {
  readonly id: Uint8Array<ArrayBuffer>;
  readonly keys: CryptoKeyPair;
  readonly rpId: string;
  readonly userHandle: string;
  counter: number;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
  readonly authenticatorSelection?: { readonly residentKey?: string };
}

export interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
  readonly allowCredentials?: readonly unknown[];
}

export interface Bend {
  readonly origin?: string;
  readonly challenge?: string;
  readonly rpId?: string;
  readonly userHandle?: string | null;
  readonly counter?: number;
  /** Claims another credential's id while signing with this one's key. */
  readonly credentialId?: string;
  readonly flags?: number;
  readonly type?: string;
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

const utf8 = (text: string) => Uint8Array.from(new TextEncoder().encode(text));
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function bigEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from(
    { length: bytes },
    (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256,
  );
}

/** WebCrypto signs r‖s; WebAuthn carries ASN.1 DER (RFC 3279 §2.2.3). */
function derSignature(raw: Uint8Array): Uint8Array {
  const integer = (part: Uint8Array) => {
    let start = 0;
    while (start < part.length - 1 && part[start] === 0) start += 1;
    const trimmed = part.slice(start);
    const value = (trimmed[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), trimmed) : trimmed;
    return concat(Uint8Array.of(0x02, value.length), value);
  };
  const body = concat(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return concat(Uint8Array.of(0x30, body.length), body);
}

/** User present and verified; with attested credential data. */
const flag = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 } as const;

export class Authenticator {
  readonly credentials: Credential[] = [];
  readonly origin: string;

  constructor(origin = 'http://localhost') {
    this.origin = origin;
  }

  /** The credential made last. */
  get latest(): Credential {
    const credential = this.credentials.at(-1);
    if (credential === undefined) throw new Error('this authenticator has no credential');
    return credential;
  }

  async create(options: CreationOptions, bend: Bend = {}) {
    if (options.authenticatorSelection?.residentKey !== 'required')
      throw new Error('a passkey must be discoverable');
    const excluded = new Set(options.excludeCredentials?.map(({ id }) => id));
    if (this.credentials.some(({ id }) => excluded.has(base64url(id)))) throw new Error('InvalidStateError');
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    if (!('publicKey' in keys)) throw new Error('not a key pair');
    const id = crypto.getRandomValues(new Uint8Array(32));
    const credential: Credential = {
      id,
      keys,
      rpId: options.rp.id ?? '',
      userHandle: options.user.id,
      counter: 0,
    };
    this.credentials.push(credential);
    return this.attest(credential, options.challenge, bend);
  }

  /** An attestation of a credential that exists, for any challenge. */
  async attest(credential: Credential, challenge: string, bend: Bend = {}) {
    const jwk = await crypto.subtle.exportKey('jwk', credential.keys.publicKey);
    if (!('x' in jwk) || jwk.x === undefined || jwk.y === undefined) throw new Error('not an EC key');
    const coordinate = (text: string) =>
      Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    // COSE_Key: kty EC2, alg ES256, crv P-256, x, y (RFC 9053).
    const coseKey = encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinate(jwk.x)],
        [-3, coordinate(jwk.y)],
      ]),
    );
    const authData = concat(
      await sha256(utf8(bend.rpId ?? credential.rpId)),
      Uint8Array.of(bend.flags ?? flag.userPresent | flag.userVerified | flag.attested),
      bigEndian(bend.counter ?? credential.counter, 4),
      new Uint8Array(16),
      bigEndian(credential.id.length, 2),
      credential.id,
      coseKey,
    );
    const id = base64url(credential.id);
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
      response: {
        clientDataJSON: this.#clientData(bend.type ?? 'webauthn.create', challenge, bend),
        attestationObject: base64url(encode({ fmt: 'none', attStmt: {}, authData })),
        transports: ['internal'],
      },
    };
  }

  async get(options: RequestOptions, bend: Bend = {}, credential = this.latest) {
    credential.counter += 1;
    const clientDataJSON = this.#clientData(bend.type ?? 'webauthn.get', options.challenge, bend);
    const authenticatorData = concat(
      await sha256(utf8(bend.rpId ?? credential.rpId)),
      Uint8Array.of(bend.flags ?? flag.userPresent | flag.userVerified),
      bigEndian(bend.counter ?? credential.counter, 4),
    );
    const clientData = Uint8Array.from(atob(clientDataJSON.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    const signed = concat(authenticatorData, await sha256(clientData));
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      credential.keys.privateKey,
      signed,
    );
    const id = bend.credentialId ?? base64url(credential.id);
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        authenticatorData: base64url(authenticatorData),
        signature: base64url(derSignature(new Uint8Array(signature))),
        userHandle: bend.userHandle === undefined ? credential.userHandle : bend.userHandle,
      },
    };
  }

  #clientData(type: string, challenge: string, bend: Bend): string {
    const clientData = {
      type,
      challenge: bend.challenge ?? challenge,
      origin: bend.origin ?? this.origin,
      crossOrigin: false,
    };
    return base64url(utf8(JSON.stringify(clientData)));
  }
}
