/** The decisions of an inspection on made-up tracks: what must hold for every head, voice and camera. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HeadTurn, headTurns } from '#schemas/http/cameo.ts';
import { decide, type Seen } from '../../gpu-backend/src/inspection/core/decide.ts';
import { decoysFor, digitsIn, grammarOf } from '../../gpu-backend/src/inspection/core/decoys.ts';
import { digitsCheck, editDistance } from '../../gpu-backend/src/inspection/core/digits.ts';
import { grainOf } from '../../gpu-backend/src/inspection/core/grain.ts';
import { readTurns } from '../../gpu-backend/src/inspection/core/head-turns.ts';
import { rigidPoints } from '../../gpu-backend/src/inspection/core/pose.ts';
import { reliefBetween } from '../../gpu-backend/src/inspection/core/relief.ts';
import { hear, soundRate } from '../../gpu-backend/src/inspection/core/sound.ts';
import { describeVoice, lipSync } from '../../gpu-backend/src/inspection/core/speech.ts';
import { thresholds } from '../../gpu-backend/src/inspection/core/thresholds.ts';
import type { AudioTrack, FaceTrack, FaceView, Point } from '../../gpu-backend/src/inspection/core/tracks.ts';

const degrees = Math.PI / 180;
const fps = 8;
const turnsArb = fc.array(fc.constantFrom(...headTurns), { minLength: 3, maxLength: 3 });

/** A bumpy head of as many points as are kept, eye corners where they are expected. */
const skull: readonly Point[] = rigidPoints.map((_, i): Point => {
  if (i === 36) return [-0.5, 0, 0.1];
  if (i === 38) return [0.5, 0, 0.1];
  const [x, y] = [
    Math.cos(i * 2.4) * 0.5 * Math.sqrt((i + 1) / 61),
    Math.sin(i * 2.4) * 0.6 * Math.sqrt((i + 1) / 61),
  ];
  return [x, y, -0.45 * Math.exp(-6 * (x * x + y * y)) + 0.3 * x * x];
});

function turned(points: readonly Point[], yaw: number, pitch: number): Point[] {
  return points.map(([x, y, z]) => {
    const [x1, z1] = [x * Math.cos(yaw) - z * Math.sin(yaw), x * Math.sin(yaw) + z * Math.cos(yaw)];
    const [y1, z2] = [y * Math.cos(pitch) + z1 * Math.sin(pitch), z1 * Math.cos(pitch) - y * Math.sin(pitch)];
    const scale = 5 / (5 + z2);
    return [x1 * scale, y1 * scale, z2];
  });
}

const embedding = (person: number): number[] =>
  Array.from({ length: 1024 }, (_, i) => Math.sin(person * 97 + i * (person + 1.3)));

/** A take of a person who turns, blinks and then speaks for four seconds. */
function take(
  turns: readonly HeadTurn[],
  change: {
    bias?: number;
    amplitude?: number;
    face?: (face: FaceView, at: number) => FaceView[];
    grain?: number;
  } = {},
): FaceTrack {
  const { bias = 0, amplitude = 20 * degrees, grain = 22 } = change;
  const frames = Array.from({ length: 11 * fps }, (_, i) => {
    const at = (i + 0.5) / fps;
    const k = Math.floor((at - 0.6) / 1.6);
    const share = Math.max(0, Math.min(1, 2 * Math.sin((Math.PI * (at - 0.6 - k * 1.6)) / 1.2) || 0));
    const turn = at - 0.6 - k * 1.6 < 1.2 ? turns[k] : undefined;
    const yaw = bias + (turn === 'left' ? share : turn === 'right' ? -share : 0) * amplitude;
    const pitch = bias + (turn === 'up' ? share : 0) * amplitude;
    const view: FaceView = {
      x: 240,
      y: 180,
      size: 200,
      yaw,
      pitch,
      mouth: 0.05 + 0.08 * syllable(at),
      eyes: i % 23 < 2 ? 0.15 : 0.4,
      real: 0.5,
      live: 0.9,
      embedding: i % 4 === 0 ? embedding(1) : null,
      rigid: turned(skull, yaw, pitch),
    };
    return { at, faces: change.face ? change.face(view, at) : [view], grain, light: 0.5 };
  });
  return { seconds: 11, height: 360, frames };
}

/** 0 … 1; six digits from 6 s on, unevenly, as people speak. */
function syllable(at: number): number {
  const begins = [6, 6.7, 7.25, 8.1, 8.8, 9.7];
  return Math.max(
    0,
    ...begins.map((begin) => Math.sin(Math.PI * Math.min(1, Math.max(0, (at - begin) / 0.42)))),
  );
}

function voice(late = 0, say: (at: number) => number = syllable): AudioTrack {
  const steps = Array.from({ length: 1100 }, (_, i) => say(i / 100 - late));
  return {
    seconds: 11,
    rate: 100,
    level: steps.map((value) => 0.0005 + 0.12 * value),
    pitch: steps.map((value) => (value > 0.1 ? 120 : 0)),
    centroid: steps.map((value) => (value > 0.1 ? 1500 : 0)),
  };
}

