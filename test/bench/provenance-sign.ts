/**
 * Signing files of 1 MB to 1 GB: the streaming signer against c2pa-wasm's builder, where that fits into memory, and against a SHA-256 of the same
 * file, each in a process of its own; and the last of fifty-one remixes. Called by run.ts.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeMp4 } from '../support/make-mp4.ts';
import { topBoxes } from '../support/mp4-shapes.ts';

const sizes = [1, 16, 128, 1024] as const;
/** Beyond this c2pa-wasm needs more than the four gigabytes a WebAssembly memory can have, or the machine runs out. */
const libraryLimit = 256;
const rounds = 3;
const chainDepth = 50;
const limitMs = 180_000;
const megabyte = 1024 * 1024;

export interface Measure {
  readonly ms: number;
  readonly megabytes: number;
}

export interface ProvenanceSignBench {
  readonly rows: readonly {
    readonly sizeMegabytes: number;
    readonly sha256: Measure;
    readonly stream: Measure;
    /** Reading back what was written, from the same process. */
    readonly verifyMs: number;
    /** Null where it does not fit. */
    readonly wasm: Measure | null;
  }[];
  readonly chain: {
    readonly depth: number;
    readonly signMs: number;
    readonly verifyMs: number;
    readonly storeKilobytes: number;
  };
}

const measured = z.object({
  ms: z.number(),
  megabytes: z.number(),
  verifyMs: z.number().optional(),
  signMs: z.number().optional(),
  storeBytes: z.number().optional(),
});

async function measure(root: string, ...args: readonly string[]): Promise<z.infer<typeof measured>> {
  const child = spawn(process.execPath, ['test/bench/provenance-sign-process.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limitMs,
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`measuring ${args[0]} ended with ${code}`);
  return measured.parse(JSON.parse(output));
}

/** The fastest of several, because a shared machine has bad moments; the largest of their memories. */
async function best(root: string, ...args: readonly string[]): Promise<z.infer<typeof measured>> {
  const all = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure(root, ...args));
  const fastest = all.toSorted((left, right) => left.ms - right.ms)[0];
  if (fastest === undefined) throw new Error('nothing was measured');
  return { ...fastest, megabytes: Math.max(...all.map(({ megabytes }) => megabytes)) };
}

/** A film whose media box was made so large, written in pieces. */
async function makeFilm(path: string, film: Uint8Array, size: number): Promise<void> {
  const media = topBoxes(film).at(-1);
  if (media?.type !== 'mdat') throw new Error('the media box must come last');
  const head = film.slice();
  new DataView(head.buffer).setUint32(media.start, size - media.start);
  const file = await open(path, 'w');
  await file.write(head);
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  for (let at = head.length; at < size; at += block.length) {
    await file.write(block, 0, Math.min(block.length, size - at));
  }
  await file.close();
}

/** @param root of the repository */
export async function benchProvenanceSign(root: string): Promise<ProvenanceSignBench> {
  const folder = await mkdtemp(join(tmpdir(), 'kinora-sign-'));
  const [source, out] = [join(folder, 'source.mp4'), join(folder, 'signed.mp4')];
  try {
    const film = await makeMp4();
    const rows = [];
    for (const size of sizes) {
      await makeFilm(source, film, size * megabyte);
      const sha256 = await best(root, 'sha256', source);
      const stream = await best(root, 'stream', source, out);
      const wasm = size > libraryLimit ? null : await best(root, 'wasm', source, out);
      const { verifyMs = 0 } = stream;
      // The process verifies after it has signed: that is told apart.
      rows.push({
        sizeMegabytes: size,
        sha256,
        stream: { ...stream, ms: stream.ms - verifyMs },
        verifyMs,
        wasm,
      });
      console.log(`  ${size} MB`);
    }
    await writeFile(source, film);
    const {
      signMs = 0,
      verifyMs = 0,
      storeBytes = 0,
    } = await measure(root, 'chain', String(chainDepth), source);
    return { rows, chain: { depth: chainDepth, signMs, verifyMs, storeKilobytes: storeBytes / 1024 } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The section of docs/benchmarks.md. */
export function provenanceSignSection({ rows, chain }: ProvenanceSignBench): string {
  const cells = (one: Measure | null) =>
    one === null ? 'does not fit | – ' : `${one.ms.toFixed(0)} | ${one.megabytes.toFixed(0)} `;
  return `## Signing

The streaming signer writes the whole signed file; reading back and verifying what it wrote comes on top and is shown beside it. Against a SHA-256
of the same file and c2pa-wasm's own builder. Each in a process of its own, best of ${rounds}; memory is the peak over the idle process.

| file MB | sha256 ms | sign ms | MB | ratio | verify ms | c2pa-wasm ms | MB |
|---|---|---|---|---|---|---|---|
${rows
  .map(
    (row) =>
      `| ${row.sizeMegabytes.toLocaleString('en')} | ${row.sha256.ms.toFixed(0)} | ${cells(row.stream)}| ${(row.stream.ms / row.sha256.ms).toFixed(1)} | ${row.verifyMs.toFixed(0)} | ${cells(row.wasm)}|`,
  )
  .join('\n')}

A remix whose chain is ${chain.depth} deep: ${chain.signMs.toFixed(1)} ms to sign, ${chain.verifyMs.toFixed(0)} ms for c2pa-rs to read its ${chain.storeKilobytes.toFixed(0)} KB of manifests back.
`;
}
