/** Bytes and SHA-256 as lower-case hex, the form in which R2 and our records compare files. Called across the Workers. */

export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns 64 hex digits; text is hashed as UTF-8 */
export async function hexSha256(content: string | ArrayBuffer | Uint8Array): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}
