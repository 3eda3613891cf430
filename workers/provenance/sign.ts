/**
 * Signs a rendition. Invariant: nothing is written unless a fresh reader called the signed bytes Trusted with a matching hash
 * and no failure code, and the manifest object is always the store inside the target object. Called by index.ts for the
 * generation workflow, whose steps may run more than once.
 */
import {
  type ProvenanceReport,
  type SignedRendition,
  type SignRequest,
  signRequestSchema,
} from '#schemas/provenance.ts';
import { fail, ok, type Refusal, type Result } from '#schemas/result.ts';
import { hexSha256 } from '../encoding/hex.ts';
import { type LoadedAsset, loadAsset } from './asset.ts';
import { type IngredientAsset, signAsset } from './c2pa.ts';
import type { SigningIdentity, TrustAnchors } from './config.ts';
import { hasSingleParent, ingredientDefinition, manifestDefinition } from './core/manifest-definition.ts';
import { isWholeMp4, manifestStoreOf } from './core/manifest-store-box.ts';
import { readFailureOf } from './core/read-failure.ts';
import { verifyBytes } from './verify.ts';

/** What signing needs from outside. */
export interface SignDeps {
  readonly bucket: R2Bucket;
  readonly identity: SigningIdentity;
  readonly trust: TrustAnchors;
}

/** Kept with the target object: hash of the request and etag of the source it was signed for. */
const marks = { request: 'kinora-sign-request', source: 'kinora-sign-source' } as const;
/** A concurrent call for the same clip wins at most this often before we give up and let the caller retry. */
const maxAttempts = 3;

/** Carries a refusal out of the stream of ingredients that c2pa.ts pulls. */
class IngredientRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Signs `sourceKey` into `targetKey` and `manifestKey`. The same request for the same source answers with what was written
 * the first time. Fails with `bad_request`, `not_found`, `payload_too_large`, `output_invalid` or `provenance_failed`.
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
  const requestHash = await hexSha256(new TextEncoder().encode(JSON.stringify(request)));
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const [existing, source] = await Promise.all([
      deps.bucket.head(request.targetKey),
      deps.bucket.head(request.sourceKey),
    ]);
    if (isSignedFrom(existing, requestHash, source)) return resume(request, deps);

    const rendered = await loadAsset(deps.bucket, request.sourceKey);
    if (!rendered.ok) return rendered;
    if (!isWholeMp4(rendered.value.bytes)) {
      return fail('output_invalid', 'The rendered file is not a whole MP4.');
    }
    const signed = await signBytes(rendered.value, request, deps);
    if (!signed.ok) return signed;
    const written = await deps.bucket.put(request.targetKey, signed.value.bytes, {
      // Lost races and late retries must not replace what another call has already answered with.
      onlyIf: existing === null ? new Headers({ 'if-none-match': '*' }) : { etagMatches: existing.etag },
      httpMetadata: { contentType: request.mediaType },
      customMetadata: { [marks.request]: requestHash, [marks.source]: rendered.value.etag },
      sha256: signed.value.sha256,
    });
    if (written !== null) return keepManifest(request, signed.value, deps);
  }
  return fail('conflict', 'This clip is being signed by another call.');
}

/** Whether the target came from this request; a source that was cleaned up since cannot have changed. */
function isSignedFrom(target: R2Object | null, requestHash: string, source: R2Object | null): boolean {
  const kept = target?.customMetadata;
  return kept?.[marks.request] === requestHash && (source === null || kept[marks.source] === source.etag);
}

interface Verified {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: ProvenanceReport;
  readonly sha256: string;
}

async function signBytes(
  source: LoadedAsset,
  request: SignRequest,
  deps: SignDeps,
): Promise<Result<Verified>> {
  try {
    const bytes = await signAsset(
      source.bytes,
      request.mediaType,
      manifestDefinition(request),
      ingredientAssets(request, deps.bucket),
      deps.identity,
      deps.trust,
    );
    return await verified(bytes, request, deps.trust);
  } catch (error) {
    if (error instanceof IngredientRefused) return { ok: false, error: error.refusal };
    const failure = readFailureOf(error);
    if (failure === null) throw error;
    return failure.kind === 'unreadable'
      ? fail('output_invalid', 'The rendered file is damaged.')
      : fail('provenance_failed', undefined, { reason: failure.kind });
  }
}

/** One at a time, so that only one parent is in memory. */
async function* ingredientAssets(request: SignRequest, bucket: R2Bucket): AsyncGenerator<IngredientAsset> {
  for (const [index, ingredient] of request.ingredients.entries()) {
    const asset = await loadAsset(bucket, ingredient.assetKey);
    if (!asset.ok)
      throw new IngredientRefused({
        ...asset.error,
        details: { ...asset.error.details, ingredient: ingredient.clipId },
      });
    yield {
      definition: ingredientDefinition(ingredient, index),
      mediaType: request.mediaType,
      bytes: asset.value.bytes,
    };
  }
}

/** A second opinion on the signed bytes; only a spotless one lets them out. */
async function verified(
  bytes: Uint8Array<ArrayBuffer>,
  request: SignRequest,
  trust: TrustAnchors,
): Promise<Result<Verified>> {
  const checked = await verifyBytes(bytes, request.mediaType, trust);
  if (!checked.ok) return fail('provenance_failed', undefined, { reason: checked.error.code });
  const report = checked.value;
  const failures = report.statuses.filter(({ outcome }) => outcome === 'failure').map(({ code }) => code);
  const bound = report.statuses.some(
    ({ code, outcome }) => outcome === 'success' && code === 'assertion.bmffHash.match',
  );
  // A parent that was changed does not spoil the state of the file it went into, so it is looked at by itself.
  const ingredients = (report.manifest?.ingredients ?? []).map(({ state }) => state);
  const sound = ingredients.length === request.ingredients.length && !ingredients.includes('Invalid');
  if (report.state !== 'Trusted' || failures.length > 0 || !bound || !sound) {
    return fail('provenance_failed', undefined, { state: report.state, failures, bound, ingredients });
  }
  return ok({ bytes, report, sha256: await hexSha256(bytes) });
}

/** Answers a repeated call from what the first one wrote, and finishes what it may have left undone. */
async function resume(request: SignRequest, deps: SignDeps): Promise<Result<SignedRendition>> {
  const target = await loadAsset(deps.bucket, request.targetKey);
  if (!target.ok) return target;
  const checked = await verified(target.value.bytes, request, deps.trust);
  return checked.ok ? keepManifest(request, checked.value, deps) : checked;
}

/** Writes the store beside the file. It is cut out of the file, so the two cannot differ whoever writes last. */
async function keepManifest(
  request: SignRequest,
  signed: Verified,
  deps: SignDeps,
): Promise<Result<SignedRendition>> {
  const store = manifestStoreOf(signed.bytes);
  const label = signed.report.manifest?.label;
  if (store === null || label === undefined) return fail('provenance_failed', undefined, { reason: 'store' });
  await deps.bucket.put(request.manifestKey, store, { httpMetadata: { contentType: 'application/c2pa' } });
  return ok({
    manifestLabel: label,
    size: signed.bytes.length,
    sha256: signed.sha256,
    report: signed.report,
  });
}
