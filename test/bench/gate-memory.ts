/**
 * Memory and speed of one gate's machine in a process of its own (`node --expose-gc`): prints JSON. Keys are as long as real ones and
 * each is its own string, as when they come out of SQLite.
 */
import { createGate } from '#durable-objects/region-gate/core/gate-machine.ts';
import { type ConsentKey, capabilities } from '#schemas/consent.ts';

const count = Number(process.argv[2]);
const shard = 'log-0';
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run with --expose-gc');

const key = (n: number): ConsentKey =>
  JSON.parse(`"clip:clip_${n.toString(36).padStart(26, '0')}"`) as ConsentKey;
function* entries() {
  for (let n = 1; n <= count; n += 1)
    yield { position: n, key: key(n), denies: capabilities.slice(0, 1 + (n % 5)), lifts: null };
}

const gate = createGate([shard]);
collect();
const before = process.memoryUsage().heapUsed;
const started = performance.now();
gate.restore(shard, entries(), count);
const restoreMs = performance.now() - started;
collect();
const bytes = process.memoryUsage().heapUsed - before;

gate.renewed(shard, { sentAt: 0, leaseMs: 10_000, entries: [], from: 0, position: count }, 0);
const sets = Array.from({ length: 1_000 }, (_, i) => [key(count + i), key(count + 2 * i), key(1 + i)]);
const asked = performance.now();
const verdict = gate.ask(sets, 'serve', 0);
const askMicroseconds = ((performance.now() - asked) * 1000) / sets.length;
if (!verdict.available || verdict.decisions.some(({ allowed }) => allowed)) throw new Error('wrong answer');
console.log(JSON.stringify({ bytes, restoreMs, askMicroseconds }));
