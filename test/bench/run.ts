/** `npm run bench`: measures and writes docs/benchmarks.md. Loopback only, bounded, stops by itself. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchRender } from './render.ts';
import { benchRequests } from './requests.ts';

const root = join(import.meta.dirname, '../..');
const fixed = (value: number, digits = 1) => value.toFixed(digits);

console.log('requests …');
const requests = await benchRequests();
console.log('rendering …');
const render = await benchRender(root);

const text = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}.
Absolute times belong to that machine; the ratios are what to compare.

## Requests

Whole edge on workerd (session, gate, objects, D1, R2) against a bare Hono route with as many bytes in the same process and run, turn by
turn, ${requests.clips} published clips in the pool.

| request | p50 ms | p95 ms | ratio to bare |
|---|---|---|---|
${requests.rows.map((row) => `| ${row.what} | ${fixed(row.p50, 2)} | ${fixed(row.p95, 2)} | ${fixed(row.ratio)} |`).join('\n')}

## Rendering

Sketch engine and finishing (H.264 + AAC, mark, loudness, poster) of ten seconds at 720×1280, start of the process included.

| prompt | seconds | × real time | peak memory MB | file MB |
|---|---|---|---|---|
${render.rows.map((row) => `| ${row.prompt} | ${fixed(row.wallSeconds)} | ${fixed(row.realTime, 2)} | ${fixed(row.peakMegabytes, 0)} | ${fixed(row.fileMegabytes)} |`).join('\n')}
`;
await writeFile(join(root, 'docs/benchmarks.md'), text);
console.log(`\n${text}\nwritten to docs/benchmarks.md`);
process.exit(0);
