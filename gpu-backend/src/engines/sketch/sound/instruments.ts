/**
 * Instruments of the score: one note in, mono samples out, about the same loudness for each. Called by render-sound.ts
 * through `scoreShots`.
 */
import type { SoundMood } from '../simulation-log.ts';
import { onePole, sampleRate } from './filters.ts';
import type { Shot } from './mixer.ts';
import { between, createRandom, deriveSeed, type Random } from './random.ts';
import type { Note } from './score.ts';
import { addNoise, addPartial, silence } from './synth.ts';

export type Timbre = Exclude<SoundMood['instrument'], 'none'> | 'kick' | 'hat' | 'snare';

/** One shot per note; low notes sit in the middle, high ones spread a little to the sides. */
export function scoreShots(notes: readonly Note[], seed: number): Shot[] {
  return notes.map((note, index) => ({
    start: Math.round(note.time * sampleRate),
    bus: 'score',
    pan: 0.5 + Math.max(-0.3, Math.min(0.3, ((note.pitch - 55) / 60) * (index % 2 ? 1 : -1))),
    gain: note.velocity * level[note.timbre],
    send: note.timbre === 'kick' ? 0.03 : 0.28,
    render: () =>
      instruments[note.timbre](
        440 * 2 ** ((note.pitch - 69) / 12),
        note,
        createRandom(deriveSeed(seed, 'note', index)),
      ),
  }));
}

/** Evens out the instruments by ear and by RMS. */
const level: Record<Timbre, number> = {
  piano: 0.1,
  pad: 0.058,
  pluck: 0.23,
  bells: 0.1,
  strings: 0.052,
  synth: 0.13,
  kick: 0.25,
  hat: 0.042,
  snare: 0.085,
};

const instruments: Record<Timbre, (hz: number, note: Note, random: Random) => Float32Array> = {
  piano(hz, note, random) {
    const ring = Math.min(3, 2.6 * (260 / hz) ** 0.35);
    const seconds = Math.min(ring, note.seconds + 0.5);
    const out = silence(seconds);
    for (let h = 1; h <= 9 && hz * h < 9000; h++) {
      // Strings are stiff: partials lie a little sharp. f_h = h·f·√(1 + B·h²), Fletcher & Rossing eq. 12.1.
      const sharp = h * Math.sqrt(1 + 0.0004 * h * h);
      const gain = (1 / h ** 1.15) * (0.6 + 0.4 * note.velocity) ** (h - 1) * (h === 7 ? 0.4 : 1);
      addPartial(out, {
        from: hz * sharp,
        seconds,
        decay: ring / (0.7 + 0.3 * h),
        attack: 0.003,
        release: 0.15,
        gain,
        phase: random() * 0.1,
      });
    }
    addNoise(out, random, { band: 'band', from: 900, q: 0.8, seconds: 0.03, decay: 0.03, gain: 0.14 });
    return out;
  },
  pad(hz, note, random) {
    const seconds = note.seconds + 0.6;
    const out = silence(seconds);
    for (const detune of [0.9965, 1.0035]) {
      for (let h = 1; h <= 6; h++) {
        addPartial(out, {
          from: hz * h * detune,
          seconds,
          attack: Math.min(0.7, seconds * 0.3),
          release: 0.6,
          gain: 0.55 / h ** 1.7,
          phase: random(),
        });
      }
    }
    return out;
  },
  /** Karplus–Strong: a burst of noise in a damped delay line as long as the period. */
  pluck(hz, note, random) {
    const seconds = Math.min(1.6, note.seconds + 0.7);
    const out = silence(seconds);
    const period = sampleRate / hz;
    const length = Math.max(2, Math.floor(period - 0.5));
    const fraction = Math.max(0, period - 0.5 - length);
    const line = new Float32Array(length + 1);
    const soften = onePole(1800 + 4200 * note.velocity);
    let y = 0;
    for (let i = 0; i < length; i++) {
      y += soften * (random() * 2 - 1 - y);
      line[i] = y;
    }
    const loss = 10 ** (-3 / (1.5 * hz));
    let at = 0;
    let previous = 0;
    for (let i = 0; i < out.length; i++) {
      const now = line[at] ?? 0;
      const delayed = now + fraction * (previous - now);
      const next = line[(at + 1) % length] ?? 0;
      out[i] = delayed * 1.5 * Math.min(1, (out.length - i) / 2400);
      previous = now;
      line[at] = 0.5 * (delayed + next) * loss;
      at = (at + 1) % length;
    }
    return out;
  },
  bells(hz, note, random) {
    const seconds = Math.min(2.2, note.seconds + 1.1);
    const out = silence(seconds);
    for (const [ratio, gain] of [
      [1, 0.9],
      [2.76, 0.35],
      [5.4, 0.16],
      [8.93, 0.06],
    ] as const) {
      addPartial(out, {
        from: hz * 2 * ratio,
        seconds,
        decay: (2 / ratio ** 0.6) * between(random, 0.9, 1.1),
        attack: 0.002,
        release: 0.2,
        gain,
      });
    }
    return out;
  },
  strings(hz, note, random) {
    const seconds = note.seconds + 0.35;
    const out = silence(seconds);
    for (const detune of [0.997, 1.003]) {
      const rate = between(random, 4.8, 5.8);
      for (let h = 1; h <= 9 && hz * h < 7000; h++) {
        addPartial(out, {
          from: hz * h * detune,
          seconds,
          attack: Math.min(0.22, seconds * 0.3),
          release: 0.3,
          gain: 0.5 / h ** 1.25,
          phase: random(),
          vibrato: { hz: rate, depth: 0.0028 },
        });
      }
    }
    return out;
  },
  synth(hz, note, random) {
    const seconds = Math.min(note.seconds + 0.2, 2);
    const out = silence(seconds);
    for (let h = 1; h <= 10 && hz * h < 8000; h++) {
      addPartial(out, {
        from: hz * h,
        seconds,
        attack: 0.004,
        decay: 1.5 / (1 + 0.35 * h),
        release: 0.12,
        gain: 0.75 / h,
        phase: random() * 0.02,
      });
    }
    addPartial(out, { from: hz / 2, seconds, attack: 0.006, decay: 1.2, release: 0.1, gain: 0.35 });
    return out;
  },
  kick() {
    const out = silence(0.3);
    addPartial(out, { from: 125, to: 42, seconds: 0.28, decay: 0.3, gain: 1, attack: 0.002, release: 0.05 });
    return out;
  },
  hat(_hz, _note, random) {
    const out = silence(0.06);
    addNoise(out, random, { band: 'high', from: 7500, seconds: 0.05, decay: 0.05, gain: 1 });
    return out;
  },
  snare(_hz, _note, random) {
    const out = silence(0.18);
    addPartial(out, { from: 210, to: 160, seconds: 0.1, decay: 0.1, gain: 0.5 });
    addNoise(out, random, { band: 'band', from: 2800, q: 0.6, seconds: 0.16, decay: 0.15, gain: 0.9 });
    return out;
  },
};
