/**
 * An R2 object as a source of bytes. Invariant: every read is of the same version of the object, or it throws; a stream holds one chunk at a
 * time. Called by sign.ts.
 */
import type { ByteSource } from '#core/provenance/byte-source.ts';

/** Larger chunks gain nothing, smaller ones cost: a hash of 4 KB pieces takes twice as long. */
const chunkBytes = 256 * 1024;

/** Thrown where the object was replaced or removed while it was read. */
export class ObjectChanged extends Error {}

export function objectSource(bucket: R2Bucket, object: R2Object): ByteSource {
  const open = async (start: number, end: number): Promise<ReadableStream<Uint8Array>> => {
    const got = await bucket.get(object.key, {
      range: { offset: start, length: end - start },
      onlyIf: { etagMatches: object.etag },
    });
    if (got === null || !('body' in got)) throw new ObjectChanged(`${object.key} is not what it was`);
    return got.body;
  };
  return {
    size: object.size,
    async *stream(start, end) {
      if (start >= end) return;
      const reader = (await open(start, end)).getReader({ mode: 'byob' });
      try {
        let buffer = new Uint8Array(chunkBytes);
        let at = start;
        while (at < end) {
          // Whole chunks, whatever pieces the network brings.
          const { value } = await reader.readAtLeast(Math.min(chunkBytes, end - at), buffer);
          if (value === undefined || value.length === 0) throw new ObjectChanged('it ended early');
          at += value.length;
          yield value;
          buffer = new Uint8Array(value.buffer);
        }
      } finally {
        await reader.cancel();
      }
    },
    read: async (start, end) =>
      start >= end
        ? new Uint8Array()
        : new Uint8Array(await new Response(await open(start, end)).arrayBuffer()),
  };
}
