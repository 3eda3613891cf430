/** Laws of comparing: what holds for any two films, whatever they show. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hamming, hashFromHex, hashToHex, mirrored } from '../../core/fingerprint/hash.ts';
import { compareAudio, compareFingerprints } from '../../core/fingerprint/index.ts';
import { type Fingerprints, fingerprintAlgorithm } from '../../schemas/fingerprint.ts';

/** Hashes of pictures that have nothing in common: plain numbers would shrink to ones that are all alike. */
const hex = fc
  .integer({ min: 1, max: 2 ** 31 })
  .map((seed) => createHash('sha256').update(String(seed)).digest('hex'));
const frames = fc
  .array(fc.array(hex, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 6 })
  .map((views) => views.map((of, i) => ({ at: i / 2, quality: 100, views: of })));
const film = frames.map((of): Fingerprints => ({ algorithm: fingerprintAlgorithm, frames: of, audio: null }));
const bits = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 31 });

function flip(text: string, places: readonly number[]): string {
  return places
    .reduce((value, place) => value ^ (1n << BigInt(place)), BigInt(`0x${text}`))
    .toString(16)
    .padStart(64, '0');
}

test('a hash comes back from its hex form; distance is a metric that mirroring keeps', () => {
  fc.assert(
    fc.property(hex, hex, hex, (a, b, c) => {
      const [x, y, z] = [hashFromHex(a), hashFromHex(b), hashFromHex(c)];
      expect(hashToHex(x)).toBe(a);
      expect(hamming(x, x)).toBe(0);
      expect(hamming(x, y)).toBe(hamming(y, x));
      expect(hamming(x, z)).toBeLessThanOrEqual(hamming(x, y) + hamming(y, z));
      expect(hamming(mirrored(x), mirrored(y))).toBe(hamming(x, y));
      expect(hamming(mirrored(x), y)).toBe(hamming(x, mirrored(y)));
    }),
  );
});

test('a hash with so many other bits is that far away', () => {
  fc.assert(
    fc.property(hex, bits, (text, places) => {
      expect(hamming(hashFromHex(text), hashFromHex(flip(text, places)))).toBe(places.length);
    }),
  );
});

test('a film is itself', () => {
  fc.assert(
    fc.property(film, (one) => {
      const compared = compareFingerprints(one, one);
      expect(compared).toMatchObject({ agrees: true, similarity: 100 });
      expect(compared.pairs.every(({ distance }) => distance === 0)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('of two films of one frame each, either finds the other or neither does', () => {
  const one = hex.map((text) => [{ at: 0, quality: 100, views: [text] }]);
  const places = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 80 });
  fc.assert(
    fc.property(one, places, fc.boolean(), ([frame], flips, turn) => {
      const text = frame?.views[0] ?? '';
      const other = flip(turn ? hashToHex(mirrored(hashFromHex(text))) : text, flips);
      const [a, b]: Fingerprints[] = [text, other].map((of) => ({
        algorithm: fingerprintAlgorithm,
        frames: [{ at: 0, quality: 100, views: [of] }],
        audio: null,
      }));
      if (a === undefined || b === undefined) throw new Error('two films');
      const [there, back] = [compareFingerprints(a, b), compareFingerprints(b, a)];
      expect(back.agrees).toBe(there.agrees);
      expect(back.similarity).toBe(there.similarity);
      expect(back.pairs.map(({ distance }) => distance)).toEqual(there.pairs.map(({ distance }) => distance));
      if (flips.length <= 31) expect(there.agrees).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('another frame that agrees never makes a film less alike, another that does not never more', () => {
  fc.assert(
    fc.property(film, film, hex, bits, (query, bank, strange, places) => {
      const before = compareFingerprints(query, bank);
      const known = bank.frames[0]?.views[0] ?? '';
      const more = {
        ...query,
        frames: [...query.frames, { at: 99, quality: 100, views: [flip(known, places)] }],
      };
      const with_ = compareFingerprints(more, bank);
      expect(with_.frames.agreeing).toBe(before.frames.agreeing + 1);
      expect(with_.similarity).toBeGreaterThanOrEqual(before.similarity);
      const less = { ...query, frames: [...query.frames, { at: 99, quality: 100, views: [strange] }] };
      expect(compareFingerprints(less, bank).similarity).toBeLessThanOrEqual(before.similarity);
    }),
    { numRuns: 60 },
  );
});

test('sound is compared alike from both sides, finds a part of itself, and bounds its answer', () => {
  const sound = fc
    .array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 64, maxLength: 160 })
    .map((words) => ({ wordsPerSecond: 43, list: words }));
  const encode = (words: readonly number[]) => ({
    wordsPerSecond: 43,
    words: Buffer.from(Uint32Array.from(words).buffer).swap32().toString('base64'),
  });
  fc.assert(
    fc.property(sound, sound, (a, b) => {
      const [one, two] = [encode(a.list), encode(b.list)];
      const agreement = compareAudio(one, two);
      expect(compareAudio(two, one)).toBe(agreement);
      expect(agreement).toBeGreaterThan(0.3);
      expect(agreement).toBeLessThanOrEqual(1);
      expect(compareAudio(encode(a.list.slice(-64)), one)).toBe(1);
    }),
    { numRuns: 40 },
  );
});
