/**
 * Verifies fragmented video whose segments are files of their own (DASH, HLS). Invariant: every segment is one leaf of a tree that the manifest in
 * the initialisation segment signs, no leaf counts twice, and segments without a proof are Invalid. Called by the verify page and the command line.
 * @see C2PA 2.4 §18.7.4 and Annex A.5.4, c2pa-rs `assertions/bmff_hash.rs` (`verify_stream_segment`)
 */
import type { ByteRange, TrustLists } from '#schemas/provenance.ts';
import { ok, type Result } from '#schemas/result.ts';
import { type BmffHash, bmffHashSchema, type MerkleMap } from './assertion-data.ts';
import { algorithmOf, coverage, sizeOf } from './binding.ts';
import { selfCheck } from './binding-bmff.ts';
import { type BmffContainer, readBmff, readSegment } from './bmff.ts';
import { equal } from './bmff-boxes.ts';
import { boxTree, excludedRanges } from './bmff-exclusions.ts';
import type { ByteSource, HashAlgorithm } from './byte-source.ts';
import { completeReading, type Judged, unreadable } from './complete-reading.ts';
import { crManifests } from './cr-json.ts';
import { digestAll } from './hash-pass.ts';
import { hashSteps } from './hash-steps.ts';
import { leadsToRow } from './merkle.ts';
import { failureCodeOf } from './read-failure.ts';
import { readTrusted } from './trusted-reading.ts';
import { type BindingOutcome, type BindingReference, bindingsOf } from './validation.ts';
import type { Verification, VerifyDeps } from './verification.ts';
import { refusalOf } from './verify-asset.ts';
import { WindowReader } from './window.ts';

/** Of init and segments together. */
interface Part {
  readonly source: ByteSource;
  readonly reader: WindowReader;
  readonly container: BmffContainer;
}

/**
 * Verifies an initialisation segment with its media segments. `where` points into the initialisation segment.
 * @param segments in any order, at least one; a stream may be checked as far as it was received
 * Fails as `verifyAsset` does.
 */
export async function verifyFragments(
  init: ByteSource,
  segments: readonly ByteSource[],
  trust: TrustLists,
  deps: VerifyDeps,
): Promise<Result<Verification>> {
  const readers = [init, ...segments].map((source) => new WindowReader(source));
  try {
    const [first, ...rest] = readers;
    if (first === undefined) throw new RangeError('no initialisation segment');
    const start: Part = { source: init, reader: first, container: await readBmff(first) };
    const store = start.container.store;
    const reading = store.kind === 'store' ? await readTrusted(store.bytes, trust, deps) : null;
    if (store.kind !== 'store' || reading?.kind !== 'store') {
      const code = reading?.kind === 'failed' ? failureCodeOf(reading.thrown) : undefined;
      return ok(unreadable(store, { verifiedAt: deps.now(), trust }, undefined, code));
    }
    const records = crManifests(reading.crJson);
    const outcomes: BindingOutcome[] = [];
    let covers = 0;
    for (const reference of bindingsOf(reading.store.validation_results ?? {})) {
      const record = records.find(({ label }) => label === reference.manifest);
      const judged = await judgeSegments(
        reference,
        record?.assertions[reference.label],
        record?.claim.alg ?? null,
        start,
        segments.map((source, at) => ({ source, reader: rest[at] })),
        deps,
      );
      outcomes.push({ reference, ...judged, misplaced: false, informational: [] });
      covers += judged.covers;
    }
    const size = [init, ...segments].reduce((sum, one) => sum + one.size, 0);
    const judged: Judged = { outcomes, covered: [], covers, size, fileDigest: undefined };
    return ok(completeReading(reading, store, judged, { verifiedAt: deps.now(), trust }));
  } catch (error) {
    return refusalOf(error, 'video/mp4');
  } finally {
    for (const reader of readers) await reader.close();
  }
}

interface Segment {
  readonly source: ByteSource;
  readonly reader: WindowReader | undefined;
}

interface Judgement {
  readonly result: BindingOutcome['result'];
  readonly reason: string;
  readonly covers: number;
}

