/**
 * Six digits said aloud, with the time of each: by espeak-ng where it is installed, else by a buzz through two formants, which
 * moves like speech and is none (recognisers must not understand it). Called by take.ts.
 */
import { spawnSync } from 'node:child_process';

export const voiceRate = 48_000;
const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Whether real words can be said on this machine. */
export function hasVoice(): boolean {
  return spawnSync('espeak-ng', ['--version']).error === undefined;
}

export interface Speech {
  /** Mono at 48 kHz. */
  readonly samples: Float32Array;
  /** Whether real words can be heard. */
  readonly words: boolean;
}

/** @param start seconds before the first digit. @param voice an espeak-ng voice. */
export function sayDigits(digits: string, start: number, seconds: number, voice = 'en-us'): Speech {
  const samples = new Float32Array(Math.round(seconds * voiceRate));
  let at = Math.round(start * voiceRate);
  let real = true;
  for (const digit of digits) {
    const spoken = speakWord(words[Number(digit)] ?? '', voice);
    if (!spoken) real = false;
    const sound = spoken ?? buzz(Number(digit));
    samples.set(sound.subarray(0, Math.max(0, samples.length - at)), Math.min(at, samples.length));
    at += sound.length + Math.round(0.22 * voiceRate);
  }
  // A quiet room is not digital silence.
  let seed = 1;
  for (let i = 0; i < samples.length; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    samples[i] = (samples[i] ?? 0) + (seed / 2 ** 32 - 0.5) * 0.002;
  }
  return { samples, words: real };
}

function speakWord(word: string, voice: string): Float32Array | undefined {
  const run = spawnSync('espeak-ng', ['--stdin', '--stdout', '-v', voice, '-s', '115'], {
    input: `${word}.`,
  });
  if (run.error || run.status !== 0) return undefined;
  const bytes = run.stdout;
  const from = bytes.indexOf('data', 12, 'latin1') + 8;
  const rate = bytes.readUInt32LE(24);
  const count = Math.floor((bytes.length - from) / 2);
  const out = new Float32Array(Math.floor((count * voiceRate) / rate));
  for (let i = 0; i < out.length; i++) {
    const position = (i * rate) / voiceRate;
    const k = Math.floor(position);
    const value = (n: number): number => bytes.readInt16LE(from + 2 * Math.min(count - 1, n)) / 32_768;
    out[i] = value(k) + (value(k + 1) - value(k)) * (position - k);
  }
  let last = out.length;
  while (last > 0 && Math.abs(out[last - 1] ?? 0) < 0.004) last--;
  return out.subarray(0, last);
}

/** A pulse train at 140 Hz through two resonators that move with the digit. */
function buzz(digit: number): Float32Array {
  const out = new Float32Array(Math.round(0.38 * voiceRate));
  const formants = [350 + 45 * digit, 1000 + 130 * digit];
  const state = formants.map(() => [0, 0]);
  for (let i = 0; i < out.length; i++) {
    const pulse = i % Math.round(voiceRate / 140) === 0 ? 1 : 0;
    let sum = 0;
    formants.forEach((frequency, k) => {
      const [a, b] = state[k] ?? [0, 0];
      const r = Math.exp((-Math.PI * 90) / voiceRate);
      const y = pulse + 2 * r * Math.cos((2 * Math.PI * frequency) / voiceRate) * (a ?? 0) - r * r * (b ?? 0);
      state[k] = [y, a ?? 0];
      sum += y;
    });
    out[i] = sum * 0.02 * Math.sin((Math.PI * i) / out.length);
  }
  return out;
}

/** Loudness over time, 0 … 1, at `fps`: what opens the mouth. */
export function opening(samples: Float32Array, fps: number): number[] {
  const size = Math.round(voiceRate / fps);
  const levels: number[] = [];
  for (let from = 0; from < samples.length; from += size) {
    let sum = 0;
    for (let i = from; i < Math.min(samples.length, from + size); i++) sum += (samples[i] ?? 0) ** 2;
    levels.push(Math.sqrt(sum / size));
  }
  const most = Math.max(...levels, 1e-6);
  return levels.map((level) => Math.min(1, Math.sqrt(level / most)) * (level > 0.02 * most ? 1 : 0));
}
