/**
 * The hard binding of BMFF files: `c2pa.hash.bmff` version 1 to 3. Invariant: it matches only where c2pa-rs would say so, and never if it binds
 * nothing: no hash and no tree, no byte of the media covered, or an initialisation segment that nothing covers. Called by verify-asset.ts.
 * @see C2PA 2.4 §18.7 (BMFF-based hash), c2pa-rs `assertions/bmff_hash.rs` (`verify_stream_hash`)
 */
import { type BmffHash, bmffHashSchema } from './assertion-data.ts';
import { algorithmOf, type BindingPlan, coverage, coveredWithin, malformed, mismatch } from './binding.ts';
import { MerkleJobs, merkleChecks, type TreeDeps } from './binding-merkle.ts';
import type { BmffContainer } from './bmff.ts';
import { equal } from './bmff-boxes.ts';
import { boxTree, excludedRanges } from './bmff-exclusions.ts';
import { hashSteps } from './hash-steps.ts';
import type { WindowReader } from './window.ts';

/** Bytes at the start of every `mdat` that exclusion lists leave out, whether its header is 8 or 16 long. @see C2PA 2.4 §18.7.2 */
export const mediaHeader = 16;

/**
 * @param data of the assertion, from crJSON
 * @param version 1, 2 or 3, from its label; from 2 on the offsets of top-level boxes are hashed too
 * @param claimAlgorithm of the claim, used where the assertion names none
 */
export async function bmffBinding(
  data: unknown,
  version: number,
  claimAlgorithm: string | null,
  container: BmffContainer,
  reader: WindowReader,
  deps: TreeDeps,
): Promise<BindingPlan> {
  const parsed = bmffHashSchema.safeParse(data);
  if (!parsed.success) return malformed('the hash assertion cannot be read');
  const hash = parsed.data;
  const problem = selfCheck(hash);
  if (problem !== null) return problem;

  const exclusions = await excludedRanges(hash.exclusions, boxTree(container.boxes), reader, version > 1);
  if (exclusions === null) return mismatch('the exclusions cannot be applied to this file');
  const jobs = new MerkleJobs();
  if (hash.hash !== null) {
    const expected = hash.hash;
    const algorithm = algorithmOf(hash.alg, claimAlgorithm, 'sha256');
    const steps = hashSteps(exclusions, reader.size);
    if (algorithm === null || steps === null) return mismatch('the hash cannot be computed');
    jobs.expect({ algorithm, steps }, (digest) => equal(digest, expected), 'the file is not what was signed');
  }
  if (hash.merkle !== null) {
    const failure = await merkleChecks(hash, hash.merkle, exclusions, container, reader, deps, jobs);
    if (failure !== null) return mismatch(failure);
  }
  return unlessWeak(jobs.plan(), bindsTooLittle(hash, container, jobs));
}

/** What c2pa-rs refuses about an assertion by itself (`verify_self`). */
export function selfCheck(hash: BmffHash): BindingPlan | null {
  if (hash.url !== undefined && hash.url !== null) return mismatch('the hash of something elsewhere');
  if (hash.exclusions.length === 0) return malformed('it has no exclusions');
  for (const { subset } of hash.exclusions) {
    for (const [index, { offset, length }] of (subset ?? []).entries()) {
      const next = subset?.[index + 1];
      if (next !== undefined && offset + length > next.offset) {
        return malformed('the parts of an exclusion overlap or are out of order');
      }
    }
  }
  if (hash.hash === null && (hash.merkle?.length ?? 0) === 0) {
    return malformed('it has neither a hash nor a tree: it binds nothing');
  }
  return null;
}

/** A file that was changed stays a mismatch; only what would match is looked at for what it leaves out. */
function unlessWeak(plan: BindingPlan, reason: string | null): BindingPlan {
  if (plan.kind !== 'digests' || reason === null) return plan;
  return {
    ...plan,
    judge: (digests) => {
      const judged = plan.judge(digests);
      return judged.result === 'match' ? { result: 'malformed', reason } : judged;
    },
  };
}

/** Why a binding that matches says nothing about the file; null for one that does. */
function bindsTooLittle(hash: BmffHash, container: BmffContainer, jobs: MerkleJobs): string | null {
  const covered = coverage(jobs.jobs);
  if (covered.length === 0) return 'the hash covers no byte of the file';
  const media = container.topLevel.filter((box) => box.type === 'mdat' && box.size > mediaHeader);
  // Stricter than c2pa-rs: no honest signer leaves out a part of the media, and a film with one free part is free to say anything.
  const isLeftOut = ({ start, size }: { start: number; size: number }) =>
    coveredWithin(covered, start + mediaHeader, start + size) < size - mediaHeader;
  if (media.some(isLeftOut)) return 'the hash leaves out a part of the media';
  const fragmented = container.topLevel.some(({ type }) => type === 'moof');
  if (fragmented && hash.hash === null && hash.merkle?.some(({ initHash }) => initHash === null) === true) {
    return 'nothing covers what comes before the first fragment';
  }
  return null;
}
