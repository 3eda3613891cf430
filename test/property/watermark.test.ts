/** Properties of the invisible mark that hold for any identifier, key and picture. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentWindow } from '../../core/watermark/bars.ts';
import { deriveCarriers } from '../../core/watermark/carriers.ts';
import { falsePositiveExponent } from '../../core/watermark/decode.ts';
import { createEmbedder, detectFrames } from '../../core/watermark/index.ts';
import { codedBits, decodePayload, encodePayload } from '../../core/watermark/payload-code.ts';

const seed = 20_261_122;
const ids = fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }).map((value) => value.toString(16).padStart(10, '0'));
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
  minLength: codedBits,
  maxLength: codedBits,
});

describe('the payload code', () => {
  test('gives back every identifier, at any scale', () => {
    fc.assert(
      fc.property(ids, fc.double({ min: 0.001, max: 1000, noNaN: true }), (id, scale) => {
        expect(decodePayload(encodePayload(id).map((bit) => bit * scale))?.id).toBe(id);
      }),
      { seed, numRuns: 60 },
    );
  });

  test('gives it back through noise as strong as the signal', () => {
    fc.assert(
      fc.property(ids, noise, (id, errors) => {
        const received = encodePayload(id).map((bit, i) => bit + 1.2 * (errors[i] ?? 0));
        expect(decodePayload(received)?.id).toBe(id);
      }),
      { seed, numRuns: 60 },
    );
  });

  test('answers with the right word or none when whole stretches are lost', () => {
    fc.assert(
      fc.property(ids, noise, fc.integer({ min: 0, max: 120 }), (id, errors, lost) => {
        const received = encodePayload(id).map((bit, i) => (i < lost ? (errors[i] ?? 0) : bit));
        expect([id, undefined]).toContain(decodePayload(received)?.id);
      }),
      { seed, numRuns: 60 },
    );
  });

  test('refuses what is no identifier', () => {
    for (const id of ['', '0123456789a', 'ABCDEF0123', '012345678g'])
      expect(() => encodePayload(id)).toThrow(RangeError);
  });
});

describe('keys', () => {
  test('the same key means the same carriers, another one different ones', () => {
    fc.assert(
      fc.property(keys, fc.nat(31), (key, at) => {
        const changed = key.slice();
        changed[at] = (changed[at] ?? 0) ^ 1;
        const [a, again, b] = [deriveCarriers(key), deriveCarriers(key), deriveCarriers(changed)];
        expect(a).toEqual(again);
        const agree = a.sign.reduce((sum, sign, i) => sum + (sign === b.sign[i] ? 1 : 0), 0) / a.sign.length;
        expect(Math.abs(agree - 0.5)).toBeLessThan(0.05);
      }),
      { seed, numRuns: 8 },
    );
  });

  test('every bit has its share of every key', () => {
    const { role } = deriveCarriers(new Uint8Array(32).fill(5));
    const shares = new Map<number, number>();
    for (const bit of role) shares.set(bit, (shares.get(bit) ?? 0) + 1);
    const bits = Array.from({ length: codedBits }, (_, bit) => shares.get(bit) ?? 0);
    expect(Math.max(...bits) - Math.min(...bits)).toBeLessThanOrEqual(1);
  });
});

describe('the odds against chance', () => {
  test('grow with template and correlation, fall with every placement and word tried', () => {
    const real = fc.double({ min: 0, max: 20, noNaN: true });
    const cosine = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        real,
        cosine,
        fc.integer({ min: 1, max: 1e8 }),
        fc.integer({ min: 1, max: 200 }),
        (t, c, p, r) => {
          const of = (template: number, correlation: number, poses: number, reads: number): number =>
            falsePositiveExponent({ template, correlation, id: '0000000001' }, poses, reads);
          const here = of(t, c, p, r);
          expect(here).toBeLessThanOrEqual(0);
          expect(of(t + 0.5, c, p, r)).toBeLessThanOrEqual(here);
          expect(of(t, c + 0.02, p, r)).toBeLessThanOrEqual(here);
          expect(of(t, c, p * 2, r)).toBeGreaterThanOrEqual(here);
          expect(of(t, c, p, r * 2)).toBeGreaterThanOrEqual(here);
        },
      ),
    );
  });

  test('a word decoded from noise where the template is absent never passes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: 0.5, max: 0.62, noNaN: true }),
        (t, c) => {
          expect(
            falsePositiveExponent({ template: t, correlation: c, id: '0000000001' }, 12, 12),
          ).toBeGreaterThan(-9);
        },
      ),
    );
  });
});

describe('frames of any kind', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 64, max: 220 }),
    height: fc.integer({ min: 64, max: 220 }),
  });

  test('a frame never changes more than the budget, and only in colour', () => {
    fc.assert(
      fc.property(keys, ids, sizes, fc.integer(), (key, id, { width, height }, salt) => {
        const frame = new Uint8Array(width * height * 4);
        for (let i = 0; i < frame.length; i++) frame[i] = (Math.imul(i + salt, 2654435761) >>> 24) & 255;
        const before = frame.slice();
        createEmbedder(key, id, { width, height, fps: 30 }).embed(frame, 0);
        let squares = 0;
        let alpha = 0;
        for (let i = 0; i < frame.length; i++) {
          const d = (frame[i] ?? 0) - (before[i] ?? 0);
          if (i % 4 === 3) alpha += Math.abs(d);
          else if (i % 4 === 1) squares += d * d;
        }
        expect(alpha).toBe(0);
        // 42 dB
        expect(squares / (width * height)).toBeLessThan(4.1);
      }),
      { seed, numRuns: 15 },
    );
  });

  test('not even on hard black and white, where the mark cannot win', () => {
    fc.assert(
      fc.property(keys, ids, fc.integer({ min: 3, max: 24 }), fc.nat(1000), (key, id, side, salt) => {
        const [width, height] = [200, 160];
        const frame = new Uint8Array(width * height);
        for (let i = 0; i < frame.length; i++) {
          const cell = Math.floor((i % width) / side) * 64 + Math.floor(i / width / side) + salt;
          frame[i] = (Math.imul(cell, 2654435761) >>> 30) & 1 ? 255 : 0;
        }
        const before = frame.slice();
        createEmbedder(key, id, { width, height, fps: 30 }).embed(frame, 0);
        const squares = frame.reduce((sum, value, i) => sum + (value - (before[i] ?? 0)) ** 2, 0);
        expect(squares / frame.length).toBeLessThan(4.1);
      }),
      { seed, numRuns: 25 },
    );
  });

  test('blank pictures of any size hold no mark and break nothing', async () => {
    await fc.assert(
      fc.asyncProperty(keys, sizes, fc.nat(255), async (key, { width, height }, level) => {
        const frame = { width, height, data: new Uint8Array(width * height).fill(level) };
        expect(await detectFrames([frame], key, { effort: 'first' })).toBeNull();
      }),
      { seed, numRuns: 10 },
    );
  });

  test('bars are found to the line', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 0, max: 40 }), (top, left) => {
        const [width, height] = [160, 120];
        const data = new Uint8Array(width * height).fill(16);
        for (let y = top; y < height - 4; y++) {
          for (let x = left; x < width; x++) data[y * width + x] = (x * 37 + y * 91) % 256;
        }
        const window = contentWindow({ width, height, data });
        expect(window).toEqual({ x: left, y: top, width: width - left, height: height - 4 - top });
      }),
      { seed, numRuns: 40 },
    );
  });
});
