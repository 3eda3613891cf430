/**
 * Where the scene is, in sound: for each kind of place a few layers of breathing noise and a sprinkling of small events
 * (birds, drips, crackles, squeaking shoes). Never louder than the contacts. Called by render-sound.ts.
 */
import type { AmbienceKind, SoundMood } from '../simulation-log.ts';
import { type EventKind, renderEvent } from './ambience-events.ts';
import { StateVariableFilter, sampleRate } from './filters.ts';
import { type Bed, blockFrames, type Shot } from './mixer.ts';
import { between, createRandom, deriveSeed } from './random.ts';

interface Layer {
  readonly band: 'low' | 'band' | 'high';
  readonly hz: number;
  readonly q?: number;
  readonly gain: number;
  /** How deep (0..1) and how slowly (seconds) it swells. */
  readonly sway?: { readonly depth: number; readonly seconds: number };
}

interface Place {
  readonly layers: readonly Layer[];
  readonly events?: readonly {
    readonly kind: EventKind;
    readonly perSecond: number;
    readonly gain: number;
  }[];
  /** Reverberation time, seconds. */
  readonly room: number;
  readonly send?: number;
  /** Evens out the places: each bed alone measures about −32 LUFS. */
  readonly trim?: number;
}

const places: Readonly<Record<AmbienceKind, Place>> = {
  wind: {
    trim: 1.9,
    layers: [
      { band: 'band', hz: 420, q: 1.4, gain: 0.5, sway: { depth: 0.7, seconds: 3 } },
      { band: 'low', hz: 180, gain: 0.5, sway: { depth: 0.5, seconds: 5 } },
    ],
    room: 0.5,
  },
  rain: {
    trim: 0.55,
    layers: [
      { band: 'high', hz: 3200, gain: 0.16, sway: { depth: 0.15, seconds: 4 } },
      { band: 'band', hz: 1100, q: 0.6, gain: 0.18 },
    ],
    events: [{ kind: 'drop', perSecond: 14, gain: 0.12 }],
    room: 0.6,
  },
  storm: {
    trim: 0.6,
    layers: [
      { band: 'high', hz: 2400, gain: 0.2, sway: { depth: 0.3, seconds: 2.5 } },
      { band: 'low', hz: 240, gain: 0.8, sway: { depth: 0.6, seconds: 3 } },
    ],
    events: [
      { kind: 'drop', perSecond: 18, gain: 0.12 },
      { kind: 'thunder', perSecond: 0.14, gain: 0.6 },
    ],
    room: 1.2,
  },
  sea: {
    trim: 1.1,
    layers: [
      { band: 'low', hz: 520, gain: 0.5, sway: { depth: 0.85, seconds: 5.5 } },
      { band: 'high', hz: 2600, gain: 0.1, sway: { depth: 0.9, seconds: 4.5 } },
    ],
    events: [{ kind: 'gull', perSecond: 0.16, gain: 0.12 }],
    room: 0.5,
  },
  stream: {
    layers: [
      { band: 'band', hz: 1400, q: 0.7, gain: 0.2, sway: { depth: 0.25, seconds: 1.2 } },
      { band: 'band', hz: 520, q: 0.9, gain: 0.2 },
    ],
    events: [{ kind: 'bubble', perSecond: 16, gain: 0.1 }],
    room: 0.5,
  },
  forest: {
    trim: 0.55,
    layers: [
      { band: 'band', hz: 2300, q: 0.6, gain: 0.09, sway: { depth: 0.6, seconds: 3.5 } },
      { band: 'low', hz: 260, gain: 0.18, sway: { depth: 0.4, seconds: 4 } },
    ],
    events: [{ kind: 'bird', perSecond: 0.8, gain: 0.14 }],
    room: 0.9,
  },
  birds: {
    trim: 0.32,
    layers: [{ band: 'low', hz: 320, gain: 0.12 }],
    events: [{ kind: 'bird', perSecond: 2, gain: 0.2 }],
    room: 0.8,
  },
  night: {
    trim: 0.85,
    layers: [{ band: 'low', hz: 220, gain: 0.16, sway: { depth: 0.3, seconds: 6 } }],
    events: [
      { kind: 'cricket', perSecond: 1.6, gain: 0.1 },
      { kind: 'owl', perSecond: 0.09, gain: 0.14 },
    ],
    room: 0.8,
  },
  city: {
    trim: 1.4,
    layers: [
      { band: 'low', hz: 190, gain: 0.75, sway: { depth: 0.3, seconds: 4 } },
      { band: 'band', hz: 760, q: 0.5, gain: 0.1, sway: { depth: 0.6, seconds: 3 } },
    ],
    events: [{ kind: 'horn', perSecond: 0.13, gain: 0.1 }],
    room: 1.1,
  },
  crowd: {
    trim: 1.2,
    layers: [
      { band: 'band', hz: 620, q: 0.8, gain: 0.36, sway: { depth: 0.35, seconds: 1.6 } },
      { band: 'band', hz: 1500, q: 1, gain: 0.14, sway: { depth: 0.5, seconds: 1.1 } },
    ],
    events: [{ kind: 'murmur', perSecond: 7, gain: 0.14 }],
    room: 1.4,
  },
  gym: {
    trim: 1.4,
    layers: [
      { band: 'low', hz: 150, gain: 0.3 },
      { band: 'band', hz: 520, q: 0.7, gain: 0.08, sway: { depth: 0.4, seconds: 2 } },
    ],
    events: [
      { kind: 'squeak', perSecond: 0.5, gain: 0.08 },
      { kind: 'murmur', perSecond: 1.5, gain: 0.05 },
    ],
    room: 1.9,
    send: 0.5,
  },
  room: {
    trim: 2.2,
    layers: [
      { band: 'low', hz: 130, gain: 0.24 },
      { band: 'band', hz: 900, q: 0.5, gain: 0.02 },
    ],
    events: [{ kind: 'tick', perSecond: 1, gain: 0.025 }],
    room: 0.45,
  },
  fire: {
    trim: 1.8,
    layers: [
      { band: 'low', hz: 260, gain: 0.5, sway: { depth: 0.5, seconds: 0.8 } },
      { band: 'band', hz: 1200, q: 0.6, gain: 0.06 },
    ],
    events: [{ kind: 'crackle', perSecond: 12, gain: 0.22 }],
    room: 0.4,
  },
  space: {
    trim: 2,
    layers: [
      { band: 'low', hz: 90, gain: 0.9, sway: { depth: 0.5, seconds: 7 } },
      { band: 'band', hz: 340, q: 6, gain: 0.14, sway: { depth: 0.9, seconds: 6 } },
    ],
    events: [{ kind: 'shimmer', perSecond: 0.3, gain: 0.06 }],
    room: 3.2,
    send: 0.4,
  },
  cave: {
    layers: [{ band: 'low', hz: 110, gain: 0.5, sway: { depth: 0.4, seconds: 6 } }],
    events: [{ kind: 'drip', perSecond: 0.9, gain: 0.2 }],
    room: 3,
    send: 0.5,
  },
  snowfield: {
    trim: 2.6,
    layers: [
      { band: 'band', hz: 700, q: 0.9, gain: 0.12, sway: { depth: 0.75, seconds: 4 } },
      { band: 'high', hz: 5200, gain: 0.018, sway: { depth: 0.6, seconds: 3 } },
    ],
    room: 0.3,
  },
  desert: {
    trim: 2.2,
    layers: [
      { band: 'band', hz: 320, q: 1, gain: 0.32, sway: { depth: 0.8, seconds: 4.5 } },
      { band: 'high', hz: 4200, gain: 0.02, sway: { depth: 0.9, seconds: 3 } },
    ],
    room: 0.4,
  },
};

