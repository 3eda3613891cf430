/**
 * Seeded damage to signed files: from a flipped bit to a box that swallows its neighbours. Invariant: the same seed and number give the same
 * bytes. Called by compare.ts.
 */
import { createRandom, type Random } from '../consent-simulation/random.ts';
import { type Part, partsOf } from './parts.ts';

export interface Sample {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Where its manifest store lies; empty if it has none. */
  readonly store: readonly { readonly start: number; readonly end: number }[];
}

export interface Mutant {
  readonly kind: string;
  readonly sample: Sample;
  readonly bytes: Uint8Array;
}

type Mutation = (sample: Sample, random: Random, others: readonly Sample[]) => Uint8Array | null;

const byte = (random: Random) => random.below(256);

/** A copy with a change made in place. */
function edited(bytes: Uint8Array, edit: (copy: Uint8Array<ArrayBuffer>) => void): Uint8Array {
  const copy = new Uint8Array(bytes);
  edit(copy);
  return copy;
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[random.below(items.length)];
}

function without(bytes: Uint8Array, part: { start: number; end: number }): Uint8Array {
  return joined(bytes.subarray(0, part.start), bytes.subarray(part.end));
}

function inserted(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
}

function random32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  return edited(bytes, (copy) => new DataView(copy.buffer).setUint32(at, value >>> 0));
}

/** A box nobody asked for: free, skip, an unknown type, a uuid that is not C2PA's, or C2PA's own with nothing in it. */
function strangeBox(random: Random): Uint8Array {
  const type = pick(['free', 'skip', 'uuid', 'abcd', 'mdat', 'moov', 'ftyp', 'mfra'], random) ?? 'free';
  const body = new Uint8Array(16 + random.below(64)).map(() => byte(random));
  if (type === 'uuid' && random.chance(0.5))
    body.set([
      0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81,
    ]);
  const box = new Uint8Array(8 + body.length);
  new DataView(box.buffer).setUint32(0, box.length);
  box.set(new TextEncoder().encode(type), 4);
  box.set(body, 8);
  return box;
}

