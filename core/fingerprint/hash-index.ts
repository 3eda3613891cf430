/**
 * Multi-index hashing: finds hashes within a few bits of one among millions without looking at most of them. A 256-bit hash is sixteen slots of
 * sixteen bits; two hashes within 31 bits share at least one slot but for one bit, so it is enough to look into the 17 buckets of each slot.
 * Invariants: an entry that was added and not removed is found by every hash within the radius that the slots guarantee; memory grows in
 * segments and never by copying everything. Pure; called by `clip-index.ts` and the benchmark.
 * @see Norouzi, Punjani, Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014
 */
import { hammingWithin, hashWords } from './hash.ts';

const slotBits = 16;
const buckets = 1 << slotBits;
export const allSlots = 16;
const segmentBits = 14;
const segmentSize = 1 << segmentBits;
const segmentMask = segmentSize - 1;

interface Segment {
  readonly words: Uint32Array;
  /** Owner, or −1 once removed. */
  readonly owners: Int32Array;
  /** The last search that met it. */
  readonly met: Uint32Array;
  /** Next entry of the same bucket, slot by slot. */
  readonly next: Int32Array;
}

export class HashIndex {
  readonly #slots: number;
  readonly #stride: number;
  readonly #heads: Int32Array;
  readonly #segments: Segment[] = [];
  #size = 0;
  #removed = 0;
  #search = 0;

  /**
   * @param slots 16 finds everything within 31 bits; with 8, every second slot is kept, in half of the memory: what lies 31 bits away is
   * then found 98.7 times of a hundred (chance, if errors fall anywhere), 20 bits away always but once in ten thousand
   */
  constructor(slots: 8 | 16 = allSlots) {
    this.#slots = slots;
    this.#stride = allSlots / slots;
    this.#heads = new Int32Array(slots * buckets).fill(-1);
  }

  /** Entries there are. */
  get size(): number {
    return this.#size - this.#removed;
  }

  /** Entries that take up room, removed ones included. */
  get room(): number {
    return this.#size;
  }

  /** Bytes of all tables. */
  get bytes(): number {
    return (
      this.#heads.byteLength + this.#segments.length * segmentSize * (4 * hashWords + 8 + 4 * this.#slots)
    );
  }

  /** @param owner what searches answer; not negative */
  add(words: Uint32Array, from: number, owner: number): void {
    const id = this.#size++;
    const at = id & segmentMask;
    let segment = this.#segments[id >>> segmentBits];
    if (segment === undefined) {
      segment = {
        words: new Uint32Array(segmentSize * hashWords),
        owners: new Int32Array(segmentSize),
        met: new Uint32Array(segmentSize),
        next: new Int32Array(segmentSize * this.#slots),
      };
      this.#segments.push(segment);
    }
    segment.owners[at] = owner;
    for (let word = 0; word < hashWords; word++)
      segment.words[at * hashWords + word] = words[from + word] ?? 0;
    for (let slot = 0; slot < this.#slots; slot++) {
      const head = slot * buckets + this.#key(words, from, slot);
      segment.next[at * this.#slots + slot] = this.#heads[head] ?? -1;
      this.#heads[head] = id;
    }
  }

  /** Nothing of this owner is found any more; the room is free again when the index is built anew. */
  remove(owner: number): void {
    for (let id = 0; id < this.#size; id++) {
      const owners = this.#segments[id >>> segmentBits]?.owners;
      if (owners?.[id & segmentMask] !== owner) continue;
      owners[id & segmentMask] = -1;
      this.#removed++;
    }
  }

  /**
   * Tells every entry within `limit` bits that shares a slot to within `radius` bits, each once.
   * @param radius 0: looks into one bucket a slot · 1: into 17
   */
  search(
    words: Uint32Array,
    from: number,
    limit: number,
    radius: 0 | 1,
    found: (owner: number, distance: number) => void,
  ): void {
    this.#search = (this.#search + 1) >>> 0;
    for (let slot = 0; slot < this.#slots; slot++) {
      const key = this.#key(words, from, slot);
      this.#bucket(slot, key, words, from, limit, found);
      if (radius === 0) continue;
      for (let bit = 0; bit < slotBits; bit++)
        this.#bucket(slot, key ^ (1 << bit), words, from, limit, found);
    }
  }

  #bucket(
    slot: number,
    key: number,
    words: Uint32Array,
    from: number,
    limit: number,
    found: (owner: number, distance: number) => void,
  ): void {
    let id = this.#heads[slot * buckets + key] ?? -1;
    while (id >= 0) {
      const segment = this.#segments[id >>> segmentBits];
      if (segment === undefined) return;
      const at = id & segmentMask;
      if (segment.met[at] !== this.#search) {
        segment.met[at] = this.#search;
        const owner = segment.owners[at] ?? -1;
        if (owner >= 0) {
          const distance = hammingWithin(words, from, segment.words, at * hashWords, limit);
          if (distance >= 0) found(owner, distance);
        }
      }
      id = segment.next[at * this.#slots + slot] ?? -1;
    }
  }

  #key(words: Uint32Array, from: number, slot: number): number {
    const wide = slot * this.#stride;
    return ((words[from + (wide >>> 1)] ?? 0) >>> (16 * (wide & 1))) & (buckets - 1);
  }
}
