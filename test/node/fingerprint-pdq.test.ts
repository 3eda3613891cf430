/**
 * PDQ against a second implementation, written straight from the definition in double precision, and against hashes that Meta published. Meta calls
 * an implementation conformant when it differs in at most 10 of 256 bits at quality 80 and above.
 */
import { describe, expect, test } from 'vitest';
import { innerOf } from '../../core/fingerprint/bars.ts';
import { hamming, hashFromHex, hashToHex, mirrored } from '../../core/fingerprint/hash.ts';
import { pdq, pdqOfSamples } from '../../core/fingerprint/pdq.ts';
import { reduce, SummedPicture } from '../../core/fingerprint/picture.ts';
import { type Drawing, drawing, noise } from '../support/drawings.ts';

/** Every formula as it is written, nothing shared, nothing clever. */
function reference(luma: ArrayLike<number>, width: number, height: number): { hex: string; quality: number } {
  let picture = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => Number(luma[y * width + x])),
  );
  const box = (line: number[], window: number) => {
    const ahead = Math.floor((window + 2) / 2);
    return line.map((_, i) => {
      const part = line.slice(Math.max(0, i - (window - ahead)), i + ahead);
      return part.reduce((a, b) => a + b, 0) / part.length;
    });
  };
  const transpose = (rows: number[][]) => (rows[0] ?? []).map((_, x) => rows.map((row) => row[x] ?? 0));
  for (let pass = 0; pass < 2; pass++) {
    picture = picture.map((row) => box(row, Math.ceil(width / 128)));
    picture = transpose(transpose(picture).map((column) => box(column, Math.ceil(height / 128))));
  }
  const small = Array.from({ length: 64 }, (_, i) =>
    Array.from(
      { length: 64 },
      (_, j) => picture[Math.floor(((i + 0.5) * height) / 64)]?.[Math.floor(((j + 0.5) * width) / 64)] ?? 0,
    ),
  );
  const coefficients: number[] = [];
  for (let u = 1; u <= 16; u++) {
    for (let v = 1; v <= 16; v++) {
      let sum = 0;
      for (let y = 0; y < 64; y++) {
        for (let x = 0; x < 64; x++) {
          sum +=
            (small[y]?.[x] ?? 0) *
            Math.cos((Math.PI / 128) * u * (2 * y + 1)) *
            Math.cos((Math.PI / 128) * v * (2 * x + 1));
        }
      }
      coefficients.push((sum * 2) / 64);
    }
  }
  const median = [...coefficients].sort((a, b) => a - b)[127] ?? 0;
  const bits = coefficients.map((value): bigint => (value > median ? 1n : 0n));
  const hex = bits
    .reduce((all, bit, i) => all | (bit << BigInt(i)), 0n)
    .toString(16)
    .padStart(64, '0');
  let gradient = 0;
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const here = small[y]?.[x] ?? 0;
      const right = small[y]?.[x + 1];
      const below = small[y + 1]?.[x];
      if (right !== undefined) gradient += Math.abs(Math.trunc(((here - right) * 100) / 255));
      if (below !== undefined) gradient += Math.abs(Math.trunc(((here - below) * 100) / 255));
    }
  }
  return { hex, quality: Math.min(100, Math.floor(gradient / 90)) };
}

const sizes: [number, number][] = [
  [64, 64],
  [128, 128],
  [200, 133],
  [320, 180],
  [181, 321],
  [40, 30],
];

