/** Signed cursors: what a client sends back is what we gave it. HMAC-SHA-256 over the payload, both base64url. */

import type { z } from 'zod';
import { fail, ok, type Result } from '#schemas/result.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

const encoder = new TextEncoder();
const keys = new Map<string, Promise<CryptoKey>>();

function keyFor(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = crypto.subtle.importKey(
    'raw',
    encoder.encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  keys.set(secret, key);
  return key;
}

export async function signCursor(secret: string, payload: unknown): Promise<string> {
  const bytes = encoder.encode(JSON.stringify(payload));
  const signature = await crypto.subtle.sign('HMAC', await keyFor(secret), bytes);
  return `${encodeBase64url(bytes)}.${encodeBase64url(new Uint8Array(signature))}`;
}

/** Fails with cursor_invalid for anything that was not signed by us or has another shape. */
export async function openCursor<T extends z.ZodType>(
  secret: string,
  cursor: string,
  schema: T,
): Promise<Result<z.output<T>>> {
  try {
    const [payload = '', signature = ''] = cursor.split('.');
    const [bytes, mac] = [decodeBase64url(payload), decodeBase64url(signature)];
    if (bytes === null || mac === null) return fail('cursor_invalid');
    if (!(await crypto.subtle.verify('HMAC', await keyFor(secret), mac, bytes)))
      return fail('cursor_invalid');
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? ok(parsed.data) : fail('cursor_invalid');
  } catch {
    return fail('cursor_invalid');
  }
}
