/**
 * A fingerprint as the value of a C2PA soft binding (`c2pa.soft-binding`, `/matches/byBinding`). The form is ours: the PDQ hashes of the
 * frames' whole picture, 32 bytes each, highest bit first, one behind the other; a single hash is a set of one. Times and further views are left
 * out: a value has to fit into a manifest. Called by the signer's callers and by the resolution routes.
 */
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { hamming, hashFromHex, noHash } from './hash.ts';

const hashBytes = 32;
/** Hashes of a set: two kilobytes, within what a sign request takes (schemas/provenance.ts `softBindings`). */
export const maxBindingHashes = 64;
/** A frame this near to one before adds nothing to the set. */
const sameFrame = 12;

/** Base64; null when no frame has a hash. */
export function bindingValueOf({ frames }: Pick<Fingerprints, 'frames'>): string | null {
  const kept: string[] = [];
  for (const { views } of frames) {
    const hex = views[0];
    if (hex === undefined || hex === noHash) continue;
    if (kept.some((other) => hamming(hashFromHex(hex), hashFromHex(other)) <= sameFrame)) continue;
    kept.push(hex);
  }
  if (kept.length === 0) return null;
  const step = Math.max(1, kept.length / maxBindingHashes);
  const chosen = Array.from(
    { length: Math.min(kept.length, maxBindingHashes) },
    (_, i) => kept[Math.floor(i * step)],
  );
  const bytes = chosen.join('').match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))));
}

/** The frames of a value, one second apart for want of times; null unless it is base64 of 1 to 64 hashes. */
export function framesOfBindingValue(value: string): Fingerprints['frames'] | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return null;
  const binary = atob(value);
  const count = binary.length / hashBytes;
  if (!Number.isInteger(count) || count < 1 || count > maxBindingHashes) return null;
  return Array.from({ length: count }, (_, i) => ({
    at: i,
    quality: 100,
    views: [
      Array.from(binary.slice(i * hashBytes, (i + 1) * hashBytes), (char) =>
        char.charCodeAt(0).toString(16).padStart(2, '0'),
      ).join(''),
    ],
  }));
}
