/**
 * Verifies objects in R2, as streams. Invariant: nothing is stored, and no more of an object is in memory than a chunk and its manifest store;
 * every read is of one version of it. Called by index.ts and, on what it has just written, by sign.ts.
 */
/// <reference types="node/crypto" />
import { createHash } from 'node:crypto';
import type { ByteSource, Hasher } from '#core/provenance/byte-source.ts';
import type { Verification, VerifyDeps, VerifyOptions } from '#core/provenance/verification.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { fail, type Result } from '#schemas/result.ts';
import { readStore } from './c2pa.ts';
import type { TrustAnchors } from './config.ts';
import { ObjectChanged, objectSource } from './signing/object-source.ts';

/** 4 GiB: at 1 GB a second this is what a request has time for. */
export const maxAssetBytes = 4 * 1024 ** 3;

const deps: VerifyDeps = { createHasher, readStore, now: () => new Date() };

/** Verifies an R2 object. Fails with `not_found`, `payload_too_large`, `media_type_unsupported` or `conflict` (it changed meanwhile). */
export async function verifyObject(
  bucket: R2Bucket,
  key: string,
  mediaType: string,
  trust: TrustLists,
  options: VerifyOptions = {},
): Promise<Result<Verification>> {
  const object = await bucket.head(key);
  if (object === null) return fail('not_found', 'There is no such asset.');
  if (object.size > maxAssetBytes) {
    return fail('payload_too_large', `Assets of more than ${maxAssetBytes} bytes cannot be checked here.`, {
      size: object.size,
      limit: maxAssetBytes,
    });
  }
  try {
    return await verifySource(objectSource(bucket, object), mediaType, trust, options);
  } catch (error) {
    if (error instanceof ObjectChanged) return fail('conflict', 'The asset changed while it was checked.');
    throw error;
  }
}

/** Verifies what can be read. Fails with `payload_too_large` or `media_type_unsupported`. */
export function verifySource(
  source: ByteSource,
  mediaType: string,
  trust: TrustLists,
  options: VerifyOptions = {},
): Promise<Result<Verification>> {
  return verifyAsset(source, mediaType, trust, deps, options);
}

/** Our own anchors as the only list: what a deployment has before any other was fetched. */
export function ownTrust(anchors: TrustAnchors): TrustLists {
  return { own: { name: anchors.names.join(', '), version: 'deployed', issuedAt: null, pem: anchors.pem } };
}

function createHasher(algorithm: 'sha256' | 'sha384' | 'sha512'): Hasher {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
}
