/**
 * Takes the bytes of a recording. Invariants: they stream into R2 and are never held whole; what is stored has exactly the announced
 * length and begins like the announced container. Called by the recording route.
 */
import type { recordingMediaTypes } from '#schemas/http/cameo.ts';
import { toHex } from '../../../encoding/hex.ts';
import { RefusalError } from '../../respond.ts';

type MediaType = (typeof recordingMediaTypes)[number];

/** Bytes that tell the containers apart. */
const headLength = 12;

/**
 * How a file begins: EBML's magic number for WebM (RFC 8794 §11.2.1), the `ftyp` box for MP4 (ISO/IEC 14496-12 §4.3).
 * @param head its first 12 bytes
 */
function beginsLike(mediaType: MediaType, head: Uint8Array): boolean {
  const magic = mediaType === 'video/webm' ? [0x1a, 0x45, 0xdf, 0xa3] : [0x66, 0x74, 0x79, 0x70];
  const offset = mediaType === 'video/webm' ? 0 : 4;
  return magic.every((byte, index) => head[offset + index] === byte);
}

/**
 * @returns hex SHA-256 of what was stored
 * @throws RefusalError media_type_unsupported, bad_request (another length than announced); anything else is a fault
 */
export async function receiveRecording(
  media: R2Bucket,
  objectKey: string,
  body: ReadableStream<Uint8Array>,
  mediaType: MediaType,
  size: number,
): Promise<string> {
  const sized = new FixedLengthStream(size);
  const stored = media.put(objectKey, sized.readable, { httpMetadata: { contentType: mediaType } });
  // Its failure follows from that of the bytes, or is awaited below.
  stored.catch(() => undefined);
  const writer = sized.writable.getWriter();
  let sha256: string;
  try {
    sha256 = await copy(body, writer, mediaType, size);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
  await stored;
  return sha256;
}

/** Chunk by chunk, as fast as R2 takes them; answers the digest of what went through. */
async function copy(
  body: ReadableStream<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  mediaType: MediaType,
  size: number,
): Promise<string> {
  const digest = new crypto.DigestStream('SHA-256');
  const hashing = digest.getWriter();
  let head = new Uint8Array(0);
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > size) throw otherLength(size);
    if (head.length < headLength) {
      head = joined(head, chunk.subarray(0, headLength - head.length));
      if (head.length === headLength && !beginsLike(mediaType, head)) throw otherType(mediaType);
    }
    await hashing.write(chunk);
    await writer.write(chunk);
  }
  if (received < size) throw otherLength(size);
  if (head.length < headLength) throw otherType(mediaType);
  await hashing.close();
  return toHex(await digest.digest);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function otherLength(size: number): RefusalError {
  return new RefusalError(
    'bad_request',
    `The recording does not have the ${size} bytes that were announced.`,
  );
}

function otherType(mediaType: string): RefusalError {
  return new RefusalError('media_type_unsupported', `The bytes are not ${mediaType}.`);
}
