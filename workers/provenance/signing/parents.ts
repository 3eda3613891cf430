/**
 * Brings the files that went into a clip, with their credentials. Invariant: what an ingredient assertion records came out of a validation of
 * exactly the bytes that lie in R2 now: the one made when the parent was signed, if file, store and crJSON are all as they were, a new one
 * otherwise. A parent that does not hold is refused, but for an upload, whose flaws are recorded. Called by sign.ts.
 */
import type { ByteSource } from '#core/provenance/byte-source.ts';
import { type IngredientInput, manifestsOf } from '#core/provenance/sign/ingredient.ts';
import type { Verification } from '#core/provenance/verification.ts';
import { crJsonKeyOf, type GeneratedSignRequest, type UploadedSignRequest } from '#schemas/provenance.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { hexSha256 } from '../../encoding/hex.ts';
import { isSound, validationResultsIn } from './cr-json.ts';
import { speaksOf } from './marks.ts';
import { objectSource } from './object-source.ts';

export interface ParentDeps {
  readonly bucket: R2Bucket;
  verify(source: ByteSource): Promise<Result<Verification>>;
}

type ClipIngredient = GeneratedSignRequest['ingredients'][number];
type Credentials = IngredientInput['credentials'];

/** The parents of a generated clip, in the order of the request. Fails with `not_found` or `provenance_failed`, naming the clip. */
export async function parentsOf(
  request: GeneratedSignRequest,
  deps: ParentDeps,
): Promise<Result<IngredientInput[]>> {
  const inputs: IngredientInput[] = [];
  // One after the other, so that at most one crJSON is in memory.
  for (const ingredient of request.ingredients) {
    const credentials = await clipCredentials(ingredient, deps);
    if (!credentials.ok) {
      const details = { ...credentials.error.details, ingredient: ingredient.clipId };
      return { ok: false, error: { ...credentials.error, details } };
    }
    inputs.push({
      title: ingredient.title,
      mediaType: request.mediaType,
      relationship: ingredient.relationship,
      instanceId: `urn:kinora:${ingredient.clipId}`,
      credentials: credentials.value,
    });
  }
  return ok(inputs);
}

/**
 * The uploaded file as the one parent. Fails with `checksum_mismatch` if it is not the file the request names, or as verification does.
 * @see RFC 6920 (`ni:` names a file by its hash)
 */
export async function uploadedParent(
  request: UploadedSignRequest,
  source: ByteSource,
  deps: ParentDeps,
): Promise<Result<IngredientInput>> {
  const verified = await deps.verify(source);
  if (!verified.ok) return verified;
  const { fileSha256, manifestStore, crJson } = verified.value;
  if (fileSha256 !== request.upload.sha256) return fail('checksum_mismatch');
  return ok({
    title: request.upload.fileName,
    mediaType: request.mediaType,
    relationship: 'parentOf',
    instanceId: `ni:///sha-256;${base64UrlOfHex(fileSha256)}`,
    credentials: credentialsOf(manifestStore, crJson),
  });
}

async function clipCredentials(ingredient: ClipIngredient, deps: ParentDeps): Promise<Result<Credentials>> {
  const asset = await deps.bucket.head(ingredient.assetKey);
  if (asset === null) return fail('not_found', 'A clip that this one is made from is not there any more.');
  const recorded =
    ingredient.manifestKey === undefined
      ? null
      : await recordedCredentials(deps.bucket, asset, ingredient.manifestKey);
  const credentials = recorded === null ? await newlyVerified(asset, deps) : ok(recorded);
  if (!credentials.ok || credentials.value === null || isSound(credentials.value.validationResults)) {
    return credentials;
  }
  const failures = credentials.value.validationResults.activeManifest.failure.map(({ code }) => code);
  return fail('provenance_failed', 'A clip that this one is made from does not verify.', {
    reason: 'ingredient',
    failures,
  });
}

/** From what was written when the parent was signed; null where that is not all there, or speaks of other bytes. */
async function recordedCredentials(
  bucket: R2Bucket,
  asset: R2Object,
  manifestKey: string,
): Promise<Credentials> {
  const [kept, crJson] = await Promise.all([bucket.get(manifestKey), bucket.get(crJsonKeyOf(manifestKey))]);
  if (kept === null || crJson === null) return null;
  const store = new Uint8Array(await kept.arrayBuffer());
  if (!speaksOf(crJson, asset, await hexSha256(store))) return null;
  return credentialsOf(store, await crJson.json());
}

async function newlyVerified(asset: R2Object, deps: ParentDeps): Promise<Result<Credentials>> {
  const verified = await deps.verify(objectSource(deps.bucket, asset));
  if (!verified.ok) return verified;
  const credentials = credentialsOf(verified.value.manifestStore, verified.value.crJson);
  return credentials === null
    ? fail('provenance_failed', 'A clip that this one is made from has no credentials.', {
        reason: 'ingredient',
      })
    : ok(credentials);
}

/** Null for a file without a manifest, or with one that cannot be read: it is an ingredient of unknown provenance. */
function credentialsOf(store: Uint8Array | null, crJson: unknown): Credentials {
  const validationResults = validationResultsIn(crJson);
  if (store === null || validationResults === null || manifestsOf(store).length === 0) return null;
  return { store, validationResults };
}

function base64UrlOfHex(hex: string): string {
  const chars = (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return btoa(chars.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
