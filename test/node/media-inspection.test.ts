/**
 * What a node sees in uploads, from lease to report: a real node, the real inspection process, real files. The clip is a sketch that is
 * finished with a mark, so the mark and the fingerprints that come back can be held against those that went in.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  Conversion,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compareFingerprints } from '#core/fingerprint/index.ts';
import { fingerprintsSchema } from '#schemas/fingerprint.ts';
import {
  type InspectionFailure,
  inspectionCompletionSchema,
  mediaReportSchema,
} from '#schemas/inspection.ts';
import { loadEngines } from '../../gpu-backend/src/engines/registry.ts';
import { finish } from '../../gpu-backend/src/finishing/finish.ts';
import { loadOrCreateIdentity } from '../../gpu-backend/src/identity.ts';
import { imageSize } from '../../gpu-backend/src/inspection/core/image-size.ts';
import { readConfig } from '../../gpu-backend/src/node/config.ts';
import type { InspectionResult } from '../../gpu-backend/src/node/inspect-loop.ts';
import { createLog } from '../../gpu-backend/src/node/log.ts';
import { type RunningNode, runNode } from '../../gpu-backend/src/node/run-node.ts';
import { realClock } from '../../gpu-backend/src/node/wait.ts';
import { FakeEdge, testCarrierKey, testSpec } from '../support/fake-edge.ts';
import { scriptedPolicy } from '../support/scripted-policy.ts';
import { testEngine } from '../support/test-engine.ts';

const mark = '5eed5eed07';
let made = '';
let clip: { video: Buffer; fingerprints: unknown };
let dir = '';
let edge: FakeEdge;
let node: RunningNode | undefined;
let lines: string[] = [];
let results: InspectionResult[] = [];

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'kinora-media-made-'));
  const [engine] = (await loadEngines(['sketch'])).engines;
  if (!engine) throw new Error('no sketch engine');
  const { signal } = new AbortController();
  const spec = { ...testSpec, engine: 'sketch', prompt: 'a blue car jumps a ramp on the moon', seconds: 3 };
  const output = await engine.render(spec, { signal, workDir: made, portraits: new Map(), report: () => {} });
  const { files } = await finish(output, {
    handle: 'ada',
    outDir: made,
    signal,
    watermark: { id: mark, key: Buffer.from(testCarrierKey, 'base64') },
    report: () => {},
  });
  clip = {
    video: readFileSync(files['video.mp4']),
    fingerprints: JSON.parse(readFileSync(files['fingerprints.json'], 'utf8')),
  };
}, 120_000);
afterAll(() => rm(made, { recursive: true, force: true }));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinora-media-'));
  const identity = await loadOrCreateIdentity(join(dir, 'node.pem'));
  edge = new FakeEdge({ 'node-1': identity.publicKeyBase64 });
  edge.leaseMs = 200_000;
  lines = [];
  results = [];
  const url = await edge.start();
  const config = readConfig({
    KINORA_URL: url.href,
    KINORA_NODE_ID: 'node-1',
    KINORA_NODE_KEY_FILE: join(dir, 'node.pem'),
    KINORA_NODE_SCRATCH: join(dir, 'scratch'),
    KINORA_NODE_INSPECTIONS: 'on',
  });
  node = await runNode(config, {
    policy: scriptedPolicy,
    engines: [testEngine({ size: { width: 90, height: 160 } })],
    privateKey: identity.privateKey,
    clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms / 10, signal) },
    log: createLog((line) => lines.push(line), false),
    inspections: { onResult: (_inspection, result) => results.push(result) },
  });
});
afterEach(async () => {
  await node?.stop();
  await edge.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Looks at these, one after the other, and gives what was reported of each; null where it failed. */
async function look(...uploads: { bytes: Buffer; mediaType: string; mayPublish?: boolean }[]) {
  const ids = uploads.map(({ bytes, mediaType, mayPublish }) =>
    edge.enqueueUpload(bytes, mediaType, mayPublish),
  );
  await edge.until(() => results.length >= ids.length, 'every upload was looked at', 180_000);
  expect(edge.problems).toEqual([]);
  expect(await readdir(join(dir, 'scratch'))).toEqual([]);
  return ids.map((id) => {
    const done = edge.of('inspections/complete').find(({ jobId }) => jobId === id);
    if (done === undefined) return null;
    return mediaReportSchema.parse(inspectionCompletionSchema.parse(done.json).report);
  });
}

const failures = (): InspectionFailure[] =>
  edge.of('inspections/fail').map(({ json }) => json as InspectionFailure);

async function frameOf(video: Buffer, at: number): Promise<Buffer> {
  const { openRecording } = await import('../../gpu-backend/src/inspection/read-recording.ts');
  const path = join(dir, 'frame-of.mp4');
  await writeFile(path, video);
  const recording = await openRecording(path);
  const picture = await recording?.frameAt(at);
  recording?.close();
  if (!picture) throw new Error('no frame');
  const canvas = createCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  const pixels = context.createImageData(picture.width, picture.height);
  pixels.data.set(picture.data);
  context.putImageData(pixels, 0, 0);
  return canvas.toBuffer('image/png');
}

