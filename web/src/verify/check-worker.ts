/**
 * Reads a file's credentials inside the browser: the same verifier as the edge's, with c2pa-rs and hash-wasm as WebAssembly. Invariant: it asks the
 * network for its own reader and for nothing else, and has nothing to send with. Its own response headers allow WebAssembly (public/_headers); the
 * page around it does not. Started by local-check.ts, one per check.
 */
import initReader, { WasmReader } from '@contentauth/c2pa-wasm';
import readerUrl from '@contentauth/c2pa-wasm/c2pa.wasm?url';
import { createSHA256, createSHA384, createSHA512 } from 'hash-wasm';
import { storeReader } from '#core/provenance/c2pa-store.ts';
import { judgeAlone } from '#core/provenance/explain/judge-alone.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import { sentenceOf } from '#schemas/errors.ts';
import { blobSource } from './blob-source.ts';
import type { CheckMessage, CheckRequest } from './local-check.ts';
import { wasmHashers } from './wasm-hasher.ts';

const say = (message: CheckMessage, transfer: Transferable[] = []) => postMessage(message, { transfer });

addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  // What escapes from here reaches the page as an `error` event.
  check(data).catch((error: unknown) =>
    say({
      kind: 'refused',
      code: 'internal',
      message: `The file could not be read: ${error instanceof Error ? error.message : String(error)}`,
    }),
  );
});

async function check({ file, trust }: CheckRequest): Promise<void> {
  const [createHasher] = await Promise.all([
    wasmHashers({ sha256: createSHA256, sha384: createSHA384, sha512: createSHA512 }),
    initReader({ module_or_path: await fetchReader() }),
  ]);
  say({ kind: 'progress', stage: 'reading', done: 0 });
  const source = blobSource(file, (bytes) =>
    say({ kind: 'progress', stage: 'reading', done: file.size === 0 ? 1 : bytes / file.size }),
  );
  const found = await verifyAsset(source, file.type || null, trust, {
    createHasher,
    readStore: storeReader(WasmReader),
    now: () => new Date(),
  });
  if (!found.ok)
    return say({
      kind: 'refused',
      code: found.error.code,
      message: found.error.message ?? sentenceOf(found.error.code),
    });
  const { report, crJson, manifestStore, fileSha256 } = found.value;
  const verification = judgeAlone(
    report,
    {
      size: file.size,
      mediaType: file.type || 'application/octet-stream',
      sha256: fileSha256 ?? '',
    },
    { reason: 'This check stayed in your browser.' },
  );
  say({ kind: 'result', result: { verification, crJson, manifestStore } });
}

/** The reader, with progress as far as the server says how large it is. */
async function fetchReader(): Promise<Response> {
  const answer = await fetch(readerUrl);
  if (!answer.ok || answer.body === null) throw new Error(`the reader was not found (${answer.status})`);
  const size = Number(answer.headers.get('content-length'));
  let loaded = 0;
  const counted = answer.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        loaded += chunk.length;
        // A compressed answer counts its packed size, so this may pass the end.
        if (size > 0) say({ kind: 'progress', stage: 'loading', done: Math.min(1, loaded / size) });
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { headers: { 'content-type': 'application/wasm' } });
}
