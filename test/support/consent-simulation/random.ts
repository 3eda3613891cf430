/**
 * The choices a history does not spell out. Invariant: the same seed and stream give the same numbers, and streams do not disturb each
 * other, so that shrinking one part of a history leaves the rest as it was. Called by every part of the simulation that chooses.
 */

export interface Random {
  /** In [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** 0 … n − 1. */
  below(n: number): number;
  between(low: number, high: number): number;
}

/**
 * mulberry32 by Tommy Ettinger (public domain): 32 bits of state, passes gjrand, and costs a few instructions.
 * @param stream names what the numbers are for
 */
export function createRandom(seed: number, stream: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    below: (n) => Math.floor(next() * n),
    between: (low, high) => low + next() * (high - low),
  };
}
