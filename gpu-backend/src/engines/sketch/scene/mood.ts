/** Tone, place and weather as music and ambience. Pure; called by read-scene.ts; the sound is made from the result. */
import type { Random } from '../random.ts';
import type { AmbienceKind, SoundMood } from '../simulation-log.ts';
import type { ActionName, SettingName, TimeOfDay, Tone, Weather } from './scene.ts';

type Score = Pick<SoundMood, 'mode' | 'instrument' | 'energy'> & {
  readonly tempo: readonly [number, number];
};

const scores: Readonly<Record<Tone, Score>> = {
  calm: { mode: 'lydian', instrument: 'piano', energy: 0.25, tempo: [62, 78] },
  joyful: { mode: 'major', instrument: 'pluck', energy: 0.65, tempo: [104, 124] },
  melancholy: { mode: 'minor', instrument: 'piano', energy: 0.2, tempo: [56, 70] },
  eerie: { mode: 'phrygian', instrument: 'pad', energy: 0.3, tempo: [54, 68] },
  epic: { mode: 'dorian', instrument: 'strings', energy: 0.85, tempo: [96, 132] },
  dreamy: { mode: 'pentatonic', instrument: 'bells', energy: 0.35, tempo: [66, 84] },
  playful: { mode: 'major', instrument: 'pluck', energy: 0.55, tempo: [96, 116] },
};

const places: Readonly<Record<SettingName, readonly [AmbienceKind, number][]>> = {
  meadow: [
    ['birds', 0.5],
    ['wind', 0.25],
  ],
  beach: [
    ['sea', 0.6],
    ['birds', 0.15],
  ],
  city: [['city', 0.5]],
  forest: [
    ['forest', 0.6],
    ['birds', 0.3],
  ],
  desert: [
    ['desert', 0.5],
    ['wind', 0.2],
  ],
  moon: [['space', 0.5]],
  gym: [
    ['gym', 0.5],
    ['crowd', 0.2],
  ],
  room: [['room', 0.4]],
  mountain: [['wind', 0.5]],
  sea: [['sea', 0.7]],
  park: [
    ['birds', 0.4],
    ['crowd', 0.12],
  ],
  street: [['city', 0.4]],
  underwater: [
    ['cave', 0.35],
    ['stream', 0.2],
  ],
  space: [['space', 0.6]],
  snowfield: [['snowfield', 0.5]],
  castle: [
    ['wind', 0.3],
    ['birds', 0.2],
  ],
};

const skies: Readonly<Record<Weather, readonly [AmbienceKind, number][]>> = {
  clear: [],
  rain: [['rain', 0.6]],
  snow: [['snowfield', 0.3]],
  fog: [['wind', 0.12]],
  wind: [['wind', 0.6]],
  storm: [
    ['storm', 0.7],
    ['rain', 0.4],
  ],
};

const indoors = new Set<SettingName>(['gym', 'room', 'underwater', 'space', 'moon']);

/** Picks tempo, mode, instrument and ambience beds. */
export function readMood(
  tone: Tone,
  setting: SettingName,
  weather: Weather,
  time: TimeOfDay,
  action: ActionName,
  random: Random,
): SoundMood {
  const score = scores[tone];
  const beds = new Map<AmbienceKind, number>();
  const lay = ([kind, gain]: readonly [AmbienceKind, number]): void => {
    beds.set(kind, Math.min(1, (beds.get(kind) ?? 0) + gain));
  };
  places[setting].forEach(lay);
  if (!indoors.has(setting)) {
    skies[weather].forEach(lay);
    if (time === 'night') {
      beds.delete('birds');
      lay(['night', 0.4]);
    }
  }
  if (action === 'boat' && setting !== 'sea' && setting !== 'beach') lay(['stream', 0.4]);
  if (action === 'fireworks') lay(['crowd', 0.25]);
  return {
    ambience: [...beds].map(([kind, gain]) => ({ kind, gain })),
    tempo: Math.round(random.range(score.tempo[0], score.tempo[1])),
    mode: score.mode,
    tonic: random.int(43, 54),
    instrument: score.instrument,
    energy: Math.max(0, Math.min(1, score.energy + random.range(-0.08, 0.08))),
  };
}
