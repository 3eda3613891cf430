/**
 * Verifies the Content Credentials of a file of any size, as a stream. Invariant: the manifest store is judged by c2pa-rs and the bytes of the file
 * by us, in at most a few ranged reads and one pass; no more than a window, a chunk and the store is in memory; the verdict is c2pa-rs's own or
 * a stricter one. Called by the provenance worker, the verify page and the command line, each with its own reader and hasher.
 */
import type { TrustLists } from '#schemas/provenance.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { isTextInPlaceOfBytes } from './assertion-data.ts';
import { type BindingPlan, coverage, sizeOf } from './binding.ts';
import { bmffBinding } from './binding-bmff.ts';
import { boxesBinding } from './binding-boxes.ts';
import { dataBinding } from './binding-data.ts';
import { type BmffContainer, readBmff } from './bmff.ts';
import { MalformedContainer } from './bmff-boxes.ts';
import type { ByteSource } from './byte-source.ts';
import { completeReading, type Judged, unreadable } from './complete-reading.ts';
import type { FlatContainer } from './container.ts';
import { type CrManifest, crManifests } from './cr-json.ts';
import { type DigestJob, digestAll, TooManyDigests } from './hash-pass.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { failureCodeOf } from './read-failure.ts';
import { readRiff } from './riff.ts';
import { sniff } from './sniff.ts';
import { StoreTooLarge } from './store-limit.ts';
import { readTrusted } from './trusted-reading.ts';
import { type BindingOutcome, type BindingReference, bindingsOf } from './validation.ts';
import type { Verification, VerifyDeps, VerifyOptions } from './verification.ts';
import { BeyondEnd, WindowReader } from './window.ts';

/**
 * Verifies one file.
 * @param mediaType what the file is said to be; its first bytes decide where they say otherwise, null for no hint
 * Fails with `media_type_unsupported` (a kind of file, or a broken one, that cannot be read) or `payload_too_large` (a store over 16 MiB).
 */
export async function verifyAsset(
  source: ByteSource,
  mediaType: string | null,
  trust: TrustLists,
  deps: VerifyDeps,
  options: VerifyOptions = {},
): Promise<Result<Verification>> {
  const reader = new WindowReader(source);
  try {
    const container = await readContainer(reader, mediaType);
    return container.ok ? ok(await verify(source, reader, container.value, trust, deps, options)) : container;
  } catch (error) {
    return refusalOf(error, mediaType);
  } finally {
    await reader.close();
  }
}

/** What an unreadable file is answered with; anything else is a fault and thrown on. */
export function refusalOf(error: unknown, mediaType: string | null): Result<never> {
  if (error instanceof StoreTooLarge) return fail('payload_too_large', error.message, { size: error.size });
  if (error instanceof MalformedContainer || error instanceof BeyondEnd || error instanceof TooManyDigests) {
    const reason = error instanceof MalformedContainer ? `: ${error.message}` : '';
    const type = mediaType === null ? 'of a kind that can be read' : `of type ${mediaType}`;
    return fail('media_type_unsupported', `The file is damaged or is not ${type}${reason}.`);
  }
  throw error;
}

type Container = BmffContainer | FlatContainer;

async function readContainer(reader: WindowReader, mediaType: string | null): Promise<Result<Container>> {
  const kind = await sniff(reader);
  switch (kind) {
    case 'bmff':
      return ok(await readBmff(reader));
    case 'jpeg':
      return ok(await readJpeg(reader));
    case 'png':
      return ok(await readPng(reader));
    case 'riff':
      return ok(await readRiff(reader));
    case null:
      return fail(
        'media_type_unsupported',
        `Content Credentials cannot be read from this file${mediaType === null ? '' : `, which is said to be of type ${mediaType}`}.`,
      );
  }
}

async function verify(
  source: ByteSource,
  reader: WindowReader,
  container: Container,
  trust: TrustLists,
  deps: VerifyDeps,
  options: VerifyOptions,
): Promise<Verification> {
  const context = { verifiedAt: deps.now(), trust };
  const wholeFile: DigestJob[] =
    (options.fileSha256 ?? true)
      ? [{ algorithm: 'sha256', steps: [{ kind: 'bytes', start: 0, end: source.size }] }]
      : [];
  const { store } = container;
  const reading = store.kind === 'store' ? await readTrusted(store.bytes, trust, deps) : null;
  if (store.kind !== 'store' || reading?.kind !== 'store') {
    const [fileDigest] = await digestAll(source, wholeFile, deps.createHasher);
    const code = reading?.kind === 'failed' ? failureCodeOf(reading.thrown) : undefined;
    return unreadable(store, context, fileDigest, code);
  }
  const records = crManifests(reading.crJson);
  const updated =
    records.find(({ label }) => label === reading.store.active_manifest)?.isUpdateManifest === true;
  const plans: Planned[] = [];
  for (const reference of bindingsOf(reading.store.validation_results ?? {})) {
    const record = records.find(({ label }) => label === reference.manifest);
    plans.push({
      reference,
      plan: await planFor(reference, record, container, store.bytes, reader, deps, updated),
    });
  }
  return completeReading(reading, store, await judge(source, plans, wholeFile, deps), context);
}

interface Planned {
  readonly reference: BindingReference;
  readonly plan: BindingPlan;
}

async function planFor(
  reference: BindingReference,
  record: CrManifest | undefined,
  container: Container,
  store: Uint8Array,
  reader: WindowReader,
  deps: VerifyDeps,
  updated: boolean,
): Promise<BindingPlan> {
  const data = record?.assertions[reference.label];
  const algorithm = record?.claim.alg ?? null;
  if (isTextInPlaceOfBytes(store, reference)) {
    return { kind: 'decided', result: 'malformed', reason: 'a hash is written as text' };
  }
  switch (reference.kind) {
    case 'bmff': {
      if (container.kind !== 'bmff')
        return { kind: 'decided', result: 'mismatch', reason: 'this file has no boxes' };
      const version = Number(/\.v(\d+)/.exec(reference.label)?.[1] ?? 1);
      return bmffBinding(data, version, algorithm, container, reader, deps);
    }
    case 'data': {
      const span = container.kind === 'bmff' ? null : container.storeSpan;
      return dataBinding(data, algorithm, reader.size, span, updated);
    }
    case 'boxes':
      return boxesBinding(data, algorithm, reader.size, container.kind === 'bmff' ? null : container.boxes);
  }
}

/** Hashes everything that any plan asks for, and the whole file if that is wanted, in one pass. */
async function judge(
  source: ByteSource,
  plans: readonly Planned[],
  wholeFile: readonly DigestJob[],
  deps: VerifyDeps,
): Promise<Judged> {
  const jobs = plans.flatMap(({ plan }) => (plan.kind === 'digests' ? plan.jobs : []));
  const digests = await digestAll(source, [...wholeFile, ...jobs], deps.createHasher);
  let next = wholeFile.length;
  const outcomes = plans.map(({ reference, plan }): BindingOutcome => {
    if (plan.kind === 'decided') {
      const { result, reason, misplaced = false } = plan;
      return { reference, result, reason, misplaced, informational: [] };
    }
    const own = digests.slice(next, next + plan.jobs.length);
    next += plan.jobs.length;
    const { result, reason } = plan.judge(own);
    const { misplaced = false, informational = [] } = plan;
    return { reference, result, reason, misplaced, informational };
  });
  const covered = coverage(jobs);
  return {
    outcomes,
    covered,
    covers: sizeOf(covered),
    size: source.size,
    fileDigest: wholeFile.length === 0 ? undefined : digests[0],
  };
}
