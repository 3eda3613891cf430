/**
 * The filters all generators share. Stable for any cutoff below Nyquist because frequencies are clamped here, and only here.
 */
export const sampleRate = 48_000;

/**
 * Second-order state variable filter in the trapezoidal form: cutoff may move while it runs without blowing up.
 * @see https://cytomic.com/files/dsp/SvfLinearTrapOptimised2.pdf
 */
export class StateVariableFilter {
  #a1 = 0;
  #a2 = 0;
  #a3 = 0;
  #k = 1;
  #s1 = 0;
  #s2 = 0;
  /** Outputs of the last `tick`. */
  low = 0;
  band = 0;
  high = 0;

  constructor(frequency = 1000, q = Math.SQRT1_2) {
    this.tune(frequency, q);
  }

  /** @param frequency Hz, clamped to 10 … 20 000. @param q resonance, 0.5 … 40. */
  tune(frequency: number, q: number): void {
    const g = Math.tan((Math.PI * Math.min(20_000, Math.max(10, frequency))) / sampleRate);
    this.#k = 1 / Math.max(0.3, q);
    this.#a1 = 1 / (1 + g * (g + this.#k));
    this.#a2 = g * this.#a1;
    this.#a3 = g * this.#a2;
  }

  tick(x: number): void {
    const v3 = x - this.#s2;
    const v1 = this.#a1 * this.#s1 + this.#a2 * v3;
    const v2 = this.#s2 + this.#a2 * this.#s1 + this.#a3 * v3;
    this.#s1 = 2 * v1 - this.#s1;
    this.#s2 = 2 * v2 - this.#s2;
    this.low = v2;
    // Scaled by k: unity gain at the centre whatever the resonance.
    this.band = this.#k * v1;
    this.high = x - this.#k * v1 - v2;
  }
}

/** One-pole low-pass coefficient for a cutoff in Hz: `y += c * (x - y)`. */
export function onePole(frequency: number): number {
  return 1 - Math.exp((-2 * Math.PI * Math.min(20_000, Math.max(0.01, frequency))) / sampleRate);
}

/** Equal-power gains for a place between 0 (left) and 1 (right). */
export function panGains(pan: number): readonly [left: number, right: number] {
  // Never fully on one ear: clips are mostly heard on earphones.
  const angle = (0.1 + 0.8 * Math.min(1, Math.max(0, pan))) * (Math.PI / 2);
  return [Math.cos(angle), Math.sin(angle)];
}
