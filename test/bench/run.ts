/** `npm run bench`: measures and writes docs/benchmarks.md. Loopback only, bounded, stops by itself. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchConsent } from './consent.ts';
import { benchProvenanceSign, provenanceSignSection } from './provenance-sign.ts';
import { benchProvenanceVerify, provenanceVerifySection } from './provenance-verify.ts';
import { benchRender } from './render.ts';
import { benchRequests } from './requests.ts';

const root = join(import.meta.dirname, '../..');
const fixed = (value: number, digits = 1) => value.toFixed(digits);

console.log('requests …');
const requests = await benchRequests();
console.log('consent …');
const consent = await benchConsent(root);
console.log('verifying …');
const verifying = await benchProvenanceVerify();
console.log('signing …');
const signing = await benchProvenanceSign(root);
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

## Consent

Objects in one workerd process, so what is measured is the protocol, not the distance between regions. The yardstick is one call of an
object that has nothing to do, in the same run, turn by turn (${fixed(consent.callMs, 2)} ms); what the request around it takes is subtracted from everything.

| revocation, from the call to its receipt | p50 ms | p99 ms | ratio to one object call |
|---|---|---|---|
${consent.acknowledgements.map((row) => `| gates of ${row.regions} ${row.regions === 1 ? 'region' : 'regions'} acknowledge | ${fixed(row.p50, 2)} | ${fixed(row.p99, 2)} | ${fixed(row.ratio)} |`).join('\n')}

${consent.together.revocations} revocations at once, each acknowledged by nine regions: ${fixed(consent.together.seconds, 2)} s.

| question | p50 ms | ratio to one object call |
|---|---|---|
${consent.checks.map((row) => `| ${row.what} | ${fixed(row.p50, 2)} | ${fixed(row.ratio, 2)} |`).join('\n')}

One revocation of a likeness, acknowledged by nine regions, and a question after it (request included). A clip is its key set here: a
revocation touches no clip.

| clips it is in | revocation ms | question ms |
|---|---|---|
${consent.likeness.map((row) => `| ${row.clips.toLocaleString('en')} | ${fixed(row.revokeMs)} | ${fixed(row.checkMs)} |`).join('\n')}

What a gate holds in memory, in a Node process of its own. An object has 128 MB.

| live revocations | MB | restoring ms | deciding about a clip, µs |
|---|---|---|---|
${consent.memory.map((row) => `| ${row.revocations.toLocaleString('en')} | ${fixed(row.megabytes)} | ${fixed(row.restoreMs, 0)} | ${fixed(row.askMicroseconds)} |`).join('\n')}

${provenanceVerifySection(verifying)}
${provenanceSignSection(signing)}
## Rendering

Sketch engine and finishing (H.264 + AAC, mark, loudness, poster) of ten seconds at 720×1280, start of the process included.

| prompt | seconds | × real time | peak memory MB | file MB |
|---|---|---|---|---|
${render.rows.map((row) => `| ${row.prompt} | ${fixed(row.wallSeconds)} | ${fixed(row.realTime, 2)} | ${fixed(row.peakMegabytes, 0)} | ${fixed(row.fileMegabytes)} |`).join('\n')}
`;
await writeFile(join(root, 'docs/benchmarks.md'), text);
console.log(`\n${text}\nwritten to docs/benchmarks.md`);
process.exit(0);
