/**
 * Brings assets from R2 into memory. Invariant: nothing larger than `maxAssetBytes` is ever read, because c2pa-wasm holds a
 * copy of its own and an isolate has 128 MB. Called by sign.ts and verify.ts.
 *
 * The seam for streaming: `verify` needs only the manifest store and ranged reads for the hash, so a range reader over
 * `bucket.get(key, { range })` can take this module's place there without touching its callers.
 */
import { fail, ok, type Result } from '#schemas/result.ts';

/** 64 MiB. */
export const maxAssetBytes = 64 * 1024 * 1024;

export interface LoadedAsset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** The whole object. Fails with `not_found` or `payload_too_large`. */
export async function loadAsset(bucket: R2Bucket, key: string): Promise<Result<LoadedAsset>> {
  const object = await bucket.get(key);
  if (object === null) return fail('not_found', 'There is no such asset.');
  if (object.size > maxAssetBytes) {
    return fail('payload_too_large', `Assets of more than ${maxAssetBytes} bytes cannot be checked here.`, {
      size: object.size,
      limit: maxAssetBytes,
    });
  }
  return ok({ bytes: new Uint8Array(await object.arrayBuffer()), etag: object.etag });
}
