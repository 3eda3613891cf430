/**
 * The room: eight damped combs and four all-passes (Schroeder–Moorer in Jezar's "Freeverb" tuning, public domain),
 * decorrelated between the ears. Called by mixer.ts.
 */
import { sampleRate } from './filters.ts';

/** Comb delays in samples at 44.1 kHz; four a side, the right one spread by 23. */
const combs = [1116, 1277, 1422, 1617];
const allPasses = [556, 341];
const spread = 23;

class Line {
  readonly #buffer: Float32Array;
  #at = 0;
  #store = 0;

  constructor(frames: number) {
    this.#buffer = new Float32Array(Math.round((frames * sampleRate) / 44_100));
  }

  get length(): number {
    return this.#buffer.length;
  }

  comb(x: number, feedback: number): number {
    const y = this.#buffer[this.#at] ?? 0;
    this.#store += 0.65 * (y - this.#store);
    this.#buffer[this.#at] = x + this.#store * feedback;
    if (++this.#at === this.#buffer.length) this.#at = 0;
    return y;
  }

  allPass(x: number): number {
    const y = this.#buffer[this.#at] ?? 0;
    this.#buffer[this.#at] = x + y * 0.5;
    if (++this.#at === this.#buffer.length) this.#at = 0;
    return y - x;
  }
}

export class Reverb {
  readonly #sides: readonly { combs: readonly Line[]; allPasses: readonly Line[] }[];
  readonly #feedback: readonly number[];
  readonly #preDelay = new Float32Array(576);
  #at = 0;

  /** @param seconds time to die by 60 dB, 0.1 … 5. */
  constructor(seconds: number) {
    this.#sides = [0, spread].map((extra) => ({
      combs: combs.map((frames) => new Line(frames + extra)),
      allPasses: allPasses.map((frames) => new Line(frames + extra)),
    }));
    const rt = Math.min(5, Math.max(0.1, seconds));
    // A comb of delay d falls by 60 dB in rt seconds with feedback 10^(-3 d / rt).
    this.#feedback = combs.map((frames) => 10 ** ((-3 * frames) / 44_100 / rt));
  }

  /** Adds the room's answer to a mono send into an interleaved stereo block. */
  add(send: Float32Array, out: Float32Array): void {
    for (let i = 0; i < send.length; i++) {
      const x = this.#preDelay[this.#at] ?? 0;
      this.#preDelay[this.#at] = (send[i] ?? 0) * 0.3;
      if (++this.#at === this.#preDelay.length) this.#at = 0;
      for (let side = 0; side < 2; side++) {
        const lines = this.#sides[side];
        if (!lines) continue;
        let y = 0;
        for (let k = 0; k < lines.combs.length; k++)
          y += lines.combs[k]?.comb(x, this.#feedback[k] ?? 0) ?? 0;
        for (const line of lines.allPasses) y = line.allPass(y);
        out[2 * i + side] = (out[2 * i + side] ?? 0) + y;
      }
    }
  }
}
