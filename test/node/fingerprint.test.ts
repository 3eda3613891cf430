/** What a fingerprint finds again: edits of films drawn here, and that other films are not found. Real films: test/bench/fingerprint.ts. */
import { describe, expect, test } from 'vitest';
import {
  bindingValueOf,
  compareAudio,
  compareFingerprints,
  fingerprintAudio,
  fingerprintFrames,
  framesOfBindingValue,
} from '../../core/fingerprint/index.ts';
import { type Fingerprints, fingerprintsSchema } from '../../schemas/fingerprint.ts';
import { type Drawing, drawnFilm } from '../support/drawings.ts';

type Timed = Drawing & { readonly at: number };
const films = new Map<string, Timed[]>();
function film(seed: number, seconds = 2.5): Timed[] {
  const key = `${seed} ${seconds}`;
  const drawn = films.get(key) ?? [...drawnFilm({ seed, width: 224, height: 126, seconds })];
  films.set(key, drawn);
  return drawn;
}
const banks = new Map<number, Promise<Fingerprints>>();
function bankOf(seed: number): Promise<Fingerprints> {
  const bank = banks.get(seed) ?? fingerprint(film(seed), 'bank');
  banks.set(seed, bank);
  return bank;
}

async function fingerprint(frames: Iterable<Timed>, purpose: 'bank' | 'query'): Promise<Fingerprints> {
  return fingerprintsSchema.parse({ ...(await fingerprintFrames(frames, { purpose })), audio: null });
}

/** A picture made of another: where each of its samples comes from, in shares; outside is black. */
function edited(
  frames: readonly Timed[],
  width: number,
  height: number,
  from: (x: number, y: number) => { x: number; y: number },
  paint: (value: number, x: number, y: number) => number = (value) => value,
): Timed[] {
  return frames.map((frame) => {
    const luma = new Uint8Array(width * height);
    for (let py = 0; py < height; py++) {
      for (let px = 0; px < width; px++) {
        const at = from((px + 0.5) / width, (py + 0.5) / height);
        const [sx, sy] = [Math.floor(at.x * frame.width), Math.floor(at.y * frame.height)];
        const inside = sx >= 0 && sy >= 0 && sx < frame.width && sy < frame.height;
        luma[py * width + px] = paint(
          inside ? (frame.luma[sy * frame.width + sx] ?? 0) : 16,
          px / width,
          py / height,
        );
      }
    }
    return { at: frame.at, width, height, luma };
  });
}

const crop = (share: number) => (x: number, y: number) => ({
  x: 0.5 + (x - 0.5) * share,
  y: 0.5 + (y - 0.5) * share,
});
const turn = (degrees: number) => (x: number, y: number) => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const [dx, dy] = [(x - 0.5) * 320, (y - 0.5) * 180];
  return { x: 0.5 + (cos * dx - sin * dy) / 320, y: 0.5 + (sin * dx + cos * dy) / 180 };
};

const edits: Record<string, (frames: readonly Timed[]) => Timed[]> = {
  'another size': (frames) => edited(frames, 210, 118, (x, y) => ({ x, y })),
  'squeezed to a square': (frames) => edited(frames, 180, 180, (x, y) => ({ x, y })),
  'brighter, flatter': (frames) =>
    edited(
      frames,
      320,
      180,
      (x, y) => ({ x, y }),
      (value) => Math.min(255, 60 + value * 0.7),
    ),
  'cropped to 90 %': (frames) => edited(frames, 288, 162, crop(0.9)),
  'cropped to 80 %': (frames) => edited(frames, 256, 144, crop(0.8)),
  'with bars above and below': (frames) => edited(frames, 320, 240, (x, y) => ({ x, y: (y - 0.125) / 0.75 })),
  mirrored: (frames) => edited(frames, 320, 180, (x, y) => ({ x: 1 - x, y })),
  'mirrored and cropped': (frames) => edited(frames, 288, 162, (x, y) => crop(0.9)(1 - x, y)),
  'turned by 2°': (frames) => edited(frames, 320, 180, turn(2)),
  'turned by 5°': (frames) => edited(frames, 320, 180, turn(5)),
  'captioned on a bar': (frames) =>
    edited(
      frames,
      320,
      180,
      (x, y) => ({ x, y }),
      (value, x, y) => (y < 0.8 ? value : y > 0.86 && y < 0.94 && x > 0.2 && x < 0.8 ? 235 : 18),
    ),
  'with a logo': (frames) =>
    edited(
      frames,
      320,
      180,
      (x, y) => ({ x, y }),
      (value, x, y) => (x > 0.8 && y < 0.15 ? 230 : value),
    ),
  'landscape cut for a telephone': (frames) =>
    edited(frames, 101, 180, (x, y) => ({ x: 0.5 + (x - 0.5) * 0.3164, y })),
  'twice as fast': (frames) =>
    frames.filter((_, i) => i % 2 === 0).map((frame) => ({ ...frame, at: frame.at / 2 })),
  'only a second and a half of it': (frames) =>
    frames.filter(({ at }) => at >= 0.7 && at < 2.2).map((frame) => ({ ...frame, at: frame.at - 0.75 })),
};

