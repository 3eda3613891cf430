/**
 * Merkle hashes of a BMFF file: over the blocks of its `mdat` boxes, over the chunks of its tracks, over its fragments. Invariant: each block is
 * the leaf at its own place, and every leaf is looked at; c2pa-rs alone would let blocks change places together with their proofs.
 * Called by binding-bmff.ts and binding-fragments.ts.
 * @see C2PA 2.4 §18.7.4, c2pa-rs `assertions/bmff_hash.rs` (`verify_stream_hash`, `validate_merkle_maps_mdat_boxes`)
 */
import type { ByteRange } from '#schemas/provenance.ts';
import type { BmffHash, MerkleMap } from './assertion-data.ts';
import { algorithmOf, type BindingPlan } from './binding.ts';
import type { BmffContainer } from './bmff.ts';
import { type Box, equal } from './bmff-boxes.ts';
import { digestSizes, type HashAlgorithm } from './byte-source.ts';
import type { BlocksJob, DigestJob } from './hash-pass.ts';
import { type HashRange, type HashStep, hashSteps } from './hash-steps.ts';
import { type CreateHasher, leadsToRow, rootOf } from './merkle.ts';
import type { MerkleProof } from './merkle-proof.ts';
import { trackChunks } from './sample-tables.ts';
import type { WindowReader } from './window.ts';

export interface TreeDeps {
  readonly createHasher: CreateHasher;
}

/** Bounds memory, as c2pa-rs does (`MAX_MERKLE_LEAVES_SIZE`) but lower: it is 16 KB blocks of 1 GB, or 1 MB blocks of 64 GB. */
const maxLeaves = 65_536;
/** @see C2PA 2.4 §18.7.2 */
const mediaHeader = 16;

/** Collects digests with what is expected of them, in the order in which c2pa-rs looks at them. */
export class MerkleJobs {
  readonly jobs: DigestJob[] = [];
  readonly #checks: {
    readonly holds: (digests: readonly Uint8Array[]) => boolean;
    readonly reason: string;
  }[] = [];

  /** One digest and what it must be. */
  expect(job: DigestJob, holds: (digest: Uint8Array) => boolean, reason: string): void {
    this.expectAll([job], ([digest]) => digest !== undefined && holds(digest), reason);
  }

  /** Several digests that are judged together. */
  expectAll(
    jobs: readonly DigestJob[],
    holds: (digests: readonly Uint8Array[]) => boolean,
    reason: string,
  ): void {
    const from = this.jobs.length;
    for (const job of jobs) this.jobs.push(job);
    const to = this.jobs.length;
    this.#checks.push({ holds: (digests) => holds(digests.slice(from, to)), reason });
  }

  plan(): BindingPlan {
    return {
      kind: 'digests',
      jobs: this.jobs,
      judge: (digests) => {
        const failed = this.#checks.find(({ holds }) => !holds(digests));
        return failed === undefined
          ? { result: 'match', reason: 'the file is what was signed' }
          : { result: 'mismatch', reason: failed.reason };
      },
    };
  }
}

/** Adds the digests of every tree; why it cannot match, where that is known already. */
export async function merkleChecks(
  hash: BmffHash,
  maps: readonly MerkleMap[],
  exclusions: readonly HashRange[],
  container: BmffContainer,
  reader: WindowReader,
  deps: TreeDeps,
  jobs: MerkleJobs,
): Promise<string | null> {
  const context = { hash, maps, container, size: reader.size, createHasher: deps.createHasher, jobs };
  const firstFragment = container.topLevel.find(({ type }) => type === 'moof');
  const init = initChecks(context, exclusions, firstFragment);
  if (init !== null) return init;
  if (firstFragment !== undefined) return fragmentChecks(context, exclusions);
  const blocks = maps.every((map) => map.fixedBlockSize !== null || map.variableBlockSizes !== null);
  const hasMovie = container.topLevel.some(({ type }) => type === 'moov');
  if (!blocks && hasMovie && container.proofs.length > 0) return trackChecks(context, reader);
  return mediaChecks(context);
}

