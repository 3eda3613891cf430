/**
 * Signs a rendition of any size. Invariant: nothing stays written unless a fresh reader called the signed file Trusted with a matching hash and no
 * failure code; the manifest object is always the store inside the target object; and every call for the same request and source writes the
 * same bytes, whoever comes first. Called by index.ts for the generation and ingest workflows, whose steps may run more than once.
 *
 * A multipart upload has no `onlyIf`, so the calls agree beforehand: whoever puts the manifest store first (a small object, put on condition) has
 * decided, because the file follows from source and store alone; everybody else writes that store into the file too.
 */
/// <reference types="node/crypto" />
import { createHash } from 'node:crypto';
import { equal } from '#core/provenance/bmff-boxes.ts';
import { type ByteSource, bytesSource } from '#core/provenance/byte-source.ts';
import { type IngredientInput, LabelConflict } from '#core/provenance/sign/ingredient.ts';
import { draftManifest, type ManifestDraft } from '#core/provenance/sign/manifest.ts';
import {
  type ManifestSigner,
  signedStoreSize,
  signManifest,
  type TimeStamper,
} from '#core/provenance/sign/sign-manifest.ts';
import { manifestBox, slotSize } from '#core/provenance/sign/uuid-box.ts';
import { writeSigned } from '#core/provenance/sign/write-signed.ts';
import type { Verification } from '#core/provenance/verification.ts';
import { type SignedRendition, type SignRequest, signRequestSchema } from '#schemas/provenance.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { hasSingleParent, isUpload, manifestDefinition } from './core/manifest-definition.ts';
import { isMarked, requestHashOf, type SignMarks, signMarks } from './signing/marks.ts';
import { ObjectChanged, objectSource } from './signing/object-source.ts';
import { parentsOf, uploadedParent } from './signing/parents.ts';
import { keepRecords, putStore } from './signing/records.ts';
import { RenditionWriter } from './signing/rendition-writer.ts';
import { type Expectation, type SoundFile, soundness } from './signing/soundness.ts';

/** What signing needs from outside. */
export interface SignDeps {
  readonly bucket: R2Bucket;
  readonly signer: ManifestSigner;
  /** Null where no authority is set. */
  readonly stamper: TimeStamper | null;
  /** Verifies a file as a stranger with our trust anchors would. */
  verify(source: ByteSource): Promise<Result<Verification>>;
}

/** A call that loses a race starts again and then mostly finds the work done; after this often the caller has to retry. */
const maxAttempts = 4;
/** A chain of fifty remixes needs 350 KB. More would not fit into memory beside the parts of the file. */
const maxStoreBytes = 3 * 1024 * 1024;
/** `ftyp` and what it may be followed by within the first part. */
const headroom = 8 * 1024;

/**
 * Signs `sourceKey` into `targetKey` and `manifestKey`, with crJSON beside it. The same request for the same source answers with what was written
 * the first time. Fails with `bad_request`, `not_found`, `payload_too_large`, `output_invalid`, `checksum_mismatch`, `conflict` or
 * `provenance_failed`.
 */
export async function signRendition(input: SignRequest, deps: SignDeps): Promise<Result<SignedRendition>> {
  const parsed = signRequestSchema.safeParse(input);
  if (!parsed.success || !hasSingleParent(parsed.data)) {
    const issues = parsed.error?.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return fail('bad_request', 'The request to sign is not valid.', {
      issues: issues ?? ['more than one parentOf ingredient'],
    });
  }
  const request = parsed.data;
  const requestHash = await requestHashOf(request);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const step = await signOnce(request, requestHash, deps);
    if (step !== 'again') return step;
  }
  return fail('conflict', 'This clip is being signed by another call.');
}

type Step = Result<SignedRendition> | 'again';

async function signOnce(request: SignRequest, requestHash: string, deps: SignDeps): Promise<Step> {
  const { bucket } = deps;
  const [target, source] = await Promise.all([
    bucket.head(request.targetKey),
    bucket.head(request.sourceKey),
  ]);
  const expected = expectation(request, deps);
  if (target !== null && isMarked(target, requestHash, source)) {
    const kept = soundness(await verifyObject(target, deps), expected);
    if (kept.ok) {
      const marks = { request: requestHash, source: source?.etag ?? '' };
      return ok(await keepRecords(bucket, request, marks, target, kept.value));
    }
    // A file that broke since is made again while that is possible.
    if (source === null) return kept;
  }
  if (source === null) return fail('not_found', 'There is no such asset.');
  const job = { request, marks: { request: requestHash, source: source.etag }, target, source, expected };
  try {
    return await write(job, deps);
  } catch (error) {
    if (error instanceof ObjectChanged) return 'again';
    if (error instanceof LabelConflict) {
      return fail('provenance_failed', 'Two clips that this one is made from cannot be told apart.', {
        reason: 'label_conflict',
      });
    }
    throw error;
  }
}

interface Job {
  readonly request: SignRequest;
  readonly marks: SignMarks;
  /** What is under the target's key now. */
  readonly target: R2Object | null;
  readonly source: R2Object;
  readonly expected: Expectation;
}

/** The store that goes into the file: agreed on before, or still to be signed. */
type Plan =
  | { readonly kind: 'agreed'; readonly store: Uint8Array; readonly size: number }
  | { readonly kind: 'draft'; readonly draft: ManifestDraft; readonly size: number };

