/**
 * Lets c2pa-wasm read blobs where there is no `FileReaderSync` (workerd, Node). Invariant: the global shim reads only
 * `BytesBlob`, whose bytes are already in memory, so nothing ever blocks. Called by c2pa.ts.
 */

/** A `Blob` that keeps its bytes at hand. `slice` copies nothing. */
export class BytesBlob extends Blob {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super([]);
    this.#bytes = bytes;
  }

  override get size(): number {
    return this.#bytes.byteLength;
  }

  override slice(start = 0, end = this.#bytes.byteLength): BytesBlob {
    return new BytesBlob(this.#bytes.subarray(start, end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.toArrayBuffer();
  }

  /** A copy of exactly this blob's bytes. */
  toArrayBuffer(): ArrayBuffer {
    return new Uint8Array(this.#bytes).buffer;
  }
}

class BytesBlobReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer {
    if (!(blob instanceof BytesBlob))
      throw new TypeError('only blobs made from bytes can be read synchronously');
    return blob.toArrayBuffer();
  }
}

/** Defines the global that c2pa-wasm looks up when it signs. A platform that has its own keeps it. */
export function installFileReaderSync(): void {
  if ('FileReaderSync' in globalThis) return;
  Object.defineProperty(globalThis, 'FileReaderSync', { value: BytesBlobReader, configurable: true });
}
