/**
 * Turns the solver's contact forces into audible onsets: one event per hit, however many steps the solver spreads it over, and
 * none for things that merely rest on each other. Called by stage.ts once per step.
 */

export interface Onset {
  /** Seconds. */
  time: number;
  readonly a: number;
  readonly b: number;
  /** N·s. */
  impulse: number;
  x: number;
  y: number;
}

interface PairState {
  lastHeard: number;
  level: number;
  onset: Onset | undefined;
}

/** A hit lasts at most this long; what comes within it belongs to the same hit. */
const hitSeconds = 0.045;
/** Two hits of one pair closer than this are heard as one. */
const deafSeconds = 0.07;
/** A force this many times the resting level is a new hit though the pair never parted. */
const jump = 2.4;

export class ContactTracker {
  readonly onsets: Onset[] = [];
  readonly #pairs = new Map<number, PairState>();

  /**
   * @param impulse of this pair in this step, N·s
   * @param least impulse worth hearing for the lighter of the two
   */
  hear(time: number, a: number, b: number, impulse: number, least: number, x: number, y: number): void {
    if (impulse < least) return;
    const key = a < b ? a * 65536 + b : b * 65536 + a;
    const pair = this.#pairs.get(key) ?? { lastHeard: -1, level: 0, onset: undefined };
    this.#pairs.set(key, pair);
    const quiet = time - pair.lastHeard > 0.03;
    if (pair.onset && time - pair.onset.time < hitSeconds) {
      if (impulse > pair.onset.impulse) pair.onset.impulse = impulse;
    } else if (
      (quiet || impulse > jump * pair.level) &&
      (!pair.onset || time - pair.onset.time > deafSeconds)
    ) {
      pair.onset = { time, a, b, impulse, x, y };
      this.onsets.push(pair.onset);
    }
    pair.level = quiet ? impulse * 0.5 : pair.level * 0.85 + impulse * 0.15;
    pair.lastHeard = time;
  }

  /** The loudest few of every instant, in order of time: beyond that the ear hears one crash. */
  audible(perWindow: number, windowSeconds: number): Onset[] {
    const sorted = [...this.onsets].sort((p, q) => p.time - q.time || p.a - q.a || p.b - q.b);
    const kept: Onset[] = [];
    for (let i = 0; i < sorted.length; ) {
      const start = sorted[i]?.time ?? 0;
      let end = i;
      while (end < sorted.length && (sorted[end]?.time ?? 0) < start + windowSeconds) end++;
      const window = sorted
        .slice(i, end)
        .sort((p, q) => q.impulse - p.impulse)
        .slice(0, perWindow);
      kept.push(...window.sort((p, q) => p.time - q.time));
      i = end;
    }
    return kept;
  }
}
