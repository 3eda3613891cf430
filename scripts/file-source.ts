/**
 * A file on disk as the verifier reads it. Invariant: one buffer of a megabyte, whatever the size of the file. Called by verify-file.ts.
 */
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../core/provenance/byte-source.ts';

const chunkSize = 1024 * 1024;

/** @param onRead bytes of the file that have gone by, as far as they are streamed in order */
export function fileSource(
  file: FileHandle,
  size: number,
  onRead: (bytes: number) => void = () => {},
): ByteSource {
  const fill = async (buffer: Uint8Array, position: number): Promise<void> => {
    for (let filled = 0; filled < buffer.length; ) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
      if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
      filled += bytesRead;
    }
  };
  return {
    size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      await fill(bytes, start);
      return bytes;
    },
    async *stream(start, end) {
      const buffer = new Uint8Array(Math.min(chunkSize, Math.max(0, end - start)));
      for (let at = start; at < end; at += buffer.length) {
        const chunk = buffer.subarray(0, Math.min(buffer.length, end - at));
        await fill(chunk, at);
        yield chunk;
        onRead(at + chunk.length);
      }
    },
  };
}