const good = (turns: HeadTurn[]): Seen => ({
  challenge: { digits: '123456', turns },
  face: take(turns),
  audio: voice(),
  heard: { kind: 'heard', digits: '123456' },
});
const failed = (seen: Seen): string[] =>
  decide(seen).checks.flatMap(({ name, outcome }) => (outcome === 'failed' ? [name] : []));

describe('decide', () => {
  it('accepts every order that was asked for, and refuses every other', () => {
    fc.assert(
      fc.property(turnsArb, turnsArb, (asked, made) => {
        const seen = { ...good(asked), face: take(made) };
        expect(failed(seen)).toEqual(asked.join() === made.join() ? [] : ['head-turns']);
        expect(decide(seen).passed).toBe(asked.join() === made.join());
      }),
    );
  });

  it('does not mind where the mesh believes the front to be', () => {
    fc.assert(
      fc.property(turnsArb, fc.double({ min: -0.3, max: 0.3, noNaN: true }), (turns, bias) => {
        expect(readTurns(take(turns, { bias })).map(({ direction }) => direction)).toEqual(turns);
      }),
    );
  });

  it('does not take glances, nods and looking down for turns', () => {
    fc.assert(
      fc.property(turnsArb, fc.double({ min: 0, max: 8 * degrees, noNaN: true }), (turns, amplitude) => {
        expect(readTurns(take(turns, { amplitude }))).toEqual([]);
      }),
    );
    const down = take(['up', 'up', 'up'], { face: (face) => [{ ...face, pitch: -face.pitch }] });
    expect(readTurns(down)).toEqual([]);
  });

  it.each<[string, Partial<Seen> | ((seen: Seen) => Partial<Seen>), string[]]>([
    ['an unreadable file', { face: undefined, audio: undefined }, ['recording', 'spoken-digits']],
    ['four seconds', (s) => ({ face: { ...take(s.challenge.turns), seconds: 4 } }), ['recording']],
    ['forty seconds', (s) => ({ face: { ...take(s.challenge.turns), seconds: 40 } }), ['recording']],
    ['no microphone', { audio: undefined }, ['sound', 'spoken-digits']],
    ['a hum', { audio: { ...voice(), pitch: voice().pitch.map(() => 0) } }, ['sound', 'spoken-digits']],
    [
      'a second person',
      (s) => ({ face: take(s.challenge.turns, { face: (f) => [f, { ...f, size: 120 }] }) }),
      ['one-face'],
    ],
    ['nobody', (s) => ({ face: take(s.challenge.turns, { face: () => [] }) }), ['one-face']],
    [
      'somebody far away',
      (s) => ({ face: take(s.challenge.turns, { face: (f) => [{ ...f, size: 50 }] }) }),
      ['one-face'],
    ],
    ['a screen', (s) => ({ face: take(s.challenge.turns, { grain: 40 }) }), ['live-person']],
    [
      'another person in the middle',
      (s) => ({
        face: take(s.challenge.turns, {
          face: (f, at) => [at > 7 ? { ...f, embedding: f.embedding && embedding(2) } : f],
        }),
      }),
      ['same-person'],
    ],
    [
      'closed lips',
      (s) => ({ face: take(s.challenge.turns, { face: (f) => [{ ...f, mouth: 0.05 }] }) }),
      ['lips-and-voice'],
    ],
    ['a voice of one second later', { audio: voice(1) }, ['lips-and-voice']],
    ['other digits', { heard: { kind: 'heard', digits: '998877' } }, ['spoken-digits']],
  ])('%s', (_name, change, expected) => {
    const seen = good(['up', 'left', 'right']);
    const changed = { ...seen, ...(typeof change === 'function' ? change(seen) : change) };
    expect(failed(changed)).toEqual(expected);
    const { checks, passed } = decide(changed);
    expect(passed).toBe(false);
    // Whoever is refused is told what to do.
    for (const { outcome, message } of checks) if (outcome === 'failed') expect(message).toMatch(/[A-Z].+\./);
  });

  it('ignores a poster on the wall', () => {
    const face = take(['up', 'left', 'right'], { face: (f) => [f, { ...f, size: 40 }] });
    expect(failed({ ...good(['up', 'left', 'right']), face })).toEqual([]);
  });

  it('passes without a recogniser, but says that the speech was not verified', () => {
    const verdict = decide({ ...good(['up', 'up', 'left']), heard: { kind: 'unavailable' } });
    expect([verdict.passed, verdict.speech]).toEqual([true, 'unverified']);
  });

  it('calls no silent recording unverified: without a recogniser too, somebody must have spoken', () => {
    const verdict = decide({
      ...good(['up', 'up', 'left']),
      heard: { kind: 'unavailable' },
      audio: voice(0, () => 0),
    });
    expect([verdict.passed, verdict.speech]).toEqual([false, 'failed']);
  });
});

