/**
 * Validates the manifest of an asset. Invariant: the state is c2pa-rs's own, never recomputed or softened; a file that cannot
 * be read gets a code, never a verdict. Called by index.ts and, on what it has just signed, by sign.ts.
 */
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { loadAsset } from './asset.ts';
import { readManifestStore } from './c2pa.ts';
import type { TrustAnchors } from './config.ts';
import { emptyReport, reportOf } from './core/report.ts';

/** Verifies an R2 object. Fails with `not_found`, `payload_too_large` or `media_type_unsupported`. */
export async function verifyObject(
  bucket: R2Bucket,
  key: string,
  mediaType: string,
  trust: TrustAnchors,
): Promise<Result<ProvenanceReport>> {
  const asset = await loadAsset(bucket, key);
  return asset.ok ? verifyBytes(asset.value.bytes, mediaType, trust) : asset;
}

/** Verifies bytes in memory. Fails with `media_type_unsupported` for a kind of file, or a broken one, that cannot be read. */
export async function verifyBytes(
  bytes: Uint8Array,
  mediaType: string,
  trust: TrustAnchors,
): Promise<Result<ProvenanceReport>> {
  const outcome = await readManifestStore(bytes, mediaType, trust);
  const context = { verifiedAt: new Date().toISOString(), trust: trust.names };
  switch (outcome.kind) {
    case 'store':
      return ok(reportOf(outcome.store, context));
    case 'none':
      return ok(emptyReport('None', null, context));
    case 'remote':
      return ok(emptyReport('None', 'manifest.inaccessible', context));
    case 'malformed':
      return ok(emptyReport('Invalid', 'general.error', context));
    case 'unsupported':
      return fail(
        'media_type_unsupported',
        `Content Credentials cannot be read from files of type ${mediaType}.`,
      );
    case 'unreadable':
      return fail('media_type_unsupported', `The file is damaged or is not of type ${mediaType}.`);
  }
}
