/** What a listener hears of the physics (K-03): every contact on its frame, nothing else, nothing broken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AmbienceKind,
  ContactEvent,
  Material,
  SimulationLog,
  SoundMood,
} from '../../gpu-backend/src/engines/sketch/simulation-log.ts';
import { cueShots, planCues } from '../../gpu-backend/src/engines/sketch/sound/cues.ts';
import {
  audibleContacts,
  renderSound,
  type SoundInput,
} from '../../gpu-backend/src/engines/sketch/sound/render-sound.ts';
import { composeScore } from '../../gpu-backend/src/engines/sketch/sound/score.ts';

const frame = 1 / 30;
const quiet: SoundMood = {
  ambience: [],
  tempo: 90,
  mode: 'major',
  tonic: 48,
  instrument: 'none',
  energy: 0.5,
};
const full: SoundMood = { ...quiet, ambience: [{ kind: 'gym', gain: 1 }], instrument: 'piano' };
const materials: readonly Material[] = [
  'rubber',
  'wood',
  'metal',
  'glass',
  'stone',
  'fabric',
  'plastic',
  'water',
  'snow',
  'sand',
  'paper',
  'flesh',
];

const scaleSteps: Readonly<Record<SoundMood['mode'], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  pentatonic: [0, 2, 4, 7, 9],
};

function contact(time: number, extra: Partial<ContactEvent> = {}): ContactEvent {
  return {
    time,
    kind: 'impact',
    materials: ['rubber', 'wood'],
    impulse: 3,
    size: 0.3,
    pan: 0.5,
    distance: 0.2,
    names: ['ball', 'floor'],
    ...extra,
  };
}

function logOf(contacts: readonly ContactEvent[], seconds = 4): SimulationLog {
  return {
    fps: 30,
    frameCount: seconds * 30,
    samplesPerFrame: 4,
    bodies: [],
    contacts,
    continuous: [],
    energy: new Float64Array(),
    work: new Float64Array(),
  };
}

async function render(input: Partial<SoundInput>): Promise<{ left: Float32Array; right: Float32Array }> {
  const blocks: Float32Array[] = [];
  const sound = renderSound({
    log: logOf([]),
    mood: quiet,
    durationSeconds: 4,
    seed: 1,
    cues: [],
    dialogue: [],
    ...input,
  });
  for await (const block of sound) blocks.push(block);
  const samples = blocks.flatMap((block) => [...block]);
  return {
    left: Float32Array.from(samples.filter((_, i) => i % 2 === 0)),
    right: Float32Array.from(samples.filter((_, i) => i % 2 === 1)),
  };
}

/** Times at which the level of 2 ms windows jumps to three times all of the 25 ms before. */
function onsets(samples: Float32Array): number[] {
  const window = 96;
  const levels: number[] = [];
  for (let i = 0; i + window <= samples.length; i += window) {
    levels.push(Math.max(...samples.subarray(i, i + window).map(Math.abs)));
  }
  const found: number[] = [];
  for (let k = 0; k < levels.length; k++) {
    const before = Math.max(0.004, ...levels.slice(Math.max(0, k - 12), k));
    const time = (k * window) / 48_000;
    if ((levels[k] ?? 0) > 3 * before && time - (found.at(-1) ?? -1) > 0.06) found.push(time);
  }
  return found;
}

const level = (samples: Float32Array, from: number, to: number): number =>
  Math.sqrt(
    samples.subarray(Math.round(from * 48_000), Math.round(to * 48_000)).reduce((s, x) => s + x * x, 0) /
      ((to - from) * 48_000),
  );

