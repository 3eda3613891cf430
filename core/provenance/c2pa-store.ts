/**
 * The only door to c2pa-rs (WebAssembly) for verifying. Invariant: it is given a bare manifest store, never an asset, so what it needs of memory
 * does not grow with the file; readers are freed on every path. The package comes in initialised, because each platform loads the WebAssembly
 * its own way (import, address, file). Called by verify-asset.ts through `VerifyDeps.readStore`.
 */
import type { ManifestStore } from '@contentauth/c2pa-types';
import { readFailureOf } from './read-failure.ts';
import type { StoreReading, VerifyDeps } from './verification.ts';

/** What of `@contentauth/c2pa-wasm` is used: its `WasmReader`. */
export interface ReaderPackage {
  fromBytes(
    mediaType: string,
    bytes: Uint8Array,
    settings?: string | null,
  ): Promise<{ json(): string; crJson(): string; free(): void }>;
}

/** How c2pa-rs says that a bare store has no boxes that a box hash could be over. */
const noBoxes = /Box hash not supported/;

/** @param reader `WasmReader` of the initialised package */
export function storeReader(reader: ReaderPackage): VerifyDeps['readStore'] {
  return async (store, settings) => {
    const reading = await read(reader, 'application/c2pa', store, settings);
    // A box hash is only looked at in a file that has boxes: the smallest there is will do, ours is the hash that counts.
    return reading.kind === 'failed' && noBoxes.test(reading.thrown)
      ? read(reader, 'image/png', pngAround(store), settings)
      : reading;
  };
}

async function read(
  reader: ReaderPackage,
  mediaType: string,
  bytes: Uint8Array,
  settings: string,
): Promise<StoreReading> {
  let result: Awaited<ReturnType<ReaderPackage['fromBytes']>> | undefined;
  try {
    result = await reader.fromBytes(mediaType, bytes, settings);
    const store: ManifestStore = JSON.parse(result.json());
    const crJson: unknown = JSON.parse(result.crJson());
    return { kind: 'store', store, crJson };
  } catch (error) {
    // Anything else (a trap, a bug) is a fault, not something about the file.
    if (readFailureOf(error) === null) throw error;
    return { kind: 'failed', thrown: error instanceof Error ? error.message : String(error) };
  } finally {
    result?.free();
  }
}

/** Signature, IHDR, caBX, IEND. c2pa-rs does not look at checksums. */
function pngAround(store: Uint8Array): Uint8Array {
  const chunks: readonly (readonly [string, Uint8Array])[] = [
    ['IHDR', new Uint8Array(13)],
    ['caBX', store],
    ['IEND', new Uint8Array()],
  ];
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const png = new Uint8Array(chunks.reduce((size, [, data]) => size + data.length + 12, signature.length));
  png.set(signature);
  let at = signature.length;
  for (const [type, data] of chunks) {
    new DataView(png.buffer).setUint32(at, data.length);
    png.set(new TextEncoder().encode(type), at + 4);
    png.set(data, at + 8);
    at += data.length + 12;
  }
  return png;
}