interface Context {
  readonly hash: BmffHash;
  readonly maps: readonly MerkleMap[];
  readonly container: BmffContainer;
  readonly size: number;
  readonly createHasher: CreateHasher;
  readonly jobs: MerkleJobs;
}

const noAlgorithm = 'no hash algorithm is named, or one that is not known';
const wrongCount = 'the number of hashes does not fit the file';
const wrongLeaf = 'a part of the media is not what was signed';

function initChecks(
  context: Context,
  exclusions: readonly HashRange[],
  moof: Box | undefined,
): string | null {
  for (const map of context.maps) {
    const algorithm = algorithmOf(map.alg, context.hash.alg);
    if (algorithm === null) return noAlgorithm;
    const { initHash } = map;
    if (initHash === null) continue;
    if (moof === undefined) return 'a hash of an initialisation segment in a file without fragments';
    const rest = { start: moof.start, length: context.size - moof.start };
    const steps = hashSteps([...exclusions, rest], context.size);
    if (steps === null) return 'the initialisation segment cannot be hashed';
    context.jobs.expect(
      { algorithm, steps },
      (digest) => equal(digest, initHash),
      'what comes before the first fragment is not what was signed',
    );
  }
  return null;
}

/** Leaf: everything from one `moof` to the next, less what is excluded. */
function fragmentChecks(context: Context, exclusions: readonly HashRange[]): string | null {
  const { container, maps, size } = context;
  const fragments = fragmentsOf(container.topLevel);
  const sorted = exclusions.toSorted((left, right) => left.start - right.start);
  for (const map of maps) {
    if (fragments.length !== map.count || container.proofs.length !== map.count) return wrongCount;
    const algorithm = algorithmOf(map.alg, context.hash.alg);
    if (algorithm === null) return noAlgorithm;
    if (map.count > maxLeaves) return wrongCount;
    const leaves = fragments.map(({ start, end }) => {
      const around = [
        { start: 0, length: start },
        { start: end, length: size - end },
      ];
      return hashSteps([...within(sorted, start, end), ...around], size);
    });
    if (!leaves.every((steps) => steps !== null)) return 'a fragment cannot be hashed';
    const failure = expectLeaves(context, map, algorithm, leaves, container.proofs);
    if (failure !== null) return failure;
  }
  return null;
}

function fragmentsOf(topLevel: readonly Box[]): ByteRange[] {
  const starts = topLevel.flatMap((box, index) => (box.type === 'moof' ? [index] : []));
  return starts.flatMap((from, index) => {
    const first = topLevel[from];
    const last = topLevel[(starts[index + 1] ?? topLevel.length) - 1];
    return first === undefined || last === undefined
      ? []
      : [{ start: first.start, end: last.start + last.size }];
  });
}

/** Ranges in `[start, end)`, of sorted ones. Top-level boxes do not overlap, so none reaches in from outside. */
function within(sorted: readonly HashRange[], start: number, end: number): HashRange[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle];
    if (one !== undefined && one.start < start) low = middle + 1;
    else high = middle;
  }
  const touching: HashRange[] = [];
  for (let at = low; at < sorted.length; at++) {
    const one = sorted[at];
    if (one === undefined || one.start >= end) break;
    touching.push(one);
  }
  return touching;
}

/** Every leaf leads to the signed row; without proofs the row is that of the leaves. */
function expectLeaves(
  context: Context,
  map: MerkleMap,
  algorithm: HashAlgorithm,
  leaves: readonly (readonly HashStep[])[],
  proofs: readonly MerkleProof[] | null,
): string | null {
  if (proofs?.some(({ location }, index) => location !== index) === true) return wrongLeaf;
  const { createHasher, jobs } = context;
  jobs.expectAll(
    leaves.map((steps) => ({ algorithm, steps })),
    (digests) =>
      digests.every((leaf, location) =>
        leadsToRow(leaf, location, proofs?.[location]?.hashes ?? null, map, algorithm, createHasher),
      ),
    wrongLeaf,
  );
  return null;
}

