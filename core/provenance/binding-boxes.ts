/**
 * The hard binding over named parts of a file: `c2pa.hash.boxes` (JPEG, PNG). Invariant: every part of the file is listed, in order; c2pa-rs
 * alone would leave what follows the last name unlooked at. Called by verify-asset.ts.
 * @see C2PA 2.4 §18.8 (general box hash), c2pa-rs `assertions/box_hash.rs`
 */
import { boxesHashSchema } from './assertion-data.ts';
import { algorithmOf, type BindingPlan, coverage, malformed, mismatch } from './binding.ts';
import { MerkleJobs } from './binding-merkle.ts';
import { equal } from './bmff-boxes.ts';
import { type NamedBox, storeBoxName } from './container.ts';

/** The signature of a PNG, which older lists leave out. */
const pngSignature = 'PNGh';
const unknownBox = 'the parts of the file are not the ones that are listed';

/** @param boxes of the file, null where its kind has none */
export function boxesBinding(
  data: unknown,
  claimAlgorithm: string | null,
  size: number,
  boxes: readonly NamedBox[] | null,
): BindingPlan {
  const parsed = boxesHashSchema.safeParse(data);
  if (!parsed.success) return malformed('the hash assertion cannot be read');
  if (boxes === null) return mismatch('this kind of file has no parts to hash');
  const [firstListed] = parsed.data.boxes;
  if (firstListed === undefined) return malformed('it lists nothing');

  const jobs = new MerkleJobs();
  let next = boxes[0]?.name === pngSignature && firstListed.names[0] !== pngSignature ? 1 : 0;
  let skipped = false;
  for (const listed of parsed.data.boxes) {
    if (listed.exclusions !== undefined && listed.exclusions !== null) {
      return malformed('parts of boxes are excluded, which is not supported here');
    }
    const parts = boxes.slice(next, next + listed.names.length);
    const [first, last] = [parts.at(0), parts.at(-1)];
    if (
      first === undefined ||
      last === undefined ||
      !parts.every(({ name }, at) => name === listed.names[at])
    ) {
      return mismatch(unknownBox);
    }
    if (parts.length !== listed.names.length) return mismatch(unknownBox);
    next += parts.length;
    const isStore = parts.some(({ name }) => name === storeBoxName);
    if (isStore && parts.length !== 1) return mismatch('the store is listed together with something else');
    if (isStore) continue;
    if (listed.excluded === true) {
      skipped = true;
      continue;
    }
    const algorithm = algorithmOf(listed.alg, claimAlgorithm, 'sha256');
    if (algorithm === null || last.start + last.size > size) return mismatch('a part cannot be hashed');
    jobs.expect(
      { algorithm, steps: [{ kind: 'bytes', start: first.start, end: last.start + last.size }] },
      (digest) => equal(digest, listed.hash),
      'a part of the file is not what was signed',
    );
  }
  const end = boxes.reduce((far, box) => Math.max(far, box.start + box.size), 0);
  if (next !== boxes.length || end !== size) return mismatch('a part of the file is not listed');
  if (coverage(jobs.jobs).length === 0) return malformed('the hash covers no byte of the file');
  const plan = jobs.plan();
  return plan.kind === 'digests' && skipped
    ? { ...plan, informational: ['assertion.boxesHash.additionalExclusionsPresent'] }
    : plan;
}
