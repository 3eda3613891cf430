/** Multi-index hashing against looking at every hash. */
import { describe, expect, test } from 'vitest';
import { ClipIndex, probesOf } from '../../core/fingerprint/clip-index.ts';
import { hammingAt, hashWords } from '../../core/fingerprint/hash.ts';
import { HashIndex } from '../../core/fingerprint/hash-index.ts';

function hashes(count: number, seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: count * hashWords }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return Math.imul(state ^ (state >>> 13), 0x85ebca6b) >>> 0;
  });
}

function flip(words: Uint32Array, from: number, bits: readonly number[]): Uint32Array {
  const hash = words.slice(from, from + hashWords);
  for (const bit of bits) hash[bit >>> 5] = ((hash[bit >>> 5] ?? 0) ^ (1 << (bit & 31))) >>> 0;
  return hash;
}

/** So many places of 256, wherever. */
function spread(count: number, seed: number): number[] {
  const places = Array.from({ length: 256 }, (_, i) => i);
  const order = hashes(32, seed + 1_000);
  return places.sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0)).slice(0, count);
}

describe('a hash index', () => {
  const count = 20_000;
  const all = hashes(count, 1);
  const built = (slots: 8 | 16) => {
    const index = new HashIndex(slots);
    for (let i = 0; i < count; i++) index.add(all, i * hashWords, i);
    return index;
  };

  test('finds what looking at everything finds within 31 bits, and each once', () => {
    const index = built(16);
    for (let at = 0; at < 200; at++) {
      const query = flip(all, at * 77 * hashWords, spread(at % 32, at));
      const expected: string[] = [];
      for (let i = 0; i < count; i++) {
        const distance = hammingAt(query, 0, all, i * hashWords);
        if (distance <= 31) expected.push(`${i}:${distance}`);
      }
      const found: string[] = [];
      index.search(query, 0, 31, 1, (owner, distance) => found.push(`${owner}:${distance}`));
      expect(found.sort()).toEqual(expected.sort());
      expect(found).toContain(`${at * 77}:${at % 32}`);
    }
  });

  test('of half the slots finds nearly all of that', () => {
    const index = built(8);
    let hits = 0;
    for (let at = 0; at < 300; at++) {
      const query = flip(all, at * 61 * hashWords, spread(20, at));
      index.search(query, 0, 31, 1, (owner) => {
        if (owner === at * 61) hits++;
      });
    }
    expect(hits).toBeGreaterThanOrEqual(297);
    expect(index.bytes).toBeLessThan(built(16).bytes * 0.7);
  });

  test('does not find what was removed', () => {
    const index = built(16);
    index.remove(5);
    const found: number[] = [];
    index.search(all, 5 * hashWords, 31, 1, (owner) => found.push(owner));
    expect(found).toEqual([]);
    expect(index.size).toBe(count - 1);
    index.search(all, 6 * hashWords, 31, 1, (owner) => found.push(owner));
    expect(found).toEqual([6]);
  });
});

describe('a clip index', () => {
  const film = (seed: number) => ({
    at: Array.from({ length: 8 }, (_, i) => i / 2),
    views: 11,
    words: hashes(8 * 11, seed),
  });

  test('lists the clip with most frames in common first, and no clip that was removed', () => {
    const index = new ClipIndex(8);
    for (let owner = 0; owner < 50; owner++) index.add(owner, probesOf(film(100 + owner)));
    const collage = film(107);
    collage.words.set(film(120).words.subarray(0, 2 * 11 * hashWords));
    expect(index.candidates(collage, 5).map(({ owner }) => owner)).toEqual([7, 20]);
    index.remove(7);
    expect(index.candidates(collage, 5).map(({ owner }) => owner)).toEqual([20]);
    expect(index.candidates(film(999), 5)).toEqual([]);
  });

  test('keeps one probe of a still scene', () => {
    const still = film(3);
    for (let frame = 1; frame < 8; frame++) still.words.copyWithin(frame * 11 * hashWords, 0, 11 * hashWords);
    expect(probesOf(still).length).toBe(11 * hashWords);
    expect(probesOf(film(3)).length).toBe(8 * 11 * hashWords);
  });
});
