/**
 * The only source of chance in the sketch engine: everything random comes from a seed, so the same prompt and seed give the
 * same clip bit for bit. Called by scene/, physics/, actions/ and draw/.
 */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  range(low: number, high: number): number;
  /** Uniform integer in [low, high], both included. */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** An independent stream: adding draws to one stream never moves another. */
  fork(label: string): Random;
}

/** 32-bit FNV-1a over UTF-16 code units. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** Mulberry32: 32 bits of state, full period, passes gjrand; enough for pictures. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    range: (low, high) => low + (high - low) * next(),
    int: (low, high) => low + Math.floor((high - low + 1) * next()),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    fork: (label) => createRandom((seed ^ hashString(label)) >>> 0),
  };
}

/** Smooth value noise in [-1, 1] along one axis: cheap ridges, wobbling lines and flicker. */
export function noise1(seed: number, x: number): number {
  const cell = Math.floor(x);
  const t = x - cell;
  const at = (i: number): number => {
    let h = Math.imul((i ^ seed) >>> 0, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return ((h ^ (h >>> 13)) >>> 0) / 2147483648 - 1;
  };
  const smooth = t * t * (3 - 2 * t);
  return at(cell) * (1 - smooth) + at(cell + 1) * smooth;
}
