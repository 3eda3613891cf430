/**
 * Which films a query may be of: a short list, to be compared one by one afterwards. Invariants: a film that was added and not removed is on the
 * list when one of its probes lies near a view of the query; nothing here says that two films agree. Pure, in memory; called by the
 * FingerprintIndex and HashBank objects, which build it from what they have stored.
 */

import { hashAgreesWithin } from './compare.ts';
import { hamming, hashBits, hashWords, mirrored } from './hash.ts';
import { HashIndex } from './hash-index.ts';
import { isHash, type PackedFrames } from './packed.ts';

/** Seconds between frames that are looked up by: a film that is asked for is dense enough to have one near each. */
const probeInterval = 0.5;
/** Two probes of one view this near to each other are one. */
const sameProbe = 6;
/** Frames of a query that are looked up, spread over all of it. */
const maxQueryFrames = 48;
/** Up to so many frames are looked up with more care. */
const fewFrames = 8;
/** Frames that hit one film, after which no more are looked up. */
const enoughHits = 4;

/** What of a film is looked up by: hashes one behind the other, eight words each. */
export function probesOf(bank: PackedFrames): Uint32Array {
  const probes: number[] = [];
  const kept: Uint32Array[][] = Array.from({ length: bank.views }, () => []);
  let last = Number.NEGATIVE_INFINITY;
  for (const [frame, at] of bank.at.entries()) {
    if (at - last < probeInterval - 0.05) continue;
    last = at;
    for (let view = 0; view < bank.views; view++) {
      const from = (frame * bank.views + view) * hashWords;
      if (!isHash(bank.words, from)) continue;
      const hash = bank.words.slice(from, from + hashWords);
      if (kept[view]?.some((other) => hamming(hash, other) <= sameProbe)) continue;
      kept[view]?.push(hash);
      probes.push(...hash);
    }
  }
  return Uint32Array.from(probes);
}

export interface Candidate {
  readonly owner: number;
  /** Frames of the query that are near one of its probes. */
  readonly hits: number;
  readonly nearest: number;
}

export class ClipIndex {
  readonly #hashes: HashIndex;
  /** How many probes each owner has. */
  readonly #probes = new Map<number, number>();

  constructor(slots: 8 | 16) {
    this.#hashes = new HashIndex(slots);
  }

  get hashes(): HashIndex {
    return this.#hashes;
  }

  /** @param owner a number that is the caller's own, not negative */
  add(owner: number, probes: Uint32Array): void {
    const count = probes.length / hashWords;
    for (let i = 0; i < count; i++) this.#hashes.add(probes, i * hashWords, owner);
    this.#probes.set(owner, (this.#probes.get(owner) ?? 0) + count);
  }

  remove(owner: number): void {
    if (this.#probes.delete(owner)) this.#hashes.remove(owner);
  }

  /** Likely films, most hits first. */
  candidates(query: PackedFrames, limit: number): Candidate[] {
    const found = new Map<number, { hits: number; nearest: number }>();
    const order = spread(query.at.length, maxQueryFrames);
    const turned = mirrored(query.words);
    // One bucket a slot finds nine of ten hashes that are 20 bits away, so it finds any film of more than a few frames. Only for a picture or
    // a very short film all seventeen are looked into.
    for (const radius of [0, 1] as const) {
      if (radius === 1 && order.length > fewFrames) break;
      for (const frame of order) {
        this.#lookUp(query, turned, frame, radius, found);
        if ([...found.values()].some(({ hits }) => hits >= enoughHits)) break;
      }
      if (found.size > 0) break;
    }
    return [...found]
      .map(([owner, { hits, nearest }]) => ({ owner, hits, nearest }))
      .sort((a, b) => b.hits - a.hits || a.nearest - b.nearest)
      .slice(0, limit);
  }

  /**
   * Films with a frame within Meta's limit of any of these, with a similarity of 0..100: each hash of the query counts one less the share of bits
   * that differ, or nothing. For values that carry a few hashes and no times.
   */
  nearest(query: PackedFrames): Map<number, number> {
    const sums = new Map<number, number>();
    for (let frame = 0; frame < query.at.length; frame++) {
      const here = new Map<number, number>();
      this.#nearIn(query.words, frame * query.views * hashWords, 1, here);
      for (const [owner, distance] of here) {
        sums.set(owner, (sums.get(owner) ?? 0) + 1 - distance / hashBits);
      }
    }
    return new Map([...sums].map(([owner, sum]) => [owner, Math.round((100 * sum) / query.at.length)]));
  }

  #nearIn(words: Uint32Array, from: number, radius: 0 | 1, here: Map<number, number>): void {
    this.#hashes.search(words, from, hashAgreesWithin, radius, (owner, distance) => {
      here.set(owner, Math.min(distance, here.get(owner) ?? distance));
    });
  }

  #lookUp(
    query: PackedFrames,
    turned: Uint32Array,
    frame: number,
    radius: 0 | 1,
    found: Map<number, { hits: number; nearest: number }>,
  ): void {
    const here = new Map<number, number>();
    for (let view = 0; view < query.views; view++) {
      const from = (frame * query.views + view) * hashWords;
      if (!isHash(query.words, from)) continue;
      for (const words of [query.words, turned]) this.#nearIn(words, from, radius, here);
    }
    for (const [owner, distance] of here) {
      const so = found.get(owner) ?? { hits: 0, nearest: distance };
      found.set(owner, { hits: so.hits + 1, nearest: Math.min(so.nearest, distance) });
    }
  }
}

/** At most `limit` of `count` numbers, the first ones far apart: every eighth, then those between. */
function spread(count: number, limit: number): number[] {
  const step = Math.max(1, count / limit);
  const chosen = Array.from({ length: Math.min(count, limit) }, (_, i) => Math.floor(i * step));
  return Array.from({ length: 8 }, (_, rest) => chosen.filter((_frame, i) => i % 8 === rest)).flat();
}
