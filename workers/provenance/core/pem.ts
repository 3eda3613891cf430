/**
 * Reads certificates and keys out of PEM text (RFC 7468). Invariant: what comes back is exactly the DER inside the armour,
 * in file order. Called by config.ts with secrets, which arrive with real line breaks or with `\n` written out.
 */

/** Undoes `\n` escapes that shells and dotenv files leave in multi-line secrets. */
export function normalizePem(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\r\n', '\n').trim();
}

/**
 * All blocks of one kind, decoded.
 * @param label e.g. `CERTIFICATE` or `PRIVATE KEY`
 * @throws Error if a block's base64 is broken; an absent label gives an empty list
 */
export function decodePem(text: string, label: string): Uint8Array<ArrayBuffer>[] {
  const armour = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, 'g');
  return [...normalizePem(text).matchAll(armour)].map((match) =>
    Uint8Array.from(atob((match[1] ?? '').replace(/\s+/g, '')), (char) => char.charCodeAt(0)),
  );
}

/** Each certificate of a bundle as its own PEM text. */
export function splitCertificates(bundle: string): string[] {
  return normalizePem(bundle).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}
