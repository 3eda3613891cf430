/**
 * From samples to the series that decisions need: level, pitch and brightness, a hundred times a second. Pitch is YIN (de Cheveigné
 * & Kawahara, JASA 111, 2002) without its last refinement. Called by inspect.ts.
 */
import { fourier } from './fourier.ts';
import type { AudioTrack } from './tracks.ts';

/** Samples per second of what comes in: enough for a voice, and what recognisers of speech expect. */
export const soundRate = 16_000;
/** Steps per second. */
export const stepRate = 100;
const hop = soundRate / stepRate;
/** YIN looks at two periods of the lowest voice. */
const window = 640;
const [lowestPitch, highestPitch] = [65, 450];
/** Aperiodicity below which a step counts as voiced; the paper uses 0.1 for clean speech, rooms need more. */
const voicedBelow = 0.2;
/** Steps quieter than this have no pitch worth looking for (−60 dB). */
const audible = 0.001;

/** @param samples mono at 16 kHz, full scale 1. */
export function hear(samples: Float32Array): AudioTrack {
  const steps = Math.floor(samples.length / hop);
  const level: number[] = [];
  const pitch: number[] = [];
  const centroid: number[] = [];
  for (let step = 0; step < steps; step++) {
    const from = step * hop;
    let sum = 0;
    for (let i = from; i < from + hop; i++) sum += (samples[i] ?? 0) ** 2;
    const rms = Math.sqrt(sum / hop);
    level.push(rms);
    // Pitch and colour change slower than level: every other step is enough.
    if (step % 2 === 1) {
      pitch.push(pitch.at(-1) ?? 0);
      centroid.push(centroid.at(-1) ?? 0);
      continue;
    }
    pitch.push(rms < audible ? 0 : yin(samples, from));
    centroid.push(rms < audible ? 0 : centroidAt(samples, from));
  }
  return { seconds: samples.length / soundRate, rate: stepRate, level, pitch, centroid };
}

/** Hz, or 0 where nothing is periodic. */
function yin(samples: Float32Array, from: number): number {
  const longest = Math.floor(soundRate / lowestPitch);
  const shortest = Math.floor(soundRate / highestPitch);
  const difference = new Float64Array(longest + 2);
  let running = 0;
  const normal = (lag: number): number => difference[lag] ?? 1;
  let found = 0;
  for (let lag = 1; lag <= longest + 1; lag++) {
    let sum = 0;
    for (let i = from; i < from + window - longest; i++) {
      const d = (samples[i] ?? 0) - (samples[i + lag] ?? 0);
      sum += d * d;
    }
    running += sum;
    difference[lag] = running > 0 ? (sum * lag) / running : 1;
    // The first dip under the threshold, at its bottom.
    if (lag > shortest + 1 && normal(lag - 1) < voicedBelow && normal(lag) >= normal(lag - 1)) {
      found = lag - 1;
      break;
    }
  }
  if (found === 0) return 0;
  const [a, b, c] = [normal(found - 1), normal(found), normal(found + 1)];
  const bend = a - 2 * b + c;
  return soundRate / (found + (bend > 0 ? (a - c) / (2 * bend) : 0));
}

/** Centre of the magnitude spectrum from 50 Hz up, Hz. */
function centroidAt(samples: Float32Array, from: number): number {
  const size = 512;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let i = 0; i < size; i++)
    re[i] = (samples[from + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  fourier(re, im);
  let [weighted, total] = [0, 0];
  for (let k = 2; k < size / 2; k++) {
    const magnitude = Math.hypot(re[k] ?? 0, im[k] ?? 0);
    weighted += (magnitude * k * soundRate) / size;
    total += magnitude;
  }
  return total > 0 ? weighted / total : 0;
}
