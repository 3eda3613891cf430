/**
 * The hard binding of files that are one run of bytes: `c2pa.hash.data`. Invariant: what carries the store is left out and nothing is covered
 * by an exclusion unseen; a hash over no byte is refused. Called by verify-asset.ts.
 * @see C2PA 2.4 §18.6 (data hash), c2pa-rs `claim.rs` (`verify_hash_binding`)
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { dataHashSchema } from './assertion-data.ts';
import { algorithmOf, type BindingPlan, coverage, malformed, mismatch } from './binding.ts';
import { MerkleJobs } from './binding-merkle.ts';
import { equal } from './bmff-boxes.ts';
import { hashSteps } from './hash-steps.ts';

/**
 * @param storeSpan where the store lies in the file; null for kinds of file in which c2pa-rs does not ask
 * @param updated whether the binding belongs to a parent whose store an update manifest has made longer
 */
export function dataBinding(
  data: unknown,
  claimAlgorithm: string | null,
  size: number,
  storeSpan: ByteRange | null,
  updated: boolean,
): BindingPlan {
  const parsed = dataHashSchema.safeParse(data);
  if (!parsed.success) return malformed('the hash assertion cannot be read');
  const hash = parsed.data;
  if (hash.url !== undefined && hash.url !== null) return mismatch('the hash of something elsewhere');
  const exclusions = updated ? afterUpdate(hash.exclusions ?? [], storeSpan) : (hash.exclusions ?? []);
  const misplaced = exclusions.length > 0 && !isAt(exclusions, storeSpan);
  const algorithm = algorithmOf(hash.alg, claimAlgorithm, 'sha256');
  const steps = hashSteps(exclusions, size);
  if (algorithm === null || steps === null) return { ...mismatch('the hash cannot be computed'), misplaced };
  const jobs = new MerkleJobs();
  jobs.expect({ algorithm, steps }, (digest) => equal(digest, hash.hash), 'the file is not what was signed');
  if (coverage(jobs.jobs).length === 0) return malformed('the hash covers no byte of the file');
  return { ...jobs.plan(), misplaced };
}

/** One exclusion has to be the store, to the byte; an exclusion that is only larger could hide something beside it. */
function isAt(exclusions: readonly Exclusion[], span: ByteRange | null): boolean {
  return (
    span === null ||
    exclusions.some(({ start, length }) => start === span.start && start + length === span.end)
  );
}

interface Exclusion {
  readonly start: number;
  readonly length: number;
}

/** An update manifest makes the store longer: the exclusion that begins with it grows, and those behind it move. */
function afterUpdate(exclusions: readonly Exclusion[], span: ByteRange | null): Exclusion[] {
  const store = span === null ? undefined : exclusions.find(({ start }) => start === span.start);
  if (span === null || store === undefined) return [...exclusions];
  const length = span.end - span.start;
  const grown = Math.max(0, length - store.length);
  return exclusions.map((one) => {
    if (one === store) return { start: span.start, length };
    return one.start > span.start && span.start > 0 ? { ...one, start: one.start + grown } : one;
  });
}
