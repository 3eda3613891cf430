/**
 * Computes any number of digests in one pass over a file. Invariant: every byte is read once and held no longer than its chunk; digests come
 * back in the order they were asked for. Called by verify-asset.ts.
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { type ByteSource, digestSizes, type HashAlgorithm, type Hasher } from './byte-source.ts';
import type { HashStep } from './hash-steps.ts';

/** One digest over steps in file order. */
export interface StepsJob {
  readonly algorithm: HashAlgorithm;
  readonly steps: readonly HashStep[];
}

/** Many digests, one for each of the blocks that lie end to end. Described, not listed: there may be tens of thousands. */
export interface BlocksJob {
  readonly algorithm: HashAlgorithm;
  readonly blocks: {
    readonly start: number;
    readonly end: number;
    readonly count: number;
    /** Where a block ends and the next begins. */
    endOf(block: number): number;
  };
}

export type DigestJob = StepsJob | BlocksJob;

/** A job that has begun: takes what it wants of a chunk, and has its digest once it has everything. */
interface Running {
  readonly index: number;
  /** True once nothing more is wanted. */
  take(from: number, chunk: Uint8Array): boolean;
  digest(): Uint8Array;
}

/** Digests that cover the same bytes at once, e.g. samples shared by many tracks: each costs a hash of its own. */
const maxRunning = 64;

/** Thrown when one byte would have to be hashed more than {@link maxRunning} times. */
export class TooManyDigests extends Error {}

/**
 * The digest of every job; of a {@link BlocksJob} the digests of its blocks, one behind the other.
 * @throws TooManyDigests
 */
export async function digestAll(
  source: ByteSource,
  jobs: readonly DigestJob[],
  createHasher: (algorithm: HashAlgorithm) => Hasher,
): Promise<Uint8Array[]> {
  const digests: Uint8Array[] = jobs.map(() => new Uint8Array());
  const waiting = jobs
    .map((job, index) => ({ index, start: firstByte(job) }))
    .sort((left, right) => left.start - right.start);
  const [start, end] = extent(jobs);
  let running: Running[] = [];
  let taken = 0;
  const feed = (from: number, chunk: Uint8Array) => {
    const to = from + chunk.length;
    for (let one = waiting[taken]; one !== undefined && one.start < to; one = waiting[taken]) {
      taken += 1;
      const job = jobs[one.index];
      if (job === undefined) continue;
      const begun = begin(job, one.index, createHasher);
      // One leaf after another may begin and end within the chunk: only those that outlive it are kept.
      if (begun.take(from, chunk)) digests[begun.index] = begun.digest();
      else running.push(begun);
      if (running.length > maxRunning + 1) throw new TooManyDigests();
    }
  };
  let at = start;
  if (end > start) {
    for await (const chunk of source.stream(start, end)) {
      const still: Running[] = [];
      for (const one of running) {
        if (one.take(at, chunk)) digests[one.index] = one.digest();
        else still.push(one);
      }
      running = still;
      feed(at, chunk);
      at += chunk.length;
    }
  }
  if (at !== end) throw new Error('the source ended before its size');
  feed(end, new Uint8Array());
  finish(jobs, waiting.slice(taken), running, digests, createHasher);
  return digests;
}

/** Digests of offsets alone, which no byte of the file completes. */
function finish(
  jobs: readonly DigestJob[],
  waiting: readonly { readonly index: number }[],
  running: readonly Running[],
  digests: Uint8Array[],
  createHasher: (algorithm: HashAlgorithm) => Hasher,
): void {
  const rest = waiting.flatMap(({ index }) => {
    const job = jobs[index];
    return job === undefined ? [] : [begin(job, index, createHasher)];
  });
  for (const one of [...running, ...rest]) {
    if (!one.take(Number.MAX_SAFE_INTEGER, new Uint8Array())) throw new Error('a digest was left unfinished');
    digests[one.index] = one.digest();
  }
}

function begin(job: DigestJob, index: number, createHasher: (algorithm: HashAlgorithm) => Hasher): Running {
  return 'steps' in job ? beginSteps(job, index, createHasher) : beginBlocks(job, index, createHasher);
}

function beginSteps(
  { algorithm, steps }: StepsJob,
  index: number,
  createHasher: (algorithm: HashAlgorithm) => Hasher,
): Running {
  const hasher = createHasher(algorithm);
  let next = 0;
  return {
    index,
    digest: () => hasher.digest(),
    take: (from, chunk) => {
      const to = from + chunk.length;
      for (let step = steps[next]; step !== undefined; step = steps[next]) {
        if (step.kind === 'offset') {
          hasher.update(offsetBytes(step.at));
        } else {
          if (step.start >= to && step.end > step.start) return false;
          const [start, end] = [Math.max(step.start, from), Math.min(step.end, to)];
          if (end > start) hasher.update(chunk.subarray(start - from, end - from));
          if (step.end > to) return false;
        }
        next += 1;
      }
      return true;
    },
  };
}

function beginBlocks(
  { algorithm, blocks }: BlocksJob,
  index: number,
  createHasher: (algorithm: HashAlgorithm) => Hasher,
): Running {
  const size = digestSizes[algorithm];
  const digests = new Uint8Array(blocks.count * size);
  let hasher: Hasher | null = null;
  let block = 0;
  let at = blocks.start;
  return {
    index,
    digest: () => digests,
    take: (from, chunk) => {
      const to = from + chunk.length;
      while (block < blocks.count) {
        const end = blocks.endOf(block);
        hasher ??= createHasher(algorithm);
        if (end > at) {
          if (at >= to) return false;
          const until = Math.min(end, to);
          hasher.update(chunk.subarray(at - from, until - from));
          at = until;
          if (at < end) return false;
        }
        digests.set(hasher.digest(), block * size);
        hasher = null;
        block += 1;
      }
      return true;
    },
  };
}

function firstByte(job: DigestJob): number {
  if (!('steps' in job)) return job.blocks.start;
  const first = job.steps.find((step) => step.kind === 'bytes');
  return first?.kind === 'bytes' ? first.start : 0;
}

function extent(jobs: readonly DigestJob[]): [start: number, end: number] {
  let [start, end] = [Number.MAX_SAFE_INTEGER, 0];
  for (const range of jobs.flatMap(bytesOf)) {
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  return end === 0 ? [0, 0] : [start, end];
}

/** The bytes of the file that a job hashes, in order; none of them empty. */
export function bytesOf(job: DigestJob): ByteRange[] {
  const ranges: readonly ByteRange[] =
    'steps' in job ? job.steps.flatMap((step) => (step.kind === 'bytes' ? [step] : [])) : [job.blocks];
  return ranges.filter(({ start, end }) => end > start).map(({ start, end }) => ({ start, end }));
}

function offsetBytes(at: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at));
  return bytes;
}
