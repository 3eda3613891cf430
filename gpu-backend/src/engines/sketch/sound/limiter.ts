/**
 * A look-ahead peak limiter: the gain is down before the peak arrives and recovers slowly, so nothing clips and nothing
 * pumps. Delays by `delay` frames, which the mixer takes off again. Called by mixer.ts.
 */
const lookAhead = 192;
const ceiling = 0.89;
/** Recovery per sample: back to unity in about 150 ms. */
const releaseStep = 1 / (0.15 * 48_000);

export class Limiter {
  readonly delay = lookAhead;
  readonly #delayed = new Float32Array(lookAhead * 2);
  #at = 0;
  #gain = 1;
  #target = 1;
  #hold = 0;
  #step = 0;

  /** Replaces an interleaved stereo block by the limited one of `delay` frames earlier. */
  process(block: Float32Array): void {
    for (let i = 0; i < block.length; i += 2) {
      const [left, right] = [block[i] ?? 0, block[i + 1] ?? 0];
      const peak = Math.max(Math.abs(left), Math.abs(right));
      const wanted = peak > ceiling ? ceiling / peak : 1;
      if (wanted < this.#target) {
        this.#target = wanted;
        // Reaches the target exactly when this peak leaves the delay line.
        this.#step = Math.max(this.#step, (this.#gain - wanted) / (lookAhead - 1));
        this.#hold = lookAhead;
      } else if (wanted < 1) {
        this.#hold = Math.max(this.#hold, lookAhead);
      }
      if (this.#gain > this.#target) {
        this.#gain = Math.max(this.#target, this.#gain - this.#step);
      } else if (this.#hold > 0) {
        this.#hold--;
      } else {
        this.#step = 0;
        this.#gain = Math.min(1, this.#gain + releaseStep);
        this.#target = this.#gain;
      }
      const outLeft = (this.#delayed[this.#at] ?? 0) * this.#gain;
      const outRight = (this.#delayed[this.#at + 1] ?? 0) * this.#gain;
      this.#delayed[this.#at] = left;
      this.#delayed[this.#at + 1] = right;
      this.#at = (this.#at + 2) % (lookAhead * 2);
      block[i] = Math.max(-0.98, Math.min(0.98, outLeft));
      block[i + 1] = Math.max(-0.98, Math.min(0.98, outRight));
    }
  }
}