describe('a clip of ours', () => {
  it('encoded again without its metadata: mark, fingerprint, policy and poster come back, nothing is left or logged', async () => {
    const target = new BufferTarget();
    const input = new Input({ source: new BufferSource(clip.video), formats: ALL_FORMATS });
    const conversion = await Conversion.init({
      input,
      output: new Output({ format: new Mp4OutputFormat(), target }),
      video: { bitrate: 2_000_000, forceTranscode: true },
    });
    await conversion.execute();
    const bytes = Buffer.from(target.buffer ?? new ArrayBuffer());
    const [report] = await look({ bytes, mediaType: 'video/mp4' });
    expect(results).toEqual(['completed']);
    expect(report).toMatchObject({
      probe: { kind: 'video', width: 720, height: 1280, videoCodec: 'avc', audioCodec: 'aac' },
      watermark: { id: mark },
    });
    expect(Math.abs((report?.probe.durationMs ?? 0) - 3000)).toBeLessThan(100);
    if (!report?.fingerprints) throw new Error('no fingerprints');
    const ours = fingerprintsSchema.parse(clip.fingerprints);
    expect(compareFingerprints(report.fingerprints, ours).similarity).toBeGreaterThan(90);
    expect(report.policy?.models.length).toBeGreaterThan(0);
    expect(report.policy?.findings).toEqual([]);
    const poster = edge.of('inspections/poster')[0]?.body ?? Buffer.alloc(0);
    expect(imageSize(poster)).toEqual({ kind: 'jpeg', width: 720, height: 1280 });
    expect(report.poster?.size).toBe(poster.length);
    expect(report.color).toMatch(/^#[0-9a-f]{6}$/);
    expect(lines.join('')).not.toMatch(new RegExp(`${mark}|${report.fingerprints.frames[0]?.views[0]}`));
  }, 240_000);

  it('as one screenshot: a picture with the mark; without the right to publish no poster and no policy', async () => {
    const bytes = await frameOf(clip.video, 1.5);
    const [report] = await look({ bytes, mediaType: 'image/png', mayPublish: false });
    expect(report).toMatchObject({
      probe: { kind: 'image', width: 720, height: 1280, durationMs: null },
      watermark: { id: mark, at: 0 },
      policy: null,
      poster: null,
      color: null,
    });
    expect(report?.fingerprints?.frames).toHaveLength(1);
    expect(edge.of('inspections/poster')).toEqual([]);
  }, 240_000);
});

describe('anything else', () => {
  it('sound alone, a picture without a mark, and files that cannot be looked at', async () => {
    const rate = 16_000;
    const samples = Int16Array.from(
      { length: rate * 3 },
      (_, i) => 9000 * Math.sin((2 * Math.PI * 440 * i) / rate),
    );
    const wav = Buffer.alloc(44);
    wav.write('RIFF', 0);
    wav.writeUInt32LE(36 + samples.byteLength, 4);
    wav.write('WAVEfmt ', 8);
    wav.writeUInt32LE(16, 16);
    wav.writeUInt16LE(1, 20);
    wav.writeUInt16LE(1, 22);
    wav.writeUInt32LE(rate, 24);
    wav.writeUInt32LE(rate * 2, 28);
    wav.writeUInt16LE(2, 32);
    wav.writeUInt16LE(16, 34);
    wav.write('data', 36);
    wav.writeUInt32LE(samples.byteLength, 40);
    const drawn = createCanvas(320, 240);
    const context = drawn.getContext('2d');
    for (let i = 0; i < 60; i++) {
      context.fillStyle = `hsl(${i * 37} 70% ${30 + (i % 5) * 10}%)`;
      context.fillRect((i * 53) % 300, (i * 29) % 220, 60, 40);
    }
    const bomb = Buffer.from(drawn.toBuffer('image/png'));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const reports = await look(
      { bytes: Buffer.concat([wav, Buffer.from(samples.buffer)]), mediaType: 'audio/wav' },
      { bytes: drawn.toBuffer('image/jpeg'), mediaType: 'image/jpeg' },
      { bytes: bomb, mediaType: 'image/png' },
      { bytes: Buffer.from('not a film at all'), mediaType: 'video/mp4' },
      { bytes: clip.video.subarray(0, 3000), mediaType: 'video/mp4' },
    );
    expect(reports[0]).toMatchObject({
      probe: { kind: 'audio', width: null, height: null, videoCodec: null },
      watermark: null,
      policy: null,
    });
    expect(reports[1]).toMatchObject({
      probe: { kind: 'image', width: 320, height: 240 },
      watermark: null,
      policy: { findings: [] },
    });
    expect(await loadImage(edge.of('inspections/poster')[0]?.body ?? Buffer.alloc(0))).toMatchObject({
      width: 320,
    });
    expect(reports.slice(2)).toEqual([null, null, null]);
    expect(failures().map(({ code, retryable }) => [code, retryable])).toEqual(
      Array.from({ length: 3 }, () => ['unreadable_media', false]),
    );
    expect(results).toEqual(['completed', 'completed', 'failed', 'failed', 'failed']);
  }, 240_000);
});

describe('the size of a picture', () => {
  it('is read from its first bytes, whatever comes after, and never from less', () => {
    const canvas = createCanvas(97, 61);
    for (const [kind, bytes] of [
      ['png', canvas.toBuffer('image/png')],
      ['jpeg', canvas.toBuffer('image/jpeg')],
      ['webp', canvas.toBuffer('image/webp')],
    ] as const) {
      expect(imageSize(bytes)).toEqual({ kind, width: 97, height: 61 });
      for (let cut = 0; cut < Math.min(bytes.length, 400); cut++) {
        const size = imageSize(bytes.subarray(0, cut));
        if (size !== null) expect(size).toEqual({ kind, width: 97, height: 61 });
      }
    }
    expect(imageSize(Buffer.from('GIF89a'))).toBeNull();
  });
});