async function judgeSegments(
  reference: BindingReference,
  data: unknown,
  claimAlgorithm: string | null,
  init: Part,
  segments: readonly Segment[],
  deps: VerifyDeps,
): Promise<Judgement> {
  const parsed = bmffHashSchema.safeParse(data);
  if (reference.kind !== 'bmff') return refused('mismatch', 'the binding is not one of fragments');
  if (!parsed.success) return refused('malformed', 'the hash assertion cannot be read');
  const hash = parsed.data;
  const problem = selfCheck(hash);
  if (problem?.kind === 'decided') return refused(problem.result, problem.reason);
  if (hash.hash !== null) return refused('mismatch', 'a hash of one file where there are several');
  if (segments.length === 0) return refused('mismatch', 'there is no media segment to check');

  const check = new SegmentCheck(hash, versionOf(reference), claimAlgorithm, init, deps);
  let covers = 0;
  for (const { source, reader } of segments) {
    if (reader === undefined) return refused('mismatch', 'a segment cannot be read');
    const one = await check.segment({ source, reader, container: await readSegment(reader) });
    if (one.result !== 'match') return one;
    covers += one.covers;
  }
  return { result: 'match', reason: 'the segments are what was signed', covers: covers + check.initCovers };
}

function versionOf({ label }: BindingReference): number {
  return Number(/\.v(\d+)/.exec(label)?.[1] ?? 1);
}

function refused(result: 'mismatch' | 'malformed', reason: string): Judgement {
  return { result, reason, covers: 0 };
}

/** Checks segment after segment against one assertion; the initialisation segment is hashed once for each hash of it. */
class SegmentCheck {
  initCovers = 0;
  readonly #hash: BmffHash;
  readonly #version: number;
  readonly #claimAlgorithm: string | null;
  readonly #init: Part;
  readonly #deps: VerifyDeps;
  readonly #seen = new Set<string>();
  readonly #inits = new Set<string>();

  constructor(hash: BmffHash, version: number, claimAlgorithm: string | null, init: Part, deps: VerifyDeps) {
    this.#hash = hash;
    this.#version = version;
    this.#claimAlgorithm = claimAlgorithm;
    this.#init = init;
    this.#deps = deps;
  }

  async segment(segment: Part): Promise<Judgement> {
    const { proofs } = segment.container;
    if (proofs.length === 0) return refused('mismatch', 'a segment carries no proof');
    let covers = 0;
    for (const proof of proofs) {
      const map = this.#hash.merkle?.find(
        ({ uniqueId, localId }) => uniqueId === proof.uniqueId && localId === proof.localId,
      );
      if (map === undefined) return refused('mismatch', 'a segment belongs to a tree that is not signed');
      const place = `${proof.uniqueId}/${proof.localId}/${proof.location}`;
      if (this.#seen.has(place)) return refused('mismatch', 'two segments claim the same place');
      this.#seen.add(place);
      const algorithm = algorithmOf(map.alg, this.#hash.alg, this.#claimAlgorithm, 'sha256');
      if (map.initHash === null) return refused('malformed', 'nothing covers the initialisation segment');
      if (algorithm === null)
        return refused('mismatch', 'no hash algorithm is named, or one that is not known');
      const initProblem = await this.#initProblem(map, map.initHash, algorithm);
      if (initProblem !== null) return refused('mismatch', initProblem);
      const leaf = await this.#digest(segment, algorithm);
      const { createHasher } = this.#deps;
      if (
        leaf === null ||
        !leadsToRow(leaf.digest, proof.location, proof.hashes, map, algorithm, createHasher)
      ) {
        return refused('mismatch', 'a segment is not what was signed');
      }
      covers = sizeOf(leaf.covered);
    }
    return covers === 0
      ? refused('malformed', 'the hash covers no byte of a segment')
      : { result: 'match', reason: '', covers };
  }

  async #initProblem(map: MerkleMap, expected: Uint8Array, algorithm: HashAlgorithm): Promise<string | null> {
    const key = `${algorithm}/${map.uniqueId}/${map.localId}`;
    if (this.#inits.has(key)) return null;
    const init = await this.#digest(this.#init, algorithm);
    if (init === null || !equal(init.digest, expected)) {
      return 'the initialisation segment is not what was signed';
    }
    this.#inits.add(key);
    this.initCovers = sizeOf(init.covered);
    return null;
  }

  /** Over a whole file, less what is excluded in it. */
  async #digest(
    part: Part,
    algorithm: HashAlgorithm,
  ): Promise<{ readonly digest: Uint8Array; readonly covered: readonly ByteRange[] } | null> {
    const { container, reader, source } = part;
    const exclusions = await excludedRanges(
      this.#hash.exclusions,
      boxTree(container.boxes),
      reader,
      this.#version > 1,
    );
    const steps = exclusions === null ? null : hashSteps(exclusions, source.size);
    if (steps === null) return null;
    const jobs = [{ algorithm, steps }];
    const [digest] = await digestAll(source, jobs, this.#deps.createHasher);
    return digest === undefined ? null : { digest, covered: coverage(jobs) };
  }
}
