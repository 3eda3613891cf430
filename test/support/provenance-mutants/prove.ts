/**
 * Damages files and compares the two opinions about each. Invariant: a run is given by its seed and the numbers of its mutants, so a difference
 * can be looked at again alone. Called by scripts/prove-provenance.ts and by the tests.
 */
import type { TrustLists } from '#schemas/provenance.ts';
import { type Agreement, agreementOf, type Opinion, ours, reference } from './compare.ts';
import { type Mutant, mutantOf, type Sample } from './mutate.ts';

export interface Difference {
  readonly number: number;
  readonly agreement: Exclude<Agreement, 'same'>;
  readonly kind: string;
  readonly sample: string;
  readonly theirs: Opinion;
  readonly mine: Opinion;
}

export interface Proof {
  readonly counts: Readonly<Record<Agreement, number>>;
  readonly kinds: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
  /** The number after the last one looked at: c2pa-rs may have to be started anew after a crash. */
  readonly next: number;
}

const none: Readonly<Record<Agreement, number>> = {
  same: 0,
  codes: 0,
  refused: 0,
  stricter: 0,
  permissive: 0,
  crashed: 0,
  'reference crashed': 0,
};

/** Compares mutants `from` … `to - 1`; stops early after a crash of c2pa-rs, whose memory cannot be trusted then. */
export async function prove(
  samples: readonly Sample[],
  trust: TrustLists,
  seed: number,
  from: number,
  to: number,
): Promise<Proof> {
  const counts = { ...none };
  const kinds: Record<string, number> = {};
  const differences: Difference[] = [];
  let number = from;
  for (; number < to; number += 1) {
    const mutant = mutantOf(samples, seed, number);
    const difference = await compare(mutant, trust);
    kinds[mutant.kind] = (kinds[mutant.kind] ?? 0) + 1;
    counts[difference.agreement] += 1;
    if (difference.agreement === 'same') continue;
    const { theirs, mine, agreement } = difference;
    differences.push({ number, agreement, kind: mutant.kind, sample: mutant.sample.name, theirs, mine });
    if (theirs.state === 'crashed' || mine.state === 'crashed') {
      number += 1;
      break;
    }
  }
  return { counts, kinds, differences, next: number };
}

async function compare(
  { bytes, sample }: Mutant,
  trust: TrustLists,
): Promise<{ theirs: Opinion; mine: Opinion; agreement: Agreement }> {
  const theirs = await reference(bytes, sample.mediaType, trust);
  const mine = await ours(bytes, sample.mediaType, trust);
  return { theirs, mine, agreement: agreementOf(theirs, mine) };
}

/** Adds up the parts of a long run. */
export function total(parts: readonly Proof[]): Proof {
  const counts = { ...none };
  const kinds: Record<string, number> = {};
  for (const part of parts) {
    for (const name of Object.keys(counts) as Agreement[]) counts[name] += part.counts[name];
    for (const [kind, count] of Object.entries(part.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return {
    counts,
    kinds,
    differences: parts.flatMap(({ differences }) => differences),
    next: parts.at(-1)?.next ?? 0,
  };
}
