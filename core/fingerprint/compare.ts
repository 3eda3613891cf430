/**
 * Whether a film is another one, edited. Invariants: what counts is the share of the query's frames that are found again, so a short cut of a long
 * film agrees and one common frame in a long film does not; a frame is found when any of its views is near any view of any frame of the
 * other, mirrored or not, or when it lies between two that are; more agreeing frames never make two films less alike. Pure; called by both indexes, by recovery and by the desk.
 */
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { compareAudio } from './fingerprint-audio.ts';
import { hammingWithin, hashWords, mirrored } from './hash.ts';
import { isHash, isUsable, type PackedFrames, packBank, packQuery } from './packed.ts';

/** Bits of 256 within which two hashes are one picture. @see hashing.pdf; Meta's advice for matching */
export const hashAgreesWithin = 31;
/**
 * The same for frames of two films that have been brought together by a nearer pair. Frames of films that have nothing to do with each other were
 * never nearer than 70 (docs/fingerprints.md).
 */
export const frameAgreesWithin = 44;
/** Share of the usable frames, 0..100, from which two films agree. */
export const agreesAt = 60;
/** Sound that clearly is another lets the picture stand for this much only: somebody else's film may have been put under it. */
const otherSound = 0.8;
/** Below this, sound is another: unrelated sounds measured at most 0.55 alike, encoded copies at least 0.85. */
const audioDiffersAt = 0.6;
/** Seconds between two frames that agree, so that those between them do as well: the bank had none there. */
const maxGap = 0.55;
/** How much faster or slower a film may have been made for that. */
const maxSpeed = 2.5;
/** Pairs that are shown to people. */
const maxPairs = 12;

export interface FramePair {
  /** Seconds in each, and bits that differ. */
  readonly queryAt: number;
  readonly bankAt: number;
  readonly distance: number;
}

export interface Comparison {
  /** 0..100: share of the query's usable frames that agree, weighed down when the sound is another. */
  readonly similarity: number;
  readonly frames: { readonly agreeing: number; readonly usable: number };
  /** 0..1, equal bits of the sound at the best offset; null when either has none. */
  readonly audio: number | null;
  /** The nearest pairs, nearest first. */
  readonly pairs: readonly FramePair[];
  /**
   * Three fifths of the frames agree, at least one of them within Meta's own limit; with fewer than three frames to go by, all of them
   * within it.
   */
  readonly agrees: boolean;
}

export function compareFingerprints(query: Fingerprints, bank: Fingerprints): Comparison {
  const audio = query.audio === null || bank.audio === null ? null : compareAudio(query.audio, bank.audio);
  return comparePacked(packQuery(query.frames), packBank(bank.frames), audio);
}

/** @param audio what `compareAudio` said */
export function comparePacked(query: PackedFrames, bank: PackedFrames, audio: number | null): Comparison {
  const search = new FrameSearch(query, bank);
  const found: (FramePair | null)[] = [];
  for (let frame = 0; frame < query.at.length; frame++) {
    if (isUsable(query, frame)) found.push(search.find(frame, frameAgreesWithin));
  }
  const pairs = found.filter((pair) => pair !== null);
  const usable = found.length;
  const agreeing = pairs.length + between(found);
  const share = usable === 0 ? 0 : agreeing / usable;
  const similarity = Math.round(100 * share * (audio !== null && audio < audioDiffersAt ? otherSound : 1));
  const near = pairs.filter(({ distance }) => distance <= hashAgreesWithin).length;
  const nearest = [...pairs].sort((a, b) => a.distance - b.distance).slice(0, maxPairs);
  return {
    similarity,
    frames: { agreeing, usable },
    audio,
    pairs: nearest,
    agrees: similarity >= agreesAt && (agreeing >= 3 ? near > 0 : agreeing === usable && near === usable),
  };
}

/** Frames between two that agree and lie as near to each other in the bank: sampled where the bank was not. */
function between(found: readonly (FramePair | null)[]): number {
  let filled = 0;
  let last: { pair: FramePair; frame: number } | null = null;
  for (const [frame, pair] of found.entries()) {
    if (pair === null) continue;
    if (last !== null) {
      const gap = pair.queryAt - last.pair.queryAt;
      const there = Math.abs(pair.bankAt - last.pair.bankAt);
      if (gap <= maxGap && there <= maxSpeed * gap) filled += frame - last.frame - 1;
    }
    last = { pair, frame };
  }
  return filled;
}

/** How a frame was found: which of its views, in which of the bank's, mirrored or not. The next one was probably edited the same way. */
interface Relation {
  readonly queryView: number;
  readonly bankView: number;
  readonly mirror: boolean;
}

class FrameSearch {
  readonly #query: PackedFrames;
  readonly #bank: PackedFrames;
  readonly #turned: Uint32Array;
  readonly #filled: readonly boolean[];
  readonly #lately: Relation[] = [];

  constructor(query: PackedFrames, bank: PackedFrames) {
    this.#query = query;
    this.#bank = bank;
    this.#turned = mirrored(query.words);
    this.#filled = Array.from({ length: bank.at.length * bank.views }, (_, i) =>
      isHash(bank.words, i * hashWords),
    );
  }

  /** The nearest pair by the relations that worked before, or else by any; null beyond the limit. */
  find(frame: number, limit: number): FramePair | null {
    const before = this.#alongThese(frame, this.#lately, limit);
    if (before !== null) return before;
    let best: FramePair | null = null;
    let through: Relation | null = null;
    let below = limit + 1;
    for (const relation of this.#relations(frame)) {
      const found: FramePair | null = this.#along(frame, relation, below);
      if (found === null) continue;
      best = found;
      through = relation;
      below = found.distance;
    }
    if (through !== null) {
      this.#lately.unshift(through);
      this.#lately.length = Math.min(this.#lately.length, 4);
    }
    return best;
  }

  *#relations(frame: number): Generator<Relation> {
    for (const mirror of [false, true]) {
      for (let queryView = 0; queryView < this.#query.views; queryView++) {
        if (!isHash(this.#query.words, (frame * this.#query.views + queryView) * hashWords)) continue;
        for (let bankView = 0; bankView < this.#bank.views; bankView++) yield { queryView, bankView, mirror };
      }
    }
  }

  #alongThese(frame: number, relations: readonly Relation[], limit: number): FramePair | null {
    let best: FramePair | null = null;
    let below = limit + 1;
    for (const relation of relations) {
      const found: FramePair | null = this.#along(frame, relation, below);
      if (found === null) continue;
      best = found;
      below = found.distance;
    }
    return best;
  }

  /** The nearest frame of the bank by one relation, if it is nearer than `below`. */
  #along(frame: number, { queryView, bankView, mirror }: Relation, below: number): FramePair | null {
    const words = mirror ? this.#turned : this.#query.words;
    const from = (frame * this.#query.views + queryView) * hashWords;
    if (!isHash(this.#query.words, from)) return null;
    let limit = below - 1;
    let nearest = -1;
    for (let other = 0; other < this.#bank.at.length && limit >= 0; other++) {
      const place = other * this.#bank.views + bankView;
      if (this.#filled[place] !== true) continue;
      const distance = hammingWithin(words, from, this.#bank.words, place * hashWords, limit);
      if (distance < 0) continue;
      limit = distance - 1;
      nearest = other;
    }
    if (nearest < 0) return null;
    return {
      queryAt: this.#query.at[frame] ?? 0,
      bankAt: this.#bank.at[nearest] ?? 0,
      distance: limit + 1,
    };
  }
}