/** Leaf: a block of an `mdat`, or the whole of it. */
function mediaChecks(context: Context): string | null {
  const { maps, container, jobs, createHasher } = context;
  const media = container.topLevel.filter(({ type }) => type === 'mdat');
  if (media.length !== maps.length) return wrongCount;
  const groups = container.proofs.length === 0 ? null : proofGroups(maps, container.proofs);
  if (groups === 'wrong') return wrongCount;
  for (const [index, map] of maps.entries()) {
    const box = media[index];
    const algorithm = algorithmOf(map.alg, context.hash.alg);
    if (box === undefined || algorithm === null) return noAlgorithm;
    const blocks = blocksOf(map, box, context.size);
    if (blocks === null || blocks.count !== map.count) return wrongCount;
    const proofs = groups?.[index] ?? null;
    if (proofs?.some(({ location }, at) => location !== at) === true) return wrongLeaf;
    const size = digestSizes[algorithm];
    const leadsUp = (leaves: Uint8Array, at: number) =>
      leadsToRow(
        leaves.subarray(at * size, (at + 1) * size),
        at,
        proofs?.[at]?.hashes ?? null,
        map,
        algorithm,
        createHasher,
      );
    const isRoot = (leaves: Uint8Array) => {
      const root = rootOf(leaves, size, algorithm, createHasher);
      return root !== null && map.hashes[0] !== undefined && equal(root, map.hashes[0]);
    };
    const rootAlone = proofs === null && map.hashes.length === 1 && map.count > 1;
    jobs.expect(
      { algorithm, blocks },
      (leaves) =>
        rootAlone ? isRoot(leaves) : Array.from({ length: map.count }).every((_, at) => leadsUp(leaves, at)),
      wrongLeaf,
    );
  }
  return null;
}

/** The proofs lie in the file tree after tree. */
function proofGroups(maps: readonly MerkleMap[], proofs: readonly MerkleProof[]): MerkleProof[][] | 'wrong' {
  let at = 0;
  const groups = maps.map(({ count }) => {
    const group = proofs.slice(at, at + count);
    at += count;
    return group;
  });
  return groups.some((group, index) => group.length !== maps[index]?.count) ? 'wrong' : groups;
}

/** Null where the blocks do not fit the box, or begin beyond the file. */
function blocksOf(map: MerkleMap, box: Box, fileSize: number): BlocksJob['blocks'] | null {
  const start = box.start + mediaHeader;
  const length = Math.max(0, box.size - mediaHeader);
  const end = start + length;
  const { fixedBlockSize, variableBlockSizes } = map;
  if (fixedBlockSize !== null && variableBlockSizes !== null) return null;
  if (fixedBlockSize !== null) {
    const count = Math.ceil(length / fixedBlockSize);
    if (fixedBlockSize <= 1 || count > maxLeaves) return null;
    return { start, end, count, endOf: (block) => Math.min(end, start + (block + 1) * fixedBlockSize) };
  }
  if (end > fileSize) return null;
  if (variableBlockSizes === null) return { start, end, count: 1, endOf: () => end };
  if (variableBlockSizes.length > maxLeaves) return null;
  let at = start;
  const ends = Float64Array.from(variableBlockSizes, (size) => {
    at += size;
    return at;
  });
  return at === end ? { start, end, count: ends.length, endOf: (block) => ends[block] ?? end } : null;
}

/** Leaf: a chunk of a track. */
async function trackChecks(context: Context, reader: WindowReader): Promise<string | null> {
  const { maps, container } = context;
  const groups = proofGroups(maps, container.proofs);
  if (groups === 'wrong') return wrongCount;
  const tracks = await trackChunks(container.boxes, reader);
  if (tracks === null) return 'the sample tables cannot be read';
  for (const [index, map] of maps.entries()) {
    const algorithm = algorithmOf(map.alg, context.hash.alg);
    if (algorithm === null) return noAlgorithm;
    const chunks = tracks.get(map.localId);
    const group = groups[index] ?? [];
    if (chunks === undefined || chunks.length !== group.length || group.length > maxLeaves) {
      return wrongCount;
    }
    const leaves = chunks.map(({ start, end }): HashStep[] => [{ kind: 'bytes', start, end }]);
    const failure = expectLeaves(context, map, algorithm, leaves, group);
    if (failure !== null) return failure;
  }
  return null;
}
