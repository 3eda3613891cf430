/**
 * Fingerprints of exactly what is encoded: frames as they go into the encoder, marks and all, and the finished sound. Invariant: frames
 * are handed on one at a time, so that no more than one waits in memory. Called by finish.ts and by the inspection of uploads.
 */
import {
  type AudioFingerprint,
  type FrameFingerprints,
  fingerprintAudio,
  fingerprintFrames,
  type TimedPicture,
} from '#core/fingerprint/index.ts';
import { lumaFromRgba } from '#core/watermark/index.ts';

/** Frames a second that a bank keeps (core/fingerprint). */
const framesPerSecond = 4;
/** As the schema has it; what is longer is looked at less often. */
const mostFrames = 240;

/** Seconds between two fingerprinted frames of a clip this long. */
export function fingerprintStep(seconds: number): number {
  return Math.max(1 / framesPerSecond, seconds / mostFrames);
}

/** Takes frames while they are drawn; the hashing keeps pace with the drawing. */
export class FrameFingerprinter {
  readonly #waiting: TimedPicture[] = [];
  readonly #result: Promise<FrameFingerprints>;
  #wake: (() => void) | undefined;
  #drained: (() => void) | undefined;
  #ended = false;

  constructor() {
    this.#result = fingerprintFrames(this.#frames(), { purpose: 'bank' });
    this.#result.catch(() => this.#drained?.());
  }

  /** @param pixels RGBA rows without padding; read before the first await. Resolves when it has been hashed. */
  async add(
    at: number,
    pixels: Uint8Array | Uint8ClampedArray,
    width: number,
    height: number,
  ): Promise<void> {
    const { data } = lumaFromRgba(pixels, width, height);
    const luma = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    this.#waiting.push({ at, width, height, luma });
    this.#wake?.();
    await Promise.race([drained, this.#result]);
  }

  /** All of them. Safe to call when an `add` has failed: it rejects as that did. */
  finish(): Promise<FrameFingerprints> {
    this.#ended = true;
    this.#wake?.();
    return this.#result;
  }

  async *#frames(): AsyncGenerator<TimedPicture> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        yield next;
        this.#drained?.();
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** @param samples interleaved stereo */
export function fingerprintSound(samples: Float32Array, sampleRate: number): AudioFingerprint | null {
  const mono = new Float32Array(samples.length / 2);
  for (let i = 0; i < mono.length; i++) mono[i] = ((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) / 2;
  return fingerprintAudio(mono, sampleRate);
}
