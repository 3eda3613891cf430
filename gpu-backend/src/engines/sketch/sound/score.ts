/**
 * Composes a short piece for the clip: a chord progression of its mode, a motif that returns, an accompaniment that fits the
 * energy, and a last chord on the tonic that lands before the clip ends. Pure: notes in, nothing rendered. Called by
 * render-sound.ts.
 */
import type { SoundMood } from '../simulation-log.ts';
import type { Timbre } from './instruments.ts';
import { between, choose, createRandom, type Random } from './random.ts';

export interface Note {
  /** Seconds. */
  readonly time: number;
  readonly seconds: number;
  /** MIDI pitch; percussion ignores it. */
  readonly pitch: number;
  /** 0..1. */
  readonly velocity: number;
  readonly timbre: Timbre;
}

const scales: Readonly<Record<SoundMood['mode'], readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  pentatonic: [0, 2, 4, 7, 9],
};

/** Chord roots as scale degrees, one a bar; each is idiomatic for its mode and begins on the tonic. */
const progressions: Readonly<
  Record<SoundMood['mode'], readonly [readonly number[], ...(readonly number[])[]]>
> = {
  major: [
    [0, 4, 5, 3],
    [0, 3, 1, 4],
    [0, 5, 3, 4],
  ],
  minor: [
    [0, 5, 2, 6],
    [0, 3, 5, 6],
    [0, 6, 5, 6],
  ],
  dorian: [
    [0, 3, 0, 6],
    [0, 3, 6, 3],
  ],
  lydian: [
    [0, 1, 0, 4],
    [0, 1, 4, 1],
  ],
  phrygian: [
    [0, 1, 0, 6],
    [0, 1, 2, 1],
  ],
  pentatonic: [
    [0, 3, 4, 2],
    [0, 2, 3, 4],
  ],
};

/** Seconds kept free at the end for the last chord to ring. */
const ring = 1.7;

/** The notes of the piece in time order; none when the mood asks for no instrument. */
export function composeScore(mood: SoundMood, durationSeconds: number, seed: number): readonly Note[] {
  if (mood.instrument === 'none' || durationSeconds < 1.5) return [];
  const random = createRandom(seed);
  const scale = scales[mood.mode];
  const roots = choose(random, progressions[mood.mode]);
  // The tempo bends a little so that a whole number of beats leads to the last chord.
  const wanted = 60 / Math.min(160, Math.max(50, mood.tempo));
  const beats = Math.max(2, Math.round((durationSeconds - ring) / wanted));
  const beat = (durationSeconds - ring) / beats;
  const end = beats * beat;
  const pitch = (degree: number): number => {
    const octave = Math.floor(degree / scale.length);
    return mood.tonic + 12 * octave + (scale[degree - octave * scale.length] ?? 0);
  };
  // A triad by thirds; in five-note modes every second degree gives open fourths and fifths instead.
  const chordOf = (root: number): readonly number[] => [root, root + 2, root + 4].map(pitch);

  const notes: Note[] = [];
  const motif = makeMotif(random, mood.energy);
  for (let bar = 0; bar * 4 < beats; bar++) {
    const root = roots[bar % roots.length] ?? 0;
    const at = (b: number): number => (bar * 4 + b) * beat;
    const length = Math.min(4, beats - bar * 4);
    const add = (b: number, duration: number, midi: number, velocity: number, timbre: Timbre): void => {
      if (b < length)
        notes.push({
          time: at(b),
          seconds: Math.min(duration * beat, end - at(b) + 0.3),
          pitch: midi,
          velocity,
          timbre,
        });
    };
    accompany(mood, chordOf(root), pitch(root), random, add);
    if (bar > 0 || mood.energy > 0.5) {
      for (const { beat: b, step, long } of motif) {
        add(
          b,
          long,
          pitch(scale.length + root + step),
          0.55 + 0.25 * random(),
          mood.instrument === 'pad' ? 'bells' : mood.instrument,
        );
      }
    }
    if (mood.energy > 0.55) percussion(mood.energy, add);
  }
  for (const [index, midi] of [pitch(0) - 12, ...chordOf(0)].entries()) {
    notes.push({
      time: end + index * 0.018,
      seconds: ring,
      pitch: midi,
      velocity: 0.6,
      timbre: mood.instrument,
    });
  }
  return notes.sort((a, b) => a.time - b.time);
}

type AddNote = (beat: number, beats: number, midi: number, velocity: number, timbre: Timbre) => void;

function accompany(
  mood: SoundMood,
  chord: readonly number[],
  root: number,
  random: Random,
  add: AddNote,
): void {
  const timbre = mood.instrument === 'none' ? 'piano' : mood.instrument;
  const sustained = timbre === 'pad' || timbre === 'strings';
  add(0, sustained ? 4.1 : 2.2, root - 12, 0.62, timbre);
  if (sustained) {
    for (const midi of chord) add(0, 4.1, midi, 0.42, timbre);
    if (mood.energy > 0.4)
      for (let b = 0; b < 4; b += mood.energy > 0.7 ? 0.5 : 1) add(b, 0.45, root - 12, 0.4, 'pluck');
    return;
  }
  if (mood.energy > 0.35) add(2, 1.8, (chord[2] ?? root) - 12, 0.45, timbre);
  // Broken chords: quarters when calm, eighths in the middle, sixteenths when driving.
  const step = mood.energy < 0.3 ? 1 : mood.energy < 0.72 ? 0.5 : 0.25;
  const order = [0, 1, 2, 1, 2, 0, 1, 2];
  for (let k = 0; k * step < 4; k++) {
    if (random() < 0.12) continue;
    const midi = chord[order[k % order.length] ?? 0] ?? root;
    add(
      k * step,
      Math.max(0.8, step * 2),
      midi + (k % 8 === 6 ? 12 : 0),
      (k % Math.round(1 / step) === 0 ? 0.46 : 0.34) * between(random, 0.85, 1.1),
      timbre,
    );
  }
}

/** Three to six notes that return over every chord: a tune is something heard twice. */
function makeMotif(random: Random, energy: number): readonly { beat: number; step: number; long: number }[] {
  const rhythm = choose(
    random,
    energy < 0.4
      ? [
          [0, 2, 3],
          [0, 1.5, 3],
          [1, 2, 3],
        ]
      : [
          [0, 0.5, 1.5, 2, 3],
          [0, 1, 1.5, 2.5, 3],
          [0.5, 1, 2, 2.5, 3.5],
        ],
  );
  let step = choose(random, [0, 2, 4]);
  return rhythm.map((beat, index) => {
    const note = { beat, step, long: (rhythm[index + 1] ?? 4) - beat };
    step = Math.max(-1, Math.min(7, step + choose(random, [-2, -1, -1, 1, 1, 2])));
    return note;
  });
}

function percussion(energy: number, add: AddNote): void {
  for (const b of energy > 0.75 ? [0, 1, 2, 3] : [0, 2]) add(b, 0.5, 36, 0.6, 'kick');
  for (const b of [0.5, 1.5, 2.5, 3.5]) add(b, 0.25, 60, 0.3, 'hat');
  if (energy > 0.75) for (const b of [1, 3]) add(b, 0.4, 60, 0.36, 'snare');
}