describe('contacts', () => {
  it('are heard within one video frame, once each, whatever struck whatever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            gap: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
            kind: fc.constantFrom('impact' as const, 'splash' as const, 'burst' as const, 'launch' as const),
            pair: fc.tuple(fc.constantFrom(...materials), fc.constantFrom(...materials)),
            impulse: fc.double({ min: 2, max: 8, noNaN: true }),
            size: fc.double({ min: 0.05, max: 2, noNaN: true }),
            pan: fc.double({ min: 0, max: 1, noNaN: true }),
            distance: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        async (list, seed) => {
          // Two seconds apart: the one before has rung out, so that an onset can be told from a tail.
          const contacts = list.map(({ gap, pair, ...rest }, i) =>
            contact(0.1 + i * 2.2 + gap, { ...rest, materials: pair }),
          );
          const { left, right } = await render({ log: logOf(contacts, 8), durationSeconds: 7, seed });
          const heard = onsets(left.map((x, i) => Math.max(Math.abs(x), Math.abs(right[i] ?? 0))));
          for (const { time } of contacts) expect(heard.some((t) => Math.abs(t - time) <= frame)).toBe(true);
          expect(contacts.length).toBeLessThanOrEqual(heard.length);
          expect(Math.min(...heard)).toBeGreaterThan((contacts[0]?.time ?? 0) - frame);
        },
      ),
      { numRuns: 12, seed: 11 },
    );
  }, 60_000);

  it('stand out of the full mix at their moment', async () => {
    const times = [0.7, 1.31, 1.9, 2.66, 3.2];
    const base = { mood: full, seed: 4, dialogue: [] } as const;
    const without = await render({ ...base, log: logOf([]) });
    const withAll = await render({
      ...base,
      log: logOf(times.map((t) => contact(t, { materials: ['metal', 'stone'] }))),
    });
    for (const t of times) {
      expect(level(withAll.left, t, t + frame)).toBeGreaterThan(2 * level(without.left, t, t + frame));
      const first = withAll.left.findIndex(
        (x, i) => i > (t - 0.1) * 48_000 && t === times[0] && Math.abs(x - (without.left[i] ?? 0)) > 0.01,
      );
      if (t === times[0]) expect(Math.abs(first / 48_000 - t)).toBeLessThanOrEqual(frame);
    }
  });

  it('come from their side, and softer and duller from far away', async () => {
    const leftHit = await render({ log: logOf([contact(1, { pan: 0 })]) });
    expect(level(leftHit.left, 1, 1.1)).toBeGreaterThan(1.5 * level(leftHit.right, 1, 1.1));
    const [near, far] = await Promise.all(
      [0, 1].map((distance) => render({ log: logOf([contact(1, { distance })]) })),
    );
    expect(level(near?.left ?? new Float32Array(), 1, 1.1)).toBeGreaterThan(
      1.5 * level(far?.left ?? new Float32Array(), 1, 1.1),
    );
  });

  it('ring by material: metal long, fabric short; large bodies low', async () => {
    const hit = (pair: readonly [Material, Material], size = 0.3) =>
      render({ log: logOf([contact(1, { materials: pair, size })]) });
    const [metal, fabric] = await Promise.all([hit(['metal', 'metal']), hit(['fabric', 'fabric'])]);
    expect(level(metal.left, 1.4, 1.6)).toBeGreaterThan(8 * level(fabric.left, 1.4, 1.6));
    const crossings = (s: Float32Array): number =>
      s
        .subarray(48_480, 52_800)
        .reduce((n, x, i, all) => n + (i > 0 && x * (all[i - 1] ?? 0) < 0 ? 1 : 0), 0);
    const [small, large] = await Promise.all([hit(['metal', 'metal'], 0.06), hit(['metal', 'metal'], 2)]);
    expect(crossings(small.left)).toBeGreaterThan(1.5 * crossings(large.left));
  });

  it('keeps the strongest of a pile-up and drops only what they mask', () => {
    const pile = Array.from({ length: 40 }, (_, i) => contact(1 + i * 0.0001, { impulse: 1 + i }));
    const heard = audibleContacts(logOf(pile));
    expect(heard.length).toBe(5);
    expect(Math.min(...heard.map((c) => c.impulse))).toBe(36);
    expect(audibleContacts(logOf([contact(1), contact(1.2), contact(1.4)])).length).toBe(3);
  });
});

