/**
 * Seals and opens face templates. Invariants: every template has a random key of its own and is never written anywhere unsealed, not
 * even into an outbox on its way; without the template's wrapped key nothing opens it, so destroying that erases it (K-21); the clear
 * numbers are wiped as soon as they are not needed. Called by InspectionQueue (seals what a node reports) and by FaceIndex.
 */
import type { SealedTemplate, TemplateContext } from './rpc.ts';

/** The secret this reads: 32 bytes in base64. */
export interface VaultSecrets {
  readonly BIOMETRICS_KEY: string;
}

const wrapping = new Map<string, Promise<CryptoKey>>();

function wrappingKey({ BIOMETRICS_KEY: secret }: VaultSecrets): Promise<CryptoKey> {
  const known = wrapping.get(secret);
  if (known !== undefined) return known;
  const raw = fromBase64(secret);
  if (raw.length !== 32) throw new Error('BIOMETRICS_KEY must be 32 bytes in base64');
  const key = crypto.subtle.importKey('raw', raw, 'AES-KW', false, ['wrapKey', 'unwrapKey']);
  wrapping.set(secret, key);
  return key;
}

/** @param embedding single-precision numbers, as the model gives them */
export async function sealTemplate(
  secrets: VaultSecrets,
  context: TemplateContext,
  embedding: ArrayLike<number>,
): Promise<SealedTemplate> {
  const kek = await wrappingKey(secrets);
  const clear = Float32Array.from(embedding);
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  if (!('algorithm' in key)) throw new Error('not one key');
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await crypto.subtle.encrypt(cipher(iv, context), key, clear);
  clear.fill(0);
  const wrappedKey = await crypto.subtle.wrapKey('raw', key, kek, 'AES-KW');
  return { wrappedKey: toBase64(wrappedKey), iv: toBase64(iv), ciphertext: toBase64(ciphertext) };
}

/** The embedding; the caller wipes it. @throws when it was sealed for something else, under another BIOMETRICS_KEY, or was changed */
export async function openTemplate(
  secrets: VaultSecrets,
  context: TemplateContext,
  sealed: SealedTemplate,
): Promise<Float32Array> {
  const key = await crypto.subtle.unwrapKey(
    'raw',
    fromBase64(sealed.wrappedKey),
    await wrappingKey(secrets),
    'AES-KW',
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  return new Float32Array(
    await crypto.subtle.decrypt(cipher(fromBase64(sealed.iv), context), key, fromBase64(sealed.ciphertext)),
  );
}

function cipher(iv: Uint8Array<ArrayBuffer>, context: TemplateContext): SubtleCryptoEncryptAlgorithm {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(context) };
}

function toBase64(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
}

/** By index: going through the text as an iterable costs more than the decryption. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
