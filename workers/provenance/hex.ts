/** SHA-256 as lower-case hex, the form in which R2 and our records compare files. Called by sign.ts. */

/** @returns 64 hex digits */
export async function hexSha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
