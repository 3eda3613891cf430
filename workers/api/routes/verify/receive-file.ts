/**
 * Takes the bytes of a file that is to be verified. Invariants: a kind of file that is not taken is refused before anything is stored; the
 * bytes stream into R2 and are never held whole; what is stored has exactly the announced length. Called by the verify routes.
 */
import { sniffLength, sniffMediaType } from '#durable-objects/upload/core/sniff.ts';
import { type UploadMediaType, uploadMediaTypes } from '#schemas/http/uploads.ts';
import { toHex } from '../../../encoding/hex.ts';
import { RefusalError } from '../../respond.ts';

/** Bytes of a file that is sent to be verified: what one request may carry. */
export const maxVerifyBytes = 95 * 1024 * 1024;

/** A body whose first bytes were looked at. */
export interface SniffedBody {
  readonly mediaType: UploadMediaType;
  readonly size: number;
  /** All of it, from the first byte. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** @throws RefusalError bad_request (no length), payload_too_large */
export function announcedSize(header: string | null | undefined): number {
  const size = Number(header);
  if (header == null || !Number.isSafeInteger(size) || size <= 0) {
    throw new RefusalError('bad_request', 'Content-Length is required.');
  }
  if (size > maxVerifyBytes) {
    throw new RefusalError(
      'payload_too_large',
      'A file may have at most 95 MiB here. Check a larger one in the browser, or upload it in parts.',
      { limit: maxVerifyBytes },
    );
  }
  return size;
}

/** @throws RefusalError media_type_unsupported */
export async function sniffBody(body: ReadableStream<Uint8Array>, size: number): Promise<SniffedBody> {
  const reader = body.getReader();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < sniffLength) {
    const { done, value } = await reader.read();
    if (done) break;
    first.push(value);
    length += value.length;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const chunk of first) {
    head.set(chunk, at);
    at += chunk.length;
  }
  const mediaType = sniffMediaType(head.subarray(0, sniffLength));
  if (mediaType === null) {
    await reader.cancel();
    throw new RefusalError('media_type_unsupported', `The bytes are none of ${uploadMediaTypes.join(', ')}.`);
  }
  return { mediaType, size, chunks: chunksOf(head, reader) };
}

async function* chunksOf(
  head: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * Streams it into R2.
 * @returns hex SHA-256
 * @throws RefusalError bad_request for another length than announced; anything else is a fault
 */
export async function storeBody(media: R2Bucket, objectKey: string, body: SniffedBody): Promise<string> {
  const { size, mediaType, chunks } = body;
  const sized = new FixedLengthStream(size);
  const digest = new crypto.DigestStream('SHA-256');
  const storing = media.put(objectKey, sized.readable, { httpMetadata: { contentType: mediaType } });
  // Its failure follows from that of the bytes, or is awaited below.
  storing.catch(() => undefined);
  const [store, hash] = [sized.writable.getWriter(), digest.getWriter()];
  let received = 0;
  try {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > size) throw otherLength(size);
      await hash.write(chunk);
      await store.write(chunk);
    }
    if (received < size) throw otherLength(size);
    await hash.close();
    await store.close();
  } catch (error) {
    await Promise.all([store.abort(error), hash.abort(error)].map((end) => end.catch(() => undefined)));
    throw error;
  }
  await storing;
  return toHex(await digest.digest);
}

function otherLength(size: number): RefusalError {
  return new RefusalError('bad_request', `The body does not have the ${size} bytes that were announced.`);
}
