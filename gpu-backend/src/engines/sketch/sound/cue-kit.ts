/**
 * Building blocks of the cue sounds: chords of partials, voiced throats, repetitions. Called by cues-living.ts and cues-things.ts.
 */
import { addPartial, addShot, silence } from './synth.ts';

/** A sum of partials that share an envelope: `[ratio, gain]` pairs over a base frequency. */
export function chord(
  out: Float32Array,
  base: number,
  partials: readonly (readonly [number, number])[],
  envelope: {
    start?: number;
    seconds: number;
    attack?: number;
    decay?: number;
    release?: number;
    glide?: number;
  },
): void {
  for (const [ratio, gain] of partials) {
    const { glide, decay, ...rest } = envelope;
    addPartial(out, {
      ...rest,
      from: base * ratio,
      ...(glide === undefined ? {} : { to: base * ratio * glide }),
      gain,
      ...(decay === undefined ? {} : { decay: decay / (1 + 0.25 * (ratio - 1)) }),
    });
  }
}

/** Voiced sounds of throats: a buzz of harmonics under two formants, as noise bands would be too breathy. */
export function throat(
  out: Float32Array,
  pitch: number,
  formants: readonly [number, number],
  envelope: { start: number; seconds: number; glide: number; gain: number },
): void {
  for (let h = 1; h <= 14; h++) {
    const hz = pitch * h;
    const resonance = formants.reduce((sum, f) => sum + 1 / (1 + ((hz - f) / 160) ** 2), 0.04);
    addPartial(out, {
      start: envelope.start,
      seconds: envelope.seconds,
      from: hz,
      to: hz * envelope.glide,
      gain: envelope.gain * resonance,
      attack: 0.02,
      release: envelope.seconds * 0.4,
    });
  }
}

export function repeated(count: number, every: number, shot: (index: number) => Float32Array): Float32Array {
  const shots = Array.from({ length: count }, (_, i) => shot(i));
  const last = shots.at(-1);
  const out = silence((count - 1) * every + (last ? last.length / 48_000 : 0) + 0.01);
  shots.forEach((samples, i) => {
    addShot(out, samples, i * every);
  });
  return out;
}
