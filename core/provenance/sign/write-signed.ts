/**
 * Streams a source into its signed form: `ftyp`, room for the credentials, everything else moved behind it. Invariant: the source is read once
 * and forward, never held; the room is filled last, when the hash of all the rest is known. Called by the provenance worker and by Node scripts.
 * @see C2PA 2.4 Annex A.5.1 (the box stands after `ftyp`)
 */
import { fail, ok, type Result } from '#schemas/result.ts';
import type { ByteSource, Hasher } from '../byte-source.ts';
import { BmffRewriter } from './bmff-rewriter.ts';
import { UnsignableAsset } from './errors.ts';

/** Where the signed file goes. Written strictly forward; the reserved room is filled once, by `fill`. */
export interface AssetSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Leaves room for `length` bytes here. */
  reserve(length: number): Promise<void>;
}

/** `ftyp` lists brands; a longer one is no video file. */
const maxFileType = 4096;

/**
 * Writes all but the credentials.
 * @param slot bytes to leave for them, box header included
 * @returns the hash for `c2pa.hash.bmff.v3`. Fails with `output_invalid` if the source is not one whole MP4 that can be moved.
 */
export async function writeSigned(
  source: ByteSource,
  slot: number,
  sink: AssetSink,
  hasher: Hasher,
): Promise<Result<Uint8Array>> {
  try {
    const fileType = await readFileType(source);
    await sink.write(fileType);
    await sink.reserve(slot);
    const range = { start: fileType.length, end: source.size };
    const rewriter = new BmffRewriter(range, slot, hasher);
    for await (const chunk of source.stream(range.start, range.end)) {
      for (const bytes of rewriter.push(chunk)) await sink.write(bytes);
    }
    return ok(rewriter.finish());
  } catch (error) {
    if (!(error instanceof UnsignableAsset)) throw error;
    return fail('output_invalid', `The file is not an MP4 that can be signed: ${error.message}.`);
  }
}

async function readFileType(source: ByteSource): Promise<Uint8Array> {
  if (source.size < 16) throw new UnsignableAsset('it is too short');
  const head = (await source.read(0, 16)).slice();
  const size = new DataView(head.buffer).getUint32(0);
  const type = new TextDecoder('latin1').decode(head.subarray(4, 8));
  if (type !== 'ftyp' || size < 16) throw new UnsignableAsset('it does not start with a file type');
  if (size > maxFileType || size > source.size) throw new UnsignableAsset('its file type box is too long');
  return (await source.read(0, size)).slice();
}
