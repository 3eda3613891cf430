/** Consent: what a revocation and a question cost, against a bare object call in the same process and run; what a gate weighs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ConsentKey, type Region, regions } from '#schemas/consent.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { timeInTurns } from './measure.ts';
import type { Wish } from './objects/index.ts';

const rounds = 300;
const regionSets: readonly (readonly Region[])[] = [['weur'], ['weur', 'enam', 'apac'], regions];
/** Clips that are asked about together. */
const partSize = 1_000;
const memorySizes = [100_000, 1_000_000] as const;

export interface ConsentBench {
  /** Over what a request without any object call takes. */
  readonly callMs: number;
  readonly acknowledgements: readonly {
    readonly regions: number;
    readonly p50: number;
    readonly p99: number;
    readonly ratio: number;
  }[];
  readonly together: { readonly revocations: number; readonly seconds: number };
  readonly checks: readonly { readonly what: string; readonly p50: number; readonly ratio: number }[];
  readonly likeness: readonly {
    readonly clips: number;
    readonly revokeMs: number;
    readonly checkMs: number;
  }[];
  readonly memory: readonly {
    readonly revocations: number;
    readonly megabytes: number;
    readonly restoreMs: number;
    readonly askMicroseconds: number;
  }[];
}

let ids = 0;
const id = () => (ids++).toString(36).padStart(26, '0');
const clip = (): ConsentKey => `clip:clip_${id()}`;
/** The keys of a clip with one likeness in it. */
const keysOfClip = (cameo: ConsentKey): ConsentKey[] => [
  clip(),
  `account:acc_${id()}`,
  cameo,
  `grant:grant_${id()}`,
];
const newCameo = (): ConsentKey => `cameo:cam_${id()}#1`;

async function expectWish(edge: Edge, wish: Wish, expected: number | null): Promise<void> {
  const send = () =>
    edge.server.getWorker('objects').fetch('/', { method: 'POST', body: JSON.stringify(wish) });
  // A connection that lay idle while this process was busy may be gone; asking and revoking may both be repeated.
  const response = await send().catch(send);
  const answer = await response.text();
  if (response.status !== 200 || answer !== String(expected))
    throw new Error(`expected ${expected}, got ${response.status} ${answer}`);
}

const ask = (edge: Edge, gate: Region, sets: ConsentKey[][], allowed: number) =>
  expectWish(edge, { kind: 'ask', gate: `gate-${gate}-0`, sets, capability: 'serve' }, allowed);

/** The yardstick: an object that has nothing to do. A gate that is asked about nothing is one. */
const bareCall = (edge: Edge) => ask(edge, 'weur', [], 0);

/** A region counts while it is asked. One that is left alone is evicted, and the instance before it would have to be waited for. */
async function takeLeases(edge: Edge, held: readonly Region[]): Promise<void> {
  await Promise.all(held.map((region) => ask(edge, region, [[clip()]], 1)));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Turn by turn with a bare object call; what the request itself takes is subtracted from both. */
async function acknowledge(edge: Edge, held: readonly Region[]) {
  const times = await timeInTurns(
    {
      keepLeases: () => takeLeases(edge, held),
      nothing: () => expectWish(edge, { kind: 'nothing' }, null),
      call: () => bareCall(edge),
      revoke: () => expectWish(edge, { kind: 'revoke', keys: [clip()] }, held.length),
    },
    rounds,
  );
  const call = times.call.p50 - times.nothing.p50;
  const p50 = times.revoke.p50 - times.nothing.p50;
  const p99 = times.revoke.p99 - times.nothing.p50;
  return { call, row: { regions: held.length, p50, p99, ratio: p50 / call } };
}

async function check(edge: Edge): Promise<ConsentBench['checks']> {
  const one = [keysOfClip(newCameo())];
  const page = Array.from({ length: 50 }, () => keysOfClip(newCameo()));
  const times = await timeInTurns(
    {
      keepLeases: () => takeLeases(edge, regions),
      nothing: () => expectWish(edge, { kind: 'nothing' }, null),
      call: () => bareCall(edge),
      one: () => ask(edge, 'weur', one, 1),
      page: () => ask(edge, 'weur', page, 50),
    },
    rounds,
  );
  const over = (name: 'call' | 'one' | 'page') => times[name].p50 - times.nothing.p50;
  const row = (what: string, name: 'call' | 'one' | 'page') => ({
    what,
    p50: over(name),
    ratio: over(name) / over('call'),
  });
  return [
    row('bare object call', 'call'),
    row('gate, one clip (4 keys)', 'one'),
    row('gate, a page of 50 clips (200 keys)', 'page'),
  ];
}

/** A revocation touches no clip, so a clip is its key set here; all of them are asked about before and after. */
async function likeness(edge: Edge, clips: number): Promise<ConsentBench['likeness'][number]> {
  const revokes: number[] = [];
  const checks: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const cameo = newCameo();
    const parts: ConsentKey[][][] = [];
    for (let made = 0; made < clips; made += partSize) {
      const length = Math.min(partSize, clips - made);
      const part = Array.from({ length }, () => keysOfClip(cameo));
      parts.push(part);
      await ask(edge, 'weur', part, length);
      await takeLeases(edge, regions);
    }
    revokes.push(await timed(() => expectWish(edge, { kind: 'revoke', keys: [cameo] }, 9)));
    const [first] = parts[0] ?? [];
    if (first !== undefined) checks.push(await timed(() => ask(edge, 'weur', [first], 0)));
    for (const part of parts) {
      await ask(edge, 'weur', part, 0);
      await takeLeases(edge, regions);
    }
  }
  const median = (samples: number[]) => samples.toSorted((a, b) => a - b)[1] ?? 0;
  return { clips, revokeMs: median(revokes), checkMs: median(checks) };
}

async function weigh(root: string, revocations: number): Promise<ConsentBench['memory'][number]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', 'test/bench/gate-memory.ts', String(revocations)],
    { cwd: root },
  );
  const { bytes, restoreMs, askMicroseconds } = JSON.parse(stdout) as Record<string, number>;
  return {
    revocations,
    megabytes: (bytes ?? Number.NaN) / 1e6,
    restoreMs: restoreMs ?? Number.NaN,
    askMicroseconds: askMicroseconds ?? Number.NaN,
  };
}

export async function benchConsent(root: string): Promise<ConsentBench> {
  // Long leases, so that a slow moment of the machine is not measured as an expiry.
  const edge = await startEdge({ CONSENT_LEASE_MS: '60000' }, ['test/bench/objects/wrangler.toml']);
  try {
    const acknowledged = [];
    for (const held of regionSets) acknowledged.push(await acknowledge(edge, held));
    const many = Array.from({ length: 1_000 }, clip);
    await takeLeases(edge, regions);
    const together = await timed(() => expectWish(edge, { kind: 'revoke', keys: many }, 9));
    const checks = await check(edge);
    const rows = [];
    for (const clips of [1, 1_000, 100_000]) rows.push(await likeness(edge, clips));
    const memory = [];
    for (const size of memorySizes) memory.push(await weigh(root, size));
    return {
      callMs: acknowledged.at(-1)?.call ?? Number.NaN,
      acknowledgements: acknowledged.map(({ row }) => row),
      together: { revocations: many.length, seconds: together / 1000 },
      checks,
      likeness: rows,
      memory,
    };
  } finally {
    await edge.stop();
  }
}