describe('PDQ', () => {
  test.each(sizes)('of drawn pictures of %i × %i is that of the reference', (width, height) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { luma } = drawing({ seed, width, height });
      const [ours, theirs] = [pdq(luma, width, height), reference(luma, width, height)];
      expect(Math.abs(ours.quality - theirs.quality)).toBeLessThanOrEqual(1);
      if (theirs.quality >= 80) expect(hamming(ours.hash, hashFromHex(theirs.hex))).toBeLessThanOrEqual(6);
      expect(hamming(ours.hash, hashFromHex(theirs.hex))).toBeLessThanOrEqual(10);
    }
  });

  test('says that there is nothing in an empty picture', () => {
    const { hash, quality } = pdq(new Uint8Array(128 * 128).fill(90), 128, 128);
    expect(quality).toBe(0);
    expect(hashToHex(hash)).toBe('0'.repeat(64));
  });

  test('refuses what is no picture', () => {
    expect(() => pdq(new Uint8Array(10), 4, 4)).toThrow(RangeError);
    expect(() => pdq(new Uint8Array(10), 64, 64)).toThrow(RangeError);
  });

  test('turns a published hash into its published mirror image', () => {
    // threatexchange, pdq/data/reg-test-input/dih: bridge-1-original.jpg and bridge-6-flipy.jpg.
    const original = hashFromHex('f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22');
    const flipped = hashFromHex('0dad2599b1a1bd1a5362576742da32a5e63b7380c2374b4866b366c91bc9ce77');
    expect(hamming(mirrored(original), flipped)).toBeLessThanOrEqual(16);
    expect(hamming(original, flipped)).toBeGreaterThan(90);
    expect(mirrored(mirrored(original))).toEqual(original);
  });

  test('of a reduced picture is near that of the whole one', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const picture = drawing({ seed, width: 720, height: 405 });
      const whole = pdq(picture.luma, 720, 405);
      const samples = new SummedPicture(reduce(picture)).sample({ x: 0.5, y: 0.5, w: 1, h: 1 });
      expect(hamming(whole.hash, pdqOfSamples(samples).hash)).toBeLessThanOrEqual(14);
    }
  });
});

describe('bars', () => {
  const film = (change: (picture: Drawing, frame: number) => Drawing) =>
    Array.from({ length: 5 }, (_, frame) =>
      reduce(change(drawing({ seed: 3, width: 240, height: 160, shift: 9 * frame }), frame)),
    );
  const fill = (picture: Drawing, color: number, inside: (x: number, y: number) => boolean): Drawing => {
    const luma = picture.luma.map((value, i) =>
      inside(i % picture.width, Math.floor(i / picture.width)) ? color + noise(i, 2) : value,
    );
    return { ...picture, luma };
  };

  test('are cut off above, below and beside', () => {
    const inner = innerOf(
      film((picture) => fill(picture, 17, (x, y) => y < 20 || y >= 140 || x < 24 || x >= 210)),
    );
    expect(inner.top).toBeCloseTo(20 / 160, 1.5);
    expect(inner.bottom).toBeCloseTo(140 / 160, 1.5);
    expect(inner.left).toBeCloseTo(24 / 240, 1.5);
    expect(inner.right).toBeCloseTo(210 / 240, 1.5);
  });

  test('with words on them are bars', () => {
    const inner = innerOf(
      film((picture) =>
        fill(
          fill(picture, 235, (_, y) => y >= 128),
          20,
          (x, y) => y > 138 && y < 148 && x > 60 && x < 170,
        ),
      ),
    );
    expect(inner.bottom).toBeCloseTo(128 / 160, 1.5);
    expect(inner.top).toBe(0);
  });

  test('a sky that fades out of one colour is none, nor is a film of one colour, nor a bar that comes and goes', () => {
    const fading = film((picture) => {
      const luma = picture.luma.map((value, i) => {
        const y = Math.floor(i / picture.width);
        return y < 50 ? Math.round(200 - Math.max(0, y - 15) * 1.5) : value;
      });
      return { ...picture, luma };
    });
    expect(innerOf(fading).top).toBe(0);
    expect(innerOf(film((picture) => fill(picture, 40, () => true)))).toEqual({
      left: 0,
      top: 0,
      right: 1,
      bottom: 1,
    });
    expect(
      innerOf(film((picture, frame) => (frame === 2 ? picture : fill(picture, 17, (_, y) => y < 20)))).top,
    ).toBe(0);
  });
});
