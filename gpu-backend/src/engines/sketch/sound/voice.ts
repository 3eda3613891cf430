/**
 * Follows a lent voice as far as a formant synthesiser can: its pitch, its pace, and whether it is dark or bright. Called by speech.ts.
 */
import type { Voice } from '#schemas/likeness.ts';
import { sampleRate } from './filters.ts';

/** Pitch settings of espeak-ng … */
const settings = [0, 20, 40, 50, 60, 80, 99] as const;
/** … and the median fundamental frequency each gives, Hz: measured by autocorrelation over one sentence, espeak-ng 1.51, en-us. */
const measured = {
  m3: [73, 82, 97, 107, 117, 142, 175],
  f2: [132, 152, 179, 197, 216, 266, 324],
} as const;
/** Between the two ranges: above it the higher voice sounds less pressed. */
const crossoverHz = 145;
/** espeak-ng says about 4 syllables a second at its 160 words a minute. */
const wordsPerSyllableRate = 40;

/** Settings for a voice: the variant and pitch that come nearest, words a minute within what stays intelligible. */
export function manner(voice: Voice): { variant: 'm3' | 'f2'; pitch: number; wordsPerMinute: number } {
  const variant = voice.pitchHz < crossoverHz ? 'm3' : 'f2';
  return {
    variant,
    pitch: Math.round(interpolate(measured[variant], settings, voice.pitchHz)),
    wordsPerMinute: Math.round(Math.max(110, Math.min(230, voice.rate * wordsPerSyllableRate))),
  };
}

/** Piecewise linear, clamped at both ends. */
function interpolate(from: readonly number[], to: readonly number[], at: number): number {
  for (let i = 1; i < from.length; i++) {
    const [x0 = 0, x1 = 0, y0 = 0, y1 = 0] = [from[i - 1], from[i], to[i - 1], to[i]];
    if (at <= x1) return y0 + ((y1 - y0) * Math.max(0, at - x0)) / (x1 - x0);
  }
  return to.at(-1) ?? 0;
}

/** Tilts the spectrum around 1.2 kHz by up to ±6 dB: one first-order low-pass splits it, the halves are weighed. */
export function brighten(samples: Float32Array, brightness: number): Float32Array {
  const tilt = 10 ** (((brightness - 0.5) * 12) / 20);
  const a = 1 - Math.exp((-2 * Math.PI * 1200) / sampleRate);
  const out = new Float32Array(samples.length);
  let low = 0;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i] ?? 0;
    low += a * (x - low);
    out[i] = low / Math.sqrt(tilt) + (x - low) * Math.sqrt(tilt);
  }
  return out;
}
