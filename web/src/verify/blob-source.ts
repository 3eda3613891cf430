/**
 * A file on this device as the verifier reads it. Invariant: no piece larger than a slice is ever in memory; what was read so far is counted, and a
 * check that was given up stops at the next slice. Called by check-worker.ts.
 */
import type { ByteSource } from '#core/provenance/byte-source.ts';

const sliceSize = 4 * 1024 * 1024;

/** @param onRead bytes of the file that have gone by, as far as they are streamed in order */
export function blobSource(blob: Blob, onRead: (bytes: number) => void = () => {}): ByteSource {
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
    // A file that shrinks while it is read must not look like a file that was shorter all along.
    if (bytes.length !== end - start) throw new Error('The file changed while it was read.');
    return bytes;
  };
  return {
    size: blob.size,
    read,
    async *stream(start, end) {
      for (let at = start; at < end; at += sliceSize) {
        const until = Math.min(end, at + sliceSize);
        yield await read(at, until);
        onRead(until);
      }
    },
  };
}
