/**
 * Compares the streaming verifier with c2pa-rs on damaged files; docs/provenance.md holds the last results.
 *
 *   node scripts/prove-provenance.ts --mutations 100000 --seed 1 [--keep FOLDER]    fails if ours ever accepts what c2pa-rs does not
 *   node scripts/prove-provenance.ts --only 4711 --seed 1 --samples FOLDER          one mutant, with both opinions in full
 *
 * Each batch runs in a process of its own: a crash of the WebAssembly module must not colour what comes after it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { initSync } from '@contentauth/c2pa-wasm';
import { mutantOf } from '../test/support/provenance-mutants/mutate.ts';
import { type Difference, type Proof, prove, total } from '../test/support/provenance-mutants/prove.ts';
import { allSamples, keepSamples, keptSamples } from '../test/support/provenance-mutants/samples.ts';
import { say } from './terminal.ts';

const batch = 2500;

const { values } = parseArgs({
  options: {
    mutations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    batch: { type: 'string' },
    samples: { type: 'string' },
    keep: { type: 'string' },
  },
});
const seed = Number(values.seed);

initSync({
  module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
});

if (values.batch !== undefined) {
  const [from = 0, to = 0] = values.batch.split(':').map(Number);
  const { samples, trust } = keptSamples(values.samples ?? '');
  process.stdout.write(JSON.stringify(await prove(samples, trust, seed, from, to)));
} else if (values.only !== undefined) {
  const { samples, trust } = values.samples === undefined ? await allSamples() : keptSamples(values.samples);
  const number = Number(values.only);
  const { kind, sample, bytes } = mutantOf(samples, seed, number);
  say(`${kind} in ${sample.name}, ${bytes.length} bytes`);
  say(JSON.stringify(await prove(samples, trust, seed, number, number + 1), null, 2));
} else {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'kinora-samples-'));
  try {
    keepSamples(folder, await allSamples());
    process.exitCode = run(Number(values.mutations), folder);
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true });
  }
}

function run(mutations: number, folder: string): number {
  const startedAt = Date.now();
  const parts: Proof[] = [];
  for (let from = 0; from < mutations; ) {
    const part = runBatch(from, Math.min(mutations, from + batch), folder);
    parts.push(part);
    for (const difference of part.differences) if (isWrong(difference)) say(line(difference));
    from = part.next;
    const { counts } = total(parts);
    say(
      `${from} of ${mutations}, ${Math.round((Date.now() - startedAt) / 1000)} s: ${JSON.stringify(counts)}`,
    );
  }
  const { counts, kinds, differences } = total(parts);
  say();
  say(`mutations by kind: ${JSON.stringify(kinds)}`);
  for (const agreement of ['codes', 'refused', 'stricter', 'reference crashed'] as const) {
    const found = differences.filter((difference) => difference.agreement === agreement);
    if (found.length > 0) say(`\n${agreement}: ${found.length}, for example`);
    for (const difference of found.slice(0, 8)) say(line(difference));
  }
  const wrong = counts.permissive + counts.crashed;
  say();
  say(
    wrong === 0
      ? `${mutations} mutations, seed ${seed}: never more permissive, never broken down; ${counts.same} the same in state and codes.`
      : `${mutations} mutations, seed ${seed}: ${counts.permissive} more permissive, ${counts.crashed} broken down.`,
  );
  return wrong === 0 ? 0 : 1;
}

function runBatch(from: number, to: number, folder: string): Proof {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), '--seed', String(seed), '--samples', folder, '--batch', `${from}:${to}`],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, timeout: 900_000 },
  );
  if (status !== 0) throw new Error(`the batch from ${from} ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Proof;
}

function isWrong({ agreement }: Difference): boolean {
  return agreement === 'permissive' || agreement === 'crashed';
}

function line({ number, agreement, kind, sample, theirs, mine }: Difference): string {
  const opinion = (state: string, failures: readonly string[]) =>
    failures.length === 0 ? state : `${state} (${failures.join('; ')})`;
  return `  ${number} ${agreement}: ${kind} in ${sample}. c2pa-rs ${opinion(theirs.state, theirs.failures)}; ours ${opinion(mine.state, mine.failures)}`;
}
