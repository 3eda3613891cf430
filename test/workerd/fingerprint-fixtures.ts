/** Fingerprints for tests of what stores and searches them: made of random hashes, so that two films have nothing in common. */
import { bankViews } from '#core/fingerprint/views.ts';
import { type Fingerprints, fingerprintAlgorithm } from '#schemas/fingerprint.ts';

export function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** The same hash with so many other bits. */
export function nudged(hex: string, bits: number): string {
  let value = BigInt(`0x${hex}`);
  const places = new Set<number>();
  while (places.size < bits) places.add(Math.floor(Math.random() * 256));
  for (const place of places) value ^= 1n << BigInt(place);
  return value.toString(16).padStart(64, '0');
}

/** A film of so many seconds, two frames each. */
export function newFilm(seconds = 3): Fingerprints {
  return {
    algorithm: fingerprintAlgorithm,
    frames: Array.from({ length: seconds * 2 }, (_, i) => ({
      at: i / 2,
      quality: 100,
      views: bankViews.map(() => randomHex()),
    })),
    audio: null,
  };
}

/** An edited copy: every hash differs by so many bits, and only these frames are left. */
export function copyOf(film: Fingerprints, bits = 10, from = 0, to = film.frames.length): Fingerprints {
  return {
    ...film,
    frames: film.frames.slice(from, to).map((frame) => ({
      ...frame,
      at: frame.at - from / 2,
      views: frame.views.map((hex) => nudged(hex, bits)),
    })),
  };
}
