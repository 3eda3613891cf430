/**
 * The fingerprint of sound: 32 bits a frame, the signs of how energy differences between 33 neighbouring bands change from frame to frame. It
 * survives codecs, volume and equalisers; not a change of speed. Pure; called through `index.ts` by the render node.
 * @see Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002, §4
 */
import FFT from 'fft.js';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { popcount } from './hash.ts';

/** Samples a second that are looked at: the bands end at 2 kHz. */
const rate = 5512.5;
/** 0.37 s, as in the paper; of the 32 frames that overlap there, every second one is kept: 43 a second. */
const frameSize = 2048;
const hop = 128;
export const wordsPerSecond = rate / hop;

const bands = 33;
const lowestHz = 300;
const highestHz = 2000;
/** A minute; what comes after is not fingerprinted. It bounds what comparing costs. */
const maxWords = 2_584;
/** Sound that was never louder than this, full scale 1, is silence: its bits would be noise. */
const silence = 1e-4;

/** Bins of the transform at which bands begin; logarithmic, the last entry is the end. */
const edges = Array.from({ length: bands + 1 }, (_, band) =>
  Math.round((lowestHz * (highestHz / lowestHz) ** (band / bands) * frameSize) / rate),
);
const hann = Float64Array.from(
  { length: frameSize },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frameSize),
);

export type AudioFingerprint = NonNullable<Fingerprints['audio']>;

/**
 * @param samples mono, −1..1
 * @param sampleRate at least 5,513 Hz
 * @returns null for silence and for less than half a second
 * @throws RangeError for a lower rate
 */
export function fingerprintAudio(samples: Float32Array, sampleRate: number): AudioFingerprint | null {
  if (!(sampleRate >= rate)) throw new RangeError(`sound of ${sampleRate} Hz is too coarse to fingerprint`);
  const sound = resample(samples, sampleRate);
  const frames = Math.min(maxWords + 1, Math.floor((sound.length - frameSize) / hop) + 1);
  if (frames < 2 || sound.every((sample) => Math.abs(sample) < silence)) return null;
  const fft = new FFT(frameSize);
  const windowed = new Array<number>(frameSize).fill(0);
  const spectrum: number[] = fft.createComplexArray();
  let before: Float64Array | null = null;
  const words = new Uint32Array(frames - 1);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < frameSize; i++) windowed[i] = (sound[frame * hop + i] ?? 0) * (hann[i] ?? 0);
    fft.realTransform(spectrum, windowed);
    const energy = energies(spectrum);
    if (before !== null) words[frame - 1] = wordOf(energy, before);
    before = energy;
  }
  return { wordsPerSecond, words: encodeWords(words) };
}

function energies(spectrum: readonly number[]): Float64Array {
  const energy = new Float64Array(bands);
  for (let band = 0; band < bands; band++) {
    let sum = 0;
    for (let bin = edges[band] ?? 0; bin < (edges[band + 1] ?? 0); bin++) {
      sum += (spectrum[2 * bin] ?? 0) ** 2 + (spectrum[2 * bin + 1] ?? 0) ** 2;
    }
    energy[band] = sum;
  }
  return energy;
}

/** Equation (1) of the paper, one bit for each pair of neighbouring bands. */
function wordOf(now: Float64Array, before: Float64Array): number {
  let word = 0;
  for (let band = 0; band < bands - 1; band++) {
    const change = (now[band] ?? 0) - (now[band + 1] ?? 0) - ((before[band] ?? 0) - (before[band + 1] ?? 0));
    if (change > 0) word |= 1 << band;
  }
  return word >>> 0;
}

/** To 5,512.5 Hz by averaging: what is above the bands and folds back into them is a hundredth of it. */
function resample(samples: Float32Array, sampleRate: number): Float32Array {
  const step = sampleRate / rate;
  const out = new Float32Array(Math.floor(samples.length / step));
  for (let i = 0; i < out.length; i++) {
    const from = i * step;
    const to = Math.min(samples.length, from + step);
    let sum = 0;
    for (let at = Math.floor(from); at < to; at++) {
      sum += (samples[at] ?? 0) * (Math.min(at + 1, to) - Math.max(at, from));
    }
    out[i] = sum / (to - from);
  }
  return out;
}

function encodeWords(words: Uint32Array): string {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @returns null when it is not whole words of base64 */
export function decodeWords(text: string): Uint32Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const binary = atob(text);
  if (binary.length % 4 !== 0) return null;
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

/** Words that must overlap: 1.5 s. */
export const minOverlap = 64;
/**
 * Share of equal bits, at the best offset, from which sound agrees. In the paper's model a bit of another sound is equal with ½ and
 * neighbours in time are correlated: a block of 256 words behaves like one of about 900 free bits, so that .70 lies twelve standard deviations
 * above chance; at 64 words it is six (1e-9), times the offsets that are tried: less than 1e-6 for a pair of clips.
 */
export const audioAgreesAt = 0.7;

/**
 * The best agreement over all offsets, 0..1; null when the two cannot overlap for 1.5 s. Symmetric.
 */
export function compareAudio(a: AudioFingerprint, b: AudioFingerprint): number | null {
  const wordsA = decodeWords(a.words)?.subarray(0, maxWords) ?? null;
  const wordsB = decodeWords(b.words)?.subarray(0, maxWords) ?? null;
  if (wordsA === null || wordsB === null || a.wordsPerSecond !== b.wordsPerSecond) return null;
  if (Math.min(wordsA.length, wordsB.length) < minOverlap) return null;
  let best = 0;
  for (let offset = minOverlap - wordsB.length; offset <= wordsA.length - minOverlap; offset++) {
    const from = Math.max(0, offset);
    const to = Math.min(wordsA.length, wordsB.length + offset);
    let differing = 0;
    for (let i = from; i < to; i++) differing += popcount((wordsA[i] ?? 0) ^ (wordsB[i - offset] ?? 0));
    best = Math.max(best, 1 - differing / (32 * (to - from)));
  }
  return best;
}
