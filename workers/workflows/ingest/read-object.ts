/**
 * Reads a stored file: once through for its digest, its first bytes for its kind, and by ranges for a demuxer. Invariant: never the whole of
 * it in memory. Called by the ingest workflow and the verify route.
 */
import { CustomSource } from 'mediabunny';
import { sniffLength, sniffMediaType } from '#durable-objects/upload/core/sniff.ts';
import type { UploadMediaType } from '#schemas/http/uploads.ts';
import { toHex } from '../../encoding/hex.ts';

type MediaEnv = Pick<Env, 'MEDIA'>;

/** Hex SHA-256 of an object. Null when there is none. */
export async function hashObject(env: MediaEnv, key: string): Promise<string | null> {
  const object = await env.MEDIA.get(key);
  if (object === null) return null;
  const digest = new crypto.DigestStream('SHA-256');
  await object.body.pipeTo(digest);
  return toHex(await digest.digest);
}

/** What its first bytes say it is; null for a kind that is not taken, or if there is no such object. */
export async function sniffObject(env: MediaEnv, key: string): Promise<UploadMediaType | null> {
  const head = await env.MEDIA.get(key, { range: { offset: 0, length: sniffLength } });
  return head === null ? null : sniffMediaType(new Uint8Array(await head.arrayBuffer()));
}

/** For mediabunny: the ranges it asks for, and no others. */
export function rangedSource(env: MediaEnv, key: string, size: number): CustomSource {
  return new CustomSource({
    getSize: () => size,
    maxCacheSize: 1024 * 1024,
    read: async (start, end) => {
      const object = await env.MEDIA.get(key, { range: { offset: start, length: end - start } });
      if (object === null) throw new Error('the object vanished while it was read');
      return new Uint8Array(await object.arrayBuffer());
    },
  });
}