describe('a film is found again', () => {
  test.each(Object.keys(edits))('%s', async (name) => {
    const edit = edits[name];
    if (edit === undefined) throw new Error(name);
    for (const seed of [11, 12]) {
      const [bank, query] = [await bankOf(seed), await fingerprint(edit(film(seed)), 'query')];
      const compared = compareFingerprints(query, bank);
      expect(compared.agrees, `${name}, film ${seed}: ${compared.similarity}`).toBe(true);
      expect(compared.similarity).toBeGreaterThanOrEqual(80);
      expect(compared.pairs.length).toBeGreaterThan(0);
    }
  });

  test('and no other film is', async () => {
    const films = await Promise.all([21, 22, 23, 24, 25].map((seed) => fingerprint(film(seed, 2), 'query')));
    for (const [i, query] of films.entries()) {
      for (const [j, bank] of films.entries()) {
        if (i === j) continue;
        expect(compareFingerprints(query, bank)).toMatchObject({ agrees: false, similarity: 0, pairs: [] });
      }
    }
  });

  test('as far as it is in there: half of the frames are half a match', async () => {
    const [mine, theirs] = [film(31), film(32).map((frame) => ({ ...frame, at: frame.at + 2.5 }))];
    const bank = await fingerprint(mine, 'bank');
    const half = compareFingerprints(await fingerprint([...mine, ...theirs], 'query'), bank);
    expect(half.similarity).toBeGreaterThan(40);
    expect(half.similarity).toBeLessThan(60);
    expect(half.agrees).toBe(false);
  });
});

test('a film of any length makes a fingerprint that fits', async () => {
  const [frame] = film(1, 1);
  if (frame === undefined) throw new Error('no film');
  const long = await fingerprint(
    (function* () {
      for (let i = 0; i < 1_000; i++) yield { ...frame, at: i / 4 };
    })(),
    'query',
  );
  expect(long.frames.length).toBeLessThanOrEqual(240);
  expect(long.frames.length).toBeGreaterThan(120);
  expect(long.frames.at(-1)?.at).toBeGreaterThan(240);
  expect((await fingerprintFrames([])).frames).toEqual([]);
});

test('a dark film has nothing to compare', async () => {
  const dark = film(1, 1).map((frame) => ({ ...frame, luma: new Uint8Array(frame.luma.length).fill(17) }));
  const [bank, query] = [await fingerprint(dark, 'bank'), await fingerprint(dark, 'query')];
  expect(compareFingerprints(query, bank)).toMatchObject({
    agrees: false,
    similarity: 0,
    frames: { usable: 0 },
  });
  expect(bindingValueOf(bank)).toBeNull();
});

describe('as the value of a soft binding', () => {
  test('it comes back as frames that agree', async () => {
    const bank = await fingerprint(film(41), 'bank');
    const value = bindingValueOf(bank);
    expect(value?.length).toBeLessThanOrEqual(4096);
    const frames = framesOfBindingValue(value ?? '');
    expect(frames?.length).toBeGreaterThan(1);
    const query: Fingerprints = { algorithm: 'app.kinora.mvpdq.1', frames: frames ?? [], audio: null };
    expect(compareFingerprints(query, bank)).toMatchObject({ agrees: true, similarity: 100 });
  });

  test.each(['', 'AAAA', 'not base64!', btoa('x'.repeat(33)), btoa('x'.repeat(65 * 32))])(
    '%s is none',
    (value) => {
      expect(framesOfBindingValue(value)).toBeNull();
    },
  );
});

describe('sound', () => {
  const rate = 44_100;
  /** A seeded tune of gliding partials. */
  const tune = (seed: number, seconds: number): Float32Array => {
    const out = new Float32Array(seconds * rate);
    let state = seed;
    const next = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 4294967296;
    };
    for (let note = 0; note < seconds * 6; note++) {
      const [start, length] = [Math.floor((note / 6) * rate), Math.floor(rate * 0.3)];
      for (let partial = 0; partial < 4; partial++) {
        const [hz, volume] = [200 + next() * 1700, 0.05 + next() * 0.1];
        for (let i = 0; i < length && start + i < out.length; i++) {
          out[start + i] =
            (out[start + i] ?? 0) + volume * Math.sin((2 * Math.PI * hz * i) / rate) * (1 - i / length);
        }
      }
    }
    return out;
  };
  const print = (samples: Float32Array, sampleRate = rate) => {
    const made = fingerprintAudio(samples, sampleRate);
    if (made === null) throw new Error('nothing to hear');
    return made;
  };

  test('agrees with itself quieter, noisier, resampled and cut out, and not with another tune', () => {
    const original = tune(5, 8);
    const bank = print(original);
    const noisy = original.map((sample, i) => 0.4 * sample + 0.002 * (((i * 7919) % 200) / 100 - 1));
    expect(compareAudio(print(noisy), bank)).toBeGreaterThan(0.85);
    const other = Float32Array.from(
      { length: 8 * 48_000 },
      (_, i) => original[Math.floor((i * rate) / 48_000)] ?? 0,
    );
    expect(compareAudio(print(other, 48_000), bank)).toBeGreaterThan(0.85);
    const part = original.subarray(Math.floor(2.345 * rate), Math.floor(5.5 * rate));
    expect(compareAudio(print(part), bank)).toBeGreaterThan(0.75);
    for (const seed of [6, 7, 8]) expect(compareAudio(print(tune(seed, 8)), bank)).toBeLessThan(0.6);
  });

  test('of twelve seconds fits into eight kilobytes', () => {
    expect(atob(print(tune(5, 12)).words).length).toBeLessThanOrEqual(8 * 1024);
  });

  test('that is silent, or too short, has none; too coarse is refused', () => {
    expect(fingerprintAudio(new Float32Array(5 * rate), rate)).toBeNull();
    expect(fingerprintAudio(tune(1, 8).subarray(0, 9_000), rate)).toBeNull();
    expect(() => fingerprintAudio(new Float32Array(100), 4_000)).toThrow(RangeError);
  });
});
