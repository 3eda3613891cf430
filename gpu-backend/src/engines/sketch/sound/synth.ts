/**
 * The two building blocks every one-shot sound is made of: damped partials and shaped noise, added into a mono buffer.
 * Envelopes start at zero and end at zero, so no shot clicks. Called by impacts, gestures, cues, ambience events and
 * instruments.
 */
import { StateVariableFilter, sampleRate } from './filters.ts';
import type { Random } from './random.ts';

/** Frequencies are updated once per this many samples: 0.67 ms, below what the ear separates. */
const controlFrames = 32;

export interface Envelope {
  /** Seconds from the start of the buffer. */
  readonly start?: number;
  readonly seconds: number;
  readonly gain: number;
  /** Linear rise, seconds. */
  readonly attack?: number;
  /** Time to fall by 60 dB, seconds; without it the level holds until the release. */
  readonly decay?: number;
  /** Linear fall to zero at the end, seconds. */
  readonly release?: number;
}

export interface Partial extends Envelope {
  /** Hz at the start, and at the end when it glides (exponentially). */
  readonly from: number;
  readonly to?: number;
  readonly vibrato?: { readonly hz: number; readonly depth: number };
  /** Starting phase in turns; 0 starts at a zero crossing. */
  readonly phase?: number;
}

export interface NoiseBurst extends Envelope {
  readonly band: 'low' | 'band' | 'high';
  readonly from: number;
  readonly to?: number;
  readonly q?: number;
}

/** A silent mono buffer. */
export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.max(1, Math.ceil(seconds * sampleRate)));
}

/** Adds one sinusoid with exponential decay: a rotating, shrinking phasor (two multiplications a sample, no sine calls). */
export function addPartial(out: Float32Array, partial: Partial): void {
  const first = Math.round((partial.start ?? 0) * sampleRate);
  const frames = Math.min(Math.round(partial.seconds * sampleRate), out.length - first);
  if (frames <= 0 || partial.from > 20_000) return;
  const attack = Math.max(1, Math.round((partial.attack ?? 0.0008) * sampleRate));
  const release = Math.max(1, Math.round((partial.release ?? 0.006) * sampleRate));
  const shrink = partial.decay === undefined ? 1 : 10 ** (-3 / (partial.decay * sampleRate));
  const glide = partial.to === undefined ? 1 : (partial.to / partial.from) ** (controlFrames / frames);
  let frequency = partial.from;
  let re = Math.cos(2 * Math.PI * (partial.phase ?? 0)) * partial.gain;
  let im = Math.sin(2 * Math.PI * (partial.phase ?? 0)) * partial.gain;
  let rotRe = 1;
  let rotIm = 0;
  for (let i = 0; i < frames; i++) {
    if (i % controlFrames === 0) {
      const wobble = partial.vibrato
        ? 1 + partial.vibrato.depth * Math.sin((2 * Math.PI * partial.vibrato.hz * i) / sampleRate)
        : 1;
      const step = (2 * Math.PI * Math.min(20_000, frequency * wobble)) / sampleRate;
      rotRe = Math.cos(step) * shrink;
      rotIm = Math.sin(step) * shrink;
      frequency *= glide;
    }
    const edge = Math.min(1, (i + 1) / attack, (frames - i) / release);
    out[first + i] = (out[first + i] ?? 0) + im * edge;
    const next = re * rotRe - im * rotIm;
    im = re * rotIm + im * rotRe;
    re = next;
  }
}

/** Adds filtered white noise under an envelope. */
export function addNoise(out: Float32Array, random: Random, burst: NoiseBurst): void {
  const first = Math.round((burst.start ?? 0) * sampleRate);
  const frames = Math.min(Math.round(burst.seconds * sampleRate), out.length - first);
  if (frames <= 0) return;
  const attack = Math.max(1, Math.round((burst.attack ?? 0.0008) * sampleRate));
  const release = Math.max(1, Math.round((burst.release ?? 0.006) * sampleRate));
  const shrink = burst.decay === undefined ? 1 : 10 ** (-3 / (burst.decay * sampleRate));
  const glide = burst.to === undefined ? 1 : (burst.to / burst.from) ** (controlFrames / frames);
  const filter = new StateVariableFilter(burst.from, burst.q ?? 0.8);
  let frequency = burst.from;
  let level = burst.gain;
  for (let i = 0; i < frames; i++) {
    if (glide !== 1 && i % controlFrames === 0) {
      filter.tune(frequency, burst.q ?? 0.8);
      frequency *= glide;
    }
    filter.tick(random() * 2 - 1);
    const sample = burst.band === 'low' ? filter.low : burst.band === 'band' ? filter.band : filter.high;
    out[first + i] =
      (out[first + i] ?? 0) + sample * level * Math.min(1, (i + 1) / attack, (frames - i) / release);
    level *= shrink;
  }
}

/** Scales a shot so that its loudest sample is `peak`; silence stays silence. */
export function normalize(samples: Float32Array, peak = 1): Float32Array {
  let loudest = 0;
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  if (loudest < 1e-9) return samples;
  const gain = peak / loudest;
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) * gain;
  return samples;
}

/** Copies a shot into a longer buffer, at seconds from its start. */
export function addShot(out: Float32Array, shot: Float32Array, start: number, gain = 1): void {
  const first = Math.round(start * sampleRate);
  const frames = Math.min(shot.length, out.length - first);
  for (let i = 0; i < frames; i++) out[first + i] = (out[first + i] ?? 0) + (shot[i] ?? 0) * gain;
}