/** Sizes that readers stumble over: none, the 64-bit marker, one too many, one too few, all there is, and more. */
function oddSize(part: Part, size: number, random: Random): number {
  const length = part.end - part.start;
  const sizes = [0, 1, 2, 7, 8, length - 1, length + 1, size, size + 1, 0x7fff_ffff, 0xffff_ffff];
  return pick(sizes, random) ?? 0;
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'bit in the file': ({ bytes }, random) =>
    edited(bytes, (copy) => {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    }),
  'bit in the store': ({ bytes, store }, random) => {
    const range = pick(store, random);
    if (!range) return null;
    return edited(bytes, (copy) => {
      const at = range.start + random.below(range.end - range.start);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    });
  },
  'byte near the front': ({ bytes }, random) =>
    edited(bytes, (copy) => {
      copy[random.below(Math.min(4096, copy.length))] = byte(random);
    }),
  'run of noise': ({ bytes }, random) =>
    edited(bytes, (copy) => {
      const from = random.below(copy.length);
      const to = Math.min(copy.length, from + 1 + random.below(64));
      for (let at = from; at < to; at += 1) copy[at] = byte(random);
    }),
  truncated: ({ bytes }, random) => bytes.slice(0, random.below(bytes.length)),
  'a little cut off': ({ bytes }, random) => bytes.slice(0, Math.max(0, bytes.length - 1 - random.below(64))),
  lengthened: ({ bytes }, random) =>
    joined(
      bytes,
      new Uint8Array(1 + random.below(128)).map(() => byte(random)),
    ),
  'range removed': ({ bytes }, random) => {
    const start = random.below(bytes.length);
    return without(bytes, { start, end: Math.min(bytes.length, start + 1 + random.below(2048)) });
  },
  'range doubled': ({ bytes }, random) => {
    const start = random.below(bytes.length);
    const piece = bytes.slice(start, Math.min(bytes.length, start + 1 + random.below(512)));
    return inserted(bytes, start, piece);
  },
  'part removed': (sample, random) => {
    const part = pick(partsOf(sample), random);
    return part ? without(sample.bytes, part) : null;
  },
  'part doubled': (sample, random) => {
    const part = pick(partsOf(sample), random);
    return part ? inserted(sample.bytes, part.end, sample.bytes.slice(part.start, part.end)) : null;
  },
  'parts swapped': (sample, random) => {
    const parts = partsOf(sample).filter(({ depth }) => depth === 0);
    const at = random.below(Math.max(1, parts.length - 1));
    const [first, second] = [parts[at], parts[at + 1]];
    if (!first || !second || first.end !== second.start) return null;
    const { bytes } = sample;
    return joined(
      bytes.subarray(0, first.start),
      bytes.subarray(second.start, second.end),
      bytes.subarray(first.start, first.end),
      bytes.subarray(second.end),
    );
  },
  'part moved to the end': (sample, random) => {
    const part = pick(
      partsOf(sample).filter(({ depth }) => depth === 0),
      random,
    );
    return part ? joined(without(sample.bytes, part), sample.bytes.subarray(part.start, part.end)) : null;
  },
  'odd size': (sample, random) => {
    const part = pick(partsOf(sample), random);
    if (!part) return null;
    const value = oddSize(part, sample.bytes.length, random);
    if (part.sizeBytes === 4 && part.littleEndian)
      return edited(sample.bytes, (copy) =>
        new DataView(copy.buffer).setUint32(part.sizeAt, value >>> 0, true),
      );
    if (part.sizeBytes === 2)
      return edited(sample.bytes, (copy) => new DataView(copy.buffer).setUint16(part.sizeAt, value & 0xffff));
    return random32(sample.bytes, part.sizeAt, value);
  },
  'other type': (sample, random) => {
    const part = pick(partsOf(sample), random);
    if (!part) return null;
    return edited(sample.bytes, (copy) => {
      copy[part.typeAt + random.below(part.typeBytes)] = 0x61 + random.below(26);
    });
  },
  'strange box': (sample, random) => {
    const parts = partsOf(sample).filter(({ depth }) => depth === 0);
    const at = pick([0, sample.bytes.length, ...parts.map(({ start }) => start)], random) ?? 0;
    return inserted(sample.bytes, at, strangeBox(random));
  },
  'store of another file': ({ bytes, store }, random, others) => {
    const mine = store[0];
    const donor = pick(
      others.filter((other) => other.bytes !== bytes && other.store.length === 1),
      random,
    );
    const theirs = donor?.store[0];
    // After another change the store may not be there any more.
    if (!mine || !donor || !theirs || store.length !== 1 || mine.end > bytes.length) return null;
    const piece = donor.bytes.subarray(theirs.start, theirs.end);
    const room = mine.end - mine.start;
    // In place where it fits, so that the container around it stays whole.
    if (piece.length <= room) return edited(bytes, (copy) => copy.set(piece, mine.start));
    return joined(bytes.subarray(0, mine.start), piece, bytes.subarray(mine.end));
  },
  'store emptied': ({ bytes, store }, random) => {
    const range = pick(store, random);
    return range
      ? edited(bytes, (copy) => copy.fill(random.chance(0.5) ? 0 : 0xff, range.start, range.end))
      : null;
  },
  'two at once': (sample, random, others) => {
    const names = Object.keys(mutations).filter((name) => name !== 'two at once');
    const first = mutations[pick(names, random) ?? '']?.(sample, random, others);
    if (!first || first.length === 0) return null;
    return mutations[pick(names, random) ?? '']?.({ ...sample, bytes: first }, random, others) ?? null;
  },
};

const kinds = Object.keys(mutations);

/** The n-th mutant of a seed. Never a file as it was. */
export function mutantOf(samples: readonly Sample[], seed: number, number: number): Mutant {
  const random = createRandom(seed, number);
  for (;;) {
    const sample = pick(samples, random);
    const kind = pick(kinds, random);
    if (!sample || kind === undefined) throw new Error('there are no samples');
    const bytes = mutations[kind]?.(sample, random, samples) ?? null;
    if (bytes !== null && !same(bytes, sample.bytes)) return { kind, sample, bytes };
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