describe('relief', () => {
  const angle = fc.double({ min: 0.25, max: 0.6, noNaN: true });
  it('is high for a head and none for a picture of it, whichever way either is turned', () => {
    fc.assert(
      fc.property(angle, fc.boolean(), fc.boolean(), (size, sideways, negative) => {
        const by = negative ? -size : size;
        const [yaw, pitch] = sideways ? [by, 0] : [0, by];
        const head = reliefBetween(skull, turned(skull, yaw, pitch), 1);
        const flat = skull.map(([x, y]): Point => [x, y, 0]);
        const print = reliefBetween(skull, turned(flat, yaw, pitch), 1);
        expect(head?.plane).toBeGreaterThan(thresholds.live.relief);
        expect((head?.plane ?? 0) / (head?.solid ?? 1)).toBeGreaterThan(thresholds.live.reliefOverSolid);
        expect(print?.plane).toBeLessThan(thresholds.live.relief / 10);
      }),
    );
  });
});

describe('lips', () => {
  it('go with a voice that is up to 0.15 s early or late, and with no other speech', () => {
    const face = take(['up', 'left', 'right']);
    fc.assert(
      fc.property(fc.double({ min: -0.15, max: 0.15, noNaN: true }), (late) => {
        const sync = lipSync(face, voice(late));
        expect(sync?.correlation).toBeGreaterThan(0.8);
        expect(Math.abs((sync?.lag ?? 1) - late)).toBeLessThan(0.07);
      }),
      { numRuns: 30 },
    );
    const other = (at: number): number => syllable(16.4 - at);
    expect(lipSync(face, voice(0, other))?.correlation).toBeLessThan(thresholds.lips.correlation);
  });
});

describe('sound', () => {
  it.each([80, 120, 210, 300])('hears a voice of %i Hz as such', (hz) => {
    const samples = new Float32Array(2 * soundRate).map((_, i) => {
      const phase = (2 * Math.PI * hz * i) / soundRate;
      const loud = Math.max(0, Math.sin((2 * Math.PI * 2.5 * i) / soundRate));
      return 0.1 * loud * (Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(3 * phase));
    });
    const described = describeVoice(hear(samples));
    expect(Math.abs((described?.pitchHz ?? 0) - hz)).toBeLessThan(hz * 0.03);
  });

  it('finds no voice in noise and none in silence', () => {
    let seed = 1;
    const noise = new Float32Array(2 * soundRate).map(() => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return (seed / 2 ** 32 - 0.5) * 0.2;
    });
    expect(describeVoice(hear(noise))).toBeNull();
    expect(describeVoice(hear(new Float32Array(soundRate)))).toBeNull();
  });
});

describe('grain', () => {
  const picture = (stripes: number): { data: Uint8ClampedArray; width: number; height: number } => {
    const data = new Uint8ClampedArray(200 * 200 * 4);
    let seed = 7;
    for (let i = 0; i < 200 * 200; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const [x, y] = [i % 200, Math.floor(i / 200)];
      const skin = 150 + 30 * Math.sin(x / 40) + 20 * Math.cos(y / 30) + 6 * (seed / 2 ** 32 - 0.5);
      const pattern = stripes * Math.cos(x * 1.1 + y * 0.7);
      data.set([skin + pattern, skin * 0.8 - pattern, skin * 0.7, 255], 4 * i);
    }
    return { data, width: 200, height: 200 };
  };
  const face = { x: 100, y: 100, size: 180 };

  it('stands out of skin only where there are stripes', () => {
    expect(grainOf(picture(0), face)).toBeLessThan(thresholds.live.grain);
    expect(grainOf(picture(6), face)).toBeGreaterThan(thresholds.live.grain);
  });

  it('says nothing of a face too small to tell', () => {
    expect(grainOf(picture(6), { ...face, size: 90 })).toBe(0);
  });
});

describe('digits', () => {
  const six = fc.stringMatching(/^\d{6}$/);
  it('reads words and figures, and "oh" for zero', () => {
    expect(digitsIn('three oh seven\none nine four\n')).toBe('307194');
    expect(digitsIn('3 0 7, 1-9-4.')).toBe('307194');
    expect(digitsIn('hello there')).toBe('');
  });

  it('offers decoys that differ in three places or more, and the digits once', () => {
    fc.assert(
      fc.property(six, (digits) => {
        const decoys = decoysFor(digits, 40);
        expect(new Set(decoys).size).toBe(40);
        for (const decoy of decoys) expect(editDistance(decoy, digits)).toBeGreaterThanOrEqual(3);
        expect(grammarOf([digits, ...decoys]).split('|').length).toBeGreaterThanOrEqual(41);
      }),
      { numRuns: 30 },
    );
  });

  it('forgives two and no more', () => {
    const say = (digits: string) => digitsCheck('123456', { kind: 'heard', digits }, true).outcome;
    expect(['123456', '12345', '124356', '923457', '1234', ''].map(say)).toEqual([
      'passed',
      'passed',
      'passed',
      'passed',
      'passed',
      'failed',
    ]);
    expect(say('923457')).toBe('passed');
    expect(say('993457')).toBe('failed');
  });
});