/** Beds sit well under the contacts: about −30 dBFS each at gain 1. */
const bedLevel = 0.3;

/** The room the clip is heard in, seconds: the strongest ambience decides; a small room when there is none. */
export function roomSeconds(mood: SoundMood): number {
  const strongest = [...mood.ambience].sort((a, b) => b.gain - a.gain)[0];
  return strongest ? places[strongest.kind].room : 0.5;
}

/** Noise layers of all places. */
export function ambienceBeds(mood: SoundMood, seed: number): Bed[] {
  return mood.ambience.flatMap(({ kind, gain }, place) =>
    places[kind].layers.map((layer, index) =>
      layerBed(
        layer,
        gain * bedLevel * (places[kind].trim ?? 1),
        places[kind].send ?? 0.08,
        deriveSeed(seed, 'layer', kind, place, index),
      ),
    ),
  );
}

/** Small events of all places, spread over the clip by a Poisson process. */
export function ambienceShots(mood: SoundMood, durationSeconds: number, seed: number): Shot[] {
  const shots: Shot[] = [];
  mood.ambience.forEach(({ kind, gain }, place) => {
    for (const event of places[kind].events ?? []) {
      const eventSeed = deriveSeed(seed, 'event', kind, place, event.kind);
      const random = createRandom(eventSeed);
      for (let time = between(random, 0.05, 0.6 / event.perSecond); time < durationSeconds; ) {
        const index = shots.length;
        shots.push({
          start: Math.round(time * sampleRate),
          bus: 'bed',
          pan: random(),
          gain: gain * (places[kind].trim ?? 1) * event.gain * between(random, 0.35, 1),
          send: places[kind].send ?? 0.25,
          render: () => renderEvent(event.kind, createRandom(deriveSeed(eventSeed, index))),
        });
        time += -Math.log(1 - random()) / event.perSecond;
      }
    }
  });
  return shots;
}

function layerBed(layer: Layer, gain: number, send: number, seed: number): Bed {
  const random = createRandom(seed);
  const filters = [
    new StateVariableFilter(layer.hz, layer.q ?? 0.7),
    new StateVariableFilter(layer.hz, layer.q ?? 0.7),
  ] as const;
  const phases = [random(), random(), random()];
  const { depth, seconds } = layer.sway ?? { depth: 0, seconds: 1 };
  return {
    send,
    add(left, right, from) {
      let level = 0;
      for (let i = 0; i < blockFrames; i++) {
        if (i % 128 === 0) {
          const turns = (from + i) / sampleRate / seconds;
          // Two incommensurate waves: swells that never quite repeat.
          const wave =
            0.5 +
            0.3 * Math.sin(2 * Math.PI * (turns + (phases[0] ?? 0))) +
            0.2 * Math.sin(2 * Math.PI * (turns * 2.37 + (phases[1] ?? 0)));
          level = gain * layer.gain * (1 - depth + depth * wave);
          if (depth > 0 && layer.band !== 'high') {
            for (const filter of filters) filter.tune(layer.hz * (0.75 + 0.5 * wave), layer.q ?? 0.7);
          }
        }
        const [a, b] = filters;
        const fade = Math.min(1, (from + i) / 9600);
        a.tick(random() * 2 - 1);
        b.tick(random() * 2 - 1);
        left[i] = (left[i] ?? 0) + a[layer.band] * level * fade;
        right[i] = (right[i] ?? 0) + b[layer.band] * level * fade;
      }
    },
  };
}
