/**
 * Streaming verification against c2pa-wasm on the whole file and against SHA-256 of the same file in the same run, 1 MB to 1 GB: time, memory,
 * requests. Files are made on the spot in a folder of their own and removed. Called by run.ts; by itself it prints its section.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slotSize } from '#core/provenance/sign/uuid-box.ts';
import { bigEndian, moov, noise } from '../support/provenance-shapes.ts';
import {
  binding,
  c2paBox,
  ftyp,
  mandatoryExclusions,
  type StoreMaker,
  storeMaker,
} from '../support/provenance-stores.ts';

const megabyte = 1024 * 1024;
const sizes = [1, 10, 100, 1024].map((size) => size * megabyte);
/** Larger files take more than a gigabyte of memory in c2pa-wasm. */
const wholeFileLimit = 256 * megabyte;

export interface VerifyRow {
  readonly way: string;
  readonly size: number;
  /** Median of three. */
  readonly ms: number;
  /** To SHA-256 of the same file by OpenSSL, or by Node where there is none. */
  readonly ratio: number;
  /** Over the idle process, bytes; null where it is not ours. */
  readonly extraBytes: number | null;
  readonly requests: number | null;
}

export interface VerifyBench {
  readonly rows: readonly VerifyRow[];
  readonly yardstick: 'openssl dgst -sha256' | 'SHA-256 in Node';
}

/** Measures; takes about a minute and 2 GB of disk. */
export async function benchProvenanceVerify(): Promise<VerifyBench> {
  const folder = await mkdtemp(join(tmpdir(), 'kinora-verify-'));
  try {
    const maker = await storeMaker();
    const small = join(folder, 'small.mp4');
    await writeMp4(small, 100_000, maker);
    const rows: VerifyRow[] = [];
    const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
    for (const size of sizes) {
      const file = join(folder, 'file.mp4');
      await writeMp4(file, size, maker);
      const child = (way: string) => inChild(way, file, small, maker);
      const sha = child('sha256');
      const yard = hasOpenssl ? median([1, 2, 3].map(() => openssl(file))) : sha.ms;
      const row = (way: string, { ms, extraBytes, requests }: ReturnType<typeof child>): VerifyRow => ({
        way,
        size,
        ms,
        ratio: ms / yard,
        extraBytes,
        requests,
      });
      if (hasOpenssl)
        rows.push({ way: 'openssl', size, ms: yard, ratio: 1, extraBytes: null, requests: null });
      rows.push({ ...row('sha256', sha), requests: null });
      for (const way of ['streaming', 'streaming with the file hash']) rows.push(row(way, child(way)));
      if (size <= wholeFileLimit) rows.push({ ...row('c2pa-wasm', child('c2pa-wasm')), requests: null });
      await rm(file);
    }
    return { rows, yardstick: hasOpenssl ? 'openssl dgst -sha256' : 'SHA-256 in Node' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The section for docs/benchmarks.md. */
export function provenanceVerifySection({ rows, yardstick }: VerifyBench): string {
  const line = ({ way, size, ms, ratio, extraBytes, requests }: VerifyRow) =>
    `| ${Math.round(size / megabyte)} MB | ${way} | ${ms.toFixed(0)} | ${ratio.toFixed(2)} | ${
      extraBytes === null ? '' : `+${(extraBytes / megabyte).toFixed(0)}`
    } | ${requests ?? ''} |`;
  return `## Verifying Content Credentials

An MP4 with a flat \`c2pa.hash.bmff.v3\`, each way in a process of its own, warm, median of three. The yardstick is \`${yardstick}\` on the same file in
the same run; "streaming" is what the provenance worker does with an object in R2, over a file here. \`c2pa-wasm\` reads the whole file into memory.

| file | way | ms | ratio | MB over idle | reads |
|---|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
}

/** An MP4 of about this size, signed, written as a stream. */
async function writeMp4(path: string, size: number, maker: StoreMaker): Promise<void> {
  const label = `urn:c2pa:${randomUUID()}`;
  const storeWith = (hash: Uint8Array) =>
    maker.makeStore(
      [
        binding('c2pa.hash.bmff.v3', {
          exclusions: mandatoryExclusions,
          alg: 'sha256',
          hash,
          name: 'jumbf manifest',
        }),
      ],
      { label },
    );
  const slot = slotSize((await storeWith(new Uint8Array(32))).length);
  const moovAt = ftyp.length + slot;
  const mediaAt = moovAt + moov.length;
  const mediaSize = Math.max(size - mediaAt, 1000);
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(0, mediaSize);
  header.set(new TextEncoder().encode('mdat'), 4);
  const hash = createHash('sha256')
    .update(bigEndian(moovAt))
    .update(moov)
    .update(bigEndian(mediaAt))
    .update(header);

  const handle = await open(path, 'w');
  await handle.write(moov, 0, moov.length, moovAt);
  await handle.write(header, 0, header.length, mediaAt);
  const piece = noise(megabyte, size);
  for (let at = 8; at < mediaSize; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, mediaSize - at));
    hash.update(part);
    await handle.write(part, 0, part.length, mediaAt + at);
  }
  const box = c2paBox('manifest', await storeWith(new Uint8Array(hash.digest())));
  if (box.length !== slot) throw new Error('the store changed its size');
  await handle.write(ftyp, 0, ftyp.length, 0);
  await handle.write(box, 0, box.length, ftyp.length);
  await handle.close();
}

function inChild(way: string, file: string, small: string, maker: StoreMaker) {
  const script = join(import.meta.dirname, 'provenance-verify-child.ts');
  const done: SpawnSyncReturns<string> = spawnSync(
    process.execPath,
    ['--expose-gc', script, way, file, small, JSON.stringify(maker.trust)],
    { encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(`${way}: ${done.stderr}`);
  const result: { milliseconds: number[]; idleBytes: number; peakBytes: number; requests: number } =
    JSON.parse(done.stdout);
  return {
    ms: median(result.milliseconds),
    extraBytes: Math.max(0, result.peakBytes - result.idleBytes),
    requests: result.requests,
  };
}

function openssl(file: string): number {
  const started = performance.now();
  const { status } = spawnSync('openssl', ['dgst', '-sha256', file]);
  if (status !== 0) throw new Error('openssl failed');
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === import.meta.filename)
  console.log(provenanceVerifySection(await benchProvenanceVerify()));