async function write(job: Job, deps: SignDeps): Promise<Step> {
  const { request, source } = job;
  const bytes = objectSource(deps.bucket, source);
  const committed = await deps.bucket.head(request.manifestKey);
  const plan = await planOf(job, committed, bytes, deps);
  if (!plan.ok) return plan;
  const slot = slotSize(plan.value.size);
  const writer = new RenditionWriter({
    bucket: deps.bucket,
    key: request.targetKey,
    size: source.size + slot,
    head: slot + headroom,
    contentType: request.mediaType,
    customMetadata: signMarks(job.marks),
  });
  let finished = false;
  try {
    const hash = await writeSigned(bytes, slot, writer, sha256Hasher());
    if (!hash.ok) return hash;
    const store = await storeFor(plan.value, hash.value, deps);
    if (!store.ok) return store;
    const preview = writer.whole ? writer.preview(manifestBox(store.value)) : null;
    const checked =
      preview === null ? null : soundness(await deps.verify(bytesSource(preview)), job.expected);
    if (checked?.ok === false) return checked;
    const agreed = await agree(job, committed, plan.value, store.value, deps);
    if (agreed === null || agreed.length !== store.value.length) return 'again';
    const onlyIf =
      job.target === null ? new Headers({ 'if-none-match': '*' }) : { etagMatches: job.target.etag };
    const written = await writer.finish(manifestBox(agreed), onlyIf);
    finished = written !== null;
    if (written === null) return 'again';
    // What was put whole was looked at before, unless another call's store went in.
    const seen = checked !== null && equal(agreed, store.value) ? checked.value : null;
    return await settle(job, written, seen, deps);
  } finally {
    if (!finished) await writer.abort();
  }
}

/** What goes into the manifest. The committed store of the same request and source is taken as it is: it may be in the file already. */
async function planOf(
  job: Job,
  committed: R2Object | null,
  source: ByteSource,
  deps: SignDeps,
): Promise<Result<Plan>> {
  const { request } = job;
  if (isMarked(committed, job.marks.request, job.source)) {
    const kept = await deps.bucket.get(request.manifestKey);
    if (kept !== null) {
      const store = new Uint8Array(await kept.arrayBuffer());
      return ok({ kind: 'agreed', store, size: store.length });
    }
  }
  const ingredients = await ingredientsOf(request, source, deps);
  if (!ingredients.ok) return ingredients;
  const ids = { manifest: crypto.randomUUID(), instance: crypto.randomUUID() };
  const draft = draftManifest(manifestDefinition(request, ingredients.value, ids), sha256);
  const size = signedStoreSize(draft, deps.signer, deps.stamper);
  return size > maxStoreBytes
    ? fail('payload_too_large', 'The credentials of the clips that this one is made from are too large.', {
        size,
        limit: maxStoreBytes,
      })
    : ok({ kind: 'draft', draft, size });
}

async function ingredientsOf(
  request: SignRequest,
  source: ByteSource,
  deps: SignDeps,
): Promise<Result<readonly IngredientInput[]>> {
  if (!isUpload(request)) return parentsOf(request, deps);
  const parent = await uploadedParent(request, source, deps);
  return parent.ok ? ok([parent.value]) : parent;
}

async function storeFor(plan: Plan, hash: Uint8Array, deps: SignDeps): Promise<Result<Uint8Array>> {
  return plan.kind === 'agreed' ? ok(plan.store) : signManifest(plan.draft, hash, deps.signer, deps.stamper);
}

/** The store every call for this request and source will use; null where another request took its place. */
async function agree(
  { request, marks, source }: Job,
  committed: R2Object | null,
  plan: Plan,
  store: Uint8Array,
  { bucket }: SignDeps,
): Promise<Uint8Array | null> {
  if (plan.kind === 'draft') {
    const onlyIf =
      committed === null ? new Headers({ 'if-none-match': '*' }) : { etagMatches: committed.etag };
    const put = await putStore(bucket, request.manifestKey, store, marks, onlyIf);
    if (put !== null) return store;
  }
  const kept = await bucket.get(request.manifestKey);
  return kept !== null && isMarked(kept, marks.request, source)
    ? new Uint8Array(await kept.arrayBuffer())
    : null;
}

/** Reads back what was written, if nobody has looked at it yet; what is not sound does not stay. */
async function settle(
  { request, marks, source, expected }: Job,
  written: R2Object,
  seen: SoundFile | null,
  deps: SignDeps,
): Promise<Step> {
  const checked = seen === null ? soundness(await verifyObject(written, deps), expected) : ok(seen);
  if (!checked.ok) {
    await deps.bucket.delete([request.targetKey, request.manifestKey]);
    return checked;
  }
  if (seen === null && !isMarked(await deps.bucket.head(request.manifestKey), marks.request, source)) {
    // Another request for the same target took over while this file was written: it must not stand beside a store that is not its own.
    await deps.bucket.delete(request.targetKey);
    return fail('conflict', 'This clip was signed anew by another call.');
  }
  return ok(await keepRecords(deps.bucket, request, marks, written, checked.value));
}

async function verifyObject(object: R2Object, deps: SignDeps): Promise<Result<Verification>> {
  return deps.verify(objectSource(deps.bucket, object));
}

function expectation(request: SignRequest, deps: SignDeps): Expectation {
  return {
    ingredients: isUpload(request) ? 1 : request.ingredients.length,
    soundIngredients: !isUpload(request),
    timeStamp: deps.stamper !== null,
  };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function sha256Hasher() {
  const hash = createHash('sha256');
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}