describe('the rendering', () => {
  it('has exactly the asked length, is the same every time and different for another seed', async () => {
    for (const durationSeconds of [1, 2.503, 10 / 3]) {
      const input = { log: logOf([contact(0.4)]), mood: full, durationSeconds, cues: [{ sound: 'bell' }] };
      const [a, b] = [await render(input), await render(input)];
      expect(a.left.length).toBe(Math.round(durationSeconds * 48_000));
      expect(b).toEqual(a);
      expect((await render({ ...input, seed: 2 })).left).not.toEqual(a.left);
    }
  });

  it('is silence when nothing happens and no place, music or cue is asked for', async () => {
    const { left, right } = await render({});
    expect([...left, ...right].every((x) => x === 0)).toBe(true);
  });

  it('never clips and never breaks, however much happens at once', async () => {
    const contacts = Array.from({ length: 400 }, (_, i) =>
      contact((i * 0.0097) % 3.9, {
        materials: [materials[i % 12] ?? 'wood', materials[(i * 5) % 12] ?? 'wood'],
        impulse: 10 ** ((i % 9) - 2),
        size: 10 ** ((i % 5) - 3),
        pan: (i % 7) / 6,
        distance: (i % 4) / 3,
      }),
    );
    const kinds: AmbienceKind[] = [
      'wind',
      'rain',
      'storm',
      'sea',
      'stream',
      'forest',
      'birds',
      'night',
      'city',
      'crowd',
      'gym',
      'room',
      'fire',
      'space',
      'cave',
      'snowfield',
      'desert',
    ];
    const levels = Float32Array.from({ length: 120 }, (_, i) => Math.abs(Math.sin(i / 9)));
    const log: SimulationLog = {
      ...logOf(contacts),
      continuous: (['roll', 'slide', 'wind', 'engine', 'water'] as const).map((kind) => ({
        kind,
        material: 'stone',
        levels,
        pan: 0.2,
      })),
    };
    for (const instrument of ['pad', 'pluck', 'bells', 'strings', 'synth'] as const) {
      const mood: SoundMood = {
        ...full,
        instrument,
        energy: 1,
        mode: 'phrygian',
        ambience: kinds.map((kind) => ({ kind, gain: 1 })),
      };
      const { left, right } = await render({
        log,
        mood,
        cues: [{ sound: 'explosion', at: 0 }, { sound: 'thunder' }, { sound: 'siren', at: 60 }],
      });
      for (const side of [left, right]) {
        expect(side.every(Number.isFinite)).toBe(true);
        expect(side.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0)).toBeLessThan(1);
        expect(Math.abs(side.at(-1) ?? 1)).toBeLessThan(0.01);
      }
    }
  });

  it('follows a rolling sound up and down', async () => {
    const levels = Float32Array.from({ length: 120 }, (_, i) => (i >= 30 && i < 60 ? 1 : 0));
    const log: SimulationLog = {
      ...logOf([]),
      continuous: [{ kind: 'roll', material: 'wood', levels, pan: 0.5 }],
    };
    const { left } = await render({ log });
    expect(level(left, 0.2, 0.9)).toBe(0);
    expect(level(left, 1.3, 1.8)).toBeGreaterThan(20 * level(left, 2.8, 3.5));
  });

  it('makes way for contacts and for speech-like levels in the music', async () => {
    const strings: SoundMood = { ...quiet, instrument: 'pad' };
    const music = await render({ mood: strings });
    const both = await render({ mood: strings, log: logOf([contact(2, { materials: ['metal', 'metal'] })]) });
    const alone = await render({ log: logOf([contact(2, { materials: ['metal', 'metal'] })]) });
    const residue = both.left.map((x, i) => x - (alone.left[i] ?? 0));
    expect(level(residue, 2.02, 2.12)).toBeLessThan(0.9 * level(music.left, 2.02, 2.12));
  });

  it('refuses a duration that makes no sense', async () => {
    for (const durationSeconds of [0, -1, Number.NaN, 1e6]) {
      await expect(render({ durationSeconds })).rejects.toThrow(RangeError);
    }
  });
});

describe('cues and score', () => {
  it('finds a sound for common words, and says so when it knows none', () => {
    const asked = [
      'referee whistle',
      'a crowd cheering',
      'distant thunder',
      'dog barking',
      'church bell',
      'glass shattering',
      'zorgblat',
    ];
    const planned = planCues(
      asked.map((sound) => ({ sound })),
      8,
    );
    expect(planned.map((cue) => cue.name)).toEqual([
      'whistle',
      'cheer',
      'thunder',
      'bark',
      'bell',
      'shatter',
      'accent',
    ]);
    expect(planned.map((cue) => cue.known)).toEqual([true, true, true, true, true, true, false]);
    expect(planned.map((cue) => cue.at)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const shot of cueShots(planned, 3)) expect(level(shot.render(), 0, 0.1)).toBeGreaterThan(0.005);
  });

  it('plays a cue at its time', async () => {
    const { left } = await render({ cues: [{ sound: 'bell', at: 2.5 }] });
    expect(Math.abs((onsets(left)[0] ?? 0) - 2.5)).toBeLessThanOrEqual(frame);
  });

  it('stays in its scale and ends on the tonic before the clip does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'major' as const,
          'minor' as const,
          'dorian' as const,
          'lydian' as const,
          'phrygian' as const,
          'pentatonic' as const,
        ),
        fc.constantFrom('piano' as const, 'pad' as const, 'pluck' as const),
        fc.integer({ min: 36, max: 60 }),
        fc.integer({ min: 50, max: 160 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 2, max: 60, noNaN: true }),
        fc.nat(),
        (mode, instrument, tonic, tempo, energy, seconds, seed) => {
          const notes = composeScore({ ambience: [], mode, instrument, tonic, tempo, energy }, seconds, seed);
          const pitched = notes.filter((n) => !['kick', 'hat', 'snare'].includes(n.timbre));
          const steps = scaleSteps[mode];
          for (const note of pitched) expect(steps).toContain((((note.pitch - tonic) % 12) + 12) % 12);
          expect(Math.max(...notes.map((n) => n.time))).toBeLessThan(seconds);
          const lowest = Math.min(...pitched.slice(-4).map((n) => n.pitch));
          expect((((lowest - tonic) % 12) + 12) % 12).toBe(0);
        },
      ),
    );
  });
});
