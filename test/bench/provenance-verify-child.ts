/**
 * One way of looking at one file, in a process of its own, so that its memory is its own: `node provenance-verify-child.ts WAY FILE TRUST`.
 * Prints JSON: milliseconds of each run, what the process held before (after a first small verification) and at most.
 */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { WasmReader } from '@contentauth/c2pa-wasm';
import type { ByteSource } from '#core/provenance/byte-source.ts';
import { verifySettings } from '#core/provenance/trust-settings.ts';
import { verifyAsset } from '#core/provenance/verify-asset.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { nodeDeps, verifyBytes } from '../support/provenance-oracle.ts';

const [way, path, warmPath, trustJson] = process.argv.slice(2);
if (path === undefined || warmPath === undefined || trustJson === undefined)
  throw new Error('way, file, small file, trust');
const trust: TrustLists = JSON.parse(trustJson);
const chunkBytes = 256 * 1024;

/** Ranged reads of a file, as of an object in R2: one buffer, filled again and again. */
async function fileSource(
  file: string,
): Promise<{ source: ByteSource; requests: () => number; close(): Promise<void> }> {
  const handle = await open(file);
  const { size } = await handle.stat();
  let requests = 0;
  const source: ByteSource = {
    size,
    async *stream(start, end) {
      requests += 1;
      const buffer = new Uint8Array(chunkBytes);
      for (let at = start; at < end; ) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(chunkBytes, end - at), at);
        if (bytesRead === 0) throw new Error('the file ended early');
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    read: async (start, end) => {
      requests += 1;
      const buffer = new Uint8Array(end - start);
      await handle.read(buffer, 0, buffer.length, start);
      return buffer;
    },
  };
  return { source, requests: () => requests, close: () => handle.close() };
}

const ways: Readonly<Record<string, () => Promise<number>>> = {
  async streaming() {
    return streamed(false);
  },
  async 'streaming with the file hash'() {
    return streamed(true);
  },
  async 'c2pa-wasm'() {
    const reader = await WasmReader.fromBytes(
      'video/mp4',
      await readFile(path),
      verifySettings(trust, false),
    );
    const { validation_state: state } = JSON.parse(reader.json()) as { validation_state: string };
    reader.free();
    if (state !== 'Trusted') throw new Error(`c2pa-wasm says ${state}`);
    return 1;
  },
  async sha256() {
    const { source, close } = await fileSource(path);
    const hash = createHash('sha256');
    for await (const chunk of source.stream(0, source.size)) hash.update(chunk);
    hash.digest();
    await close();
    return 1;
  },
};

async function streamed(fileSha256: boolean): Promise<number> {
  const { source, requests, close } = await fileSource(path ?? '');
  const result = await verifyAsset(source, 'video/mp4', trust, nodeDeps, { fileSha256 });
  await close();
  const state = result.ok ? result.value.report.state : result.error.code;
  if (state !== 'Trusted') throw new Error(`the verifier says ${state}`);
  return requests();
}

const run = ways[way ?? ''];
if (run === undefined) throw new Error(`no such way: ${way}`);
await verifyBytes(await readFile(warmPath), 'video/mp4', trust);
globalThis.gc?.();
const idleBytes = process.memoryUsage().rss;
const milliseconds: number[] = [];
let requests = 0;
for (let round = 0; round < 3; round += 1) {
  const started = performance.now();
  requests = await run();
  milliseconds.push(performance.now() - started);
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ milliseconds, idleBytes, peakBytes, requests }));
