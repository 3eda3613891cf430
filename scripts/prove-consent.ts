/**
 * `npm exec node scripts/prove-consent.ts -- --histories 1000000`: the model test of test/property/consent-protocol.test.ts at length,
 * on every core. `--seed` starts elsewhere, `--workers` takes fewer cores, `--mutants` counts instead how many histories each broken
 * protocol survives. Exits with 1, and the smallest history found, when a promise is broken. docs/consent.md holds the last results.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { describe, situationNames, Tally } from '../test/support/consent-simulation/coverage.ts';
import { mutants } from '../test/support/consent-simulation/mutants.ts';
import { historiesUntil, type Proof, prove } from '../test/support/consent-simulation/prove.ts';
import { formatSeconds, say, startStep } from './terminal.ts';

/** Histories between two reports of a worker. */
const chunkSize = 5_000;

interface Chunk {
  readonly histories: number;
  readonly seed: number;
}

if (!isMainThread) {
  parentPort?.on('message', (chunk: Chunk) => parentPort?.postMessage(prove(chunk)));
} else {
  const values = options();
  const seed = naturalNumber('seed', values.seed);
  if (values.mutants) countMutants(seed);
  else
    await proveAll(
      naturalNumber('histories', values.histories),
      seed,
      naturalNumber('workers', values.workers),
    );
}

function options() {
  try {
    return parseArgs({
      options: {
        histories: { type: 'string', default: '100000' },
        seed: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(availableParallelism()) },
        mutants: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function naturalNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  say(`--${name} must be a whole number above 0, not "${text}".`);
  process.exit(2);
}

async function proveAll(histories: number, seed: number, workers: number): Promise<void> {
  const started = performance.now();
  const chunks = Array.from(
    { length: Math.ceil(histories / chunkSize) },
    (_, i): Chunk => ({
      histories: Math.min(chunkSize, histories - i * chunkSize),
      seed: seed + i,
    }),
  );
  const tally = new Tally();
  const step = startStep('histories');
  let failed: Proof['failure'] = null;
  let percent = 0;
  const report = () => {
    const progress = tally.histories / histories;
    const seconds = (performance.now() - started) / 1000;
    const note = `${tally.histories.toLocaleString('en')} of ${histories.toLocaleString('en')}, ${formatSeconds(seconds)}`;
    step.update(progress, note);
    // A log file has no bar: a line for every tenth.
    if (process.stdout.isTTY === true || Math.floor(progress * 10) === percent) return;
    percent = Math.floor(progress * 10);
    say(`  ${note}`);
  };

  await Promise.all(
    Array.from({ length: Math.min(workers, chunks.length) }, async () => {
      const worker = new Worker(new URL(import.meta.url));
      for (let chunk = chunks.shift(); chunk !== undefined && failed === null; chunk = chunks.shift()) {
        const proof = await answerOf(worker, chunk);
        tally.merge(proof.tally);
        failed ??= proof.failure;
        report();
      }
      await worker.terminate();
    }),
  );

  step.done(`${tally.histories.toLocaleString('en')} played, ${tally.events.toLocaleString('en')} events`);
  say();
  for (const situation of situationNames) {
    const count = tally.reached[situation].toLocaleString('en').padStart(11);
    const times = tally.times[situation].toLocaleString('en').padStart(13);
    say(`${count} histories ${times} times  ${describe(situation)}`);
  }
  if (failed === null) {
    say('\nNo promise was broken.');
    return;
  }
  say('\nA promise was broken. The smallest history that shows it:');
  say(JSON.stringify(failed, null, 2));
  process.exitCode = 1;
}

/** A worker plays one chunk at a time. */
function answerOf(worker: Worker, chunk: Chunk): Promise<Proof> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (proof: Proof) => {
      worker.off('error', reject);
      resolve(proof);
    });
    worker.postMessage(chunk);
  });
}

/** Five runs each: the fewest, the median and the most. */
function countMutants(seed: number): void {
  for (const mutant of mutants) {
    const counts: number[] = [];
    const step = startStep('mutant');
    for (let i = 0; i < 5; i++) {
      step.update(i / 5, mutant.name);
      const found = historiesUntil(mutant, { histories: 20_000, seed: seed + i });
      counts.push(found?.histories ?? Number.POSITIVE_INFINITY);
    }
    counts.sort((a, b) => a - b);
    step.done(`${mutant.name}: ${counts.join(', ')} (${mutant.breaks.join(', ')})`);
    if (counts.includes(Number.POSITIVE_INFINITY)) process.exitCode = 1;
  }
}
