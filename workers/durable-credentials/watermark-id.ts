/**
 * What is drawn from WATERMARK_KEY. Invariants: the same generation always bears the same mark, and nobody without the key can say which;
 * the key itself leaves this file for nowhere, a render node gets only what embeds and detects. Called when a lease of a render job or of
 * a media inspection is answered, and when a rendition is registered.
 */
import type { Id } from '#schemas/ids.ts';
import type { WatermarkId } from '#schemas/provenance.ts';
import { toHex } from '../encoding/hex.ts';

const markBytes = 5;
const keyBytes = 32;

/**
 * The payload of a generation's invisible mark: the first 40 bits of HMAC-SHA-256(key, "watermark-id:" + generation id). Two generations
 * collide with a probability of 2⁻⁴⁰ a pair, which is why a mark only locates.
 * @param secret WATERMARK_KEY: 32 bytes in base64
 */
export async function watermarkIdOf(
  secret: string,
  generationId: Id<'gen'> | Id<'upl'>,
): Promise<WatermarkId> {
  const mac = await hmac(secret, `watermark-id:${generationId}`);
  return toHex(mac.slice(0, markBytes));
}

/** The key from which a node draws carriers, base64 of 32 bytes: HMAC-SHA-256(key, "carriers"). It says nothing about marks' ids. */
export async function carrierKey(secret: string): Promise<string> {
  return btoa(String.fromCharCode(...new Uint8Array(await hmac(secret, 'carriers'))));
}

/** @throws Error naming the secret if it is not 32 bytes of base64 */
async function hmac(secret: string, message: string): Promise<ArrayBuffer> {
  const raw = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
  if (raw.length !== keyBytes) throw new Error('WATERMARK_KEY must be 32 bytes in base64');
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', key, new TextEncoder().encode(message));
}
