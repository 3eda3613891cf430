/**
 * The invisible mark through the real thing: woven in by finishing, encoded by its encoder, attacked with real codecs and filters, read
 * again. A slice of `npm run bench:watermark`, small enough for every check.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEmbedder,
  detectFrames,
  type LumaFrame,
  lumaFromRgba,
  watermarkAlgorithm,
} from '../../core/watermark/index.ts';
import { KeyStream } from '../../core/watermark/keystream.ts';
import type { FrameOutput } from '../../gpu-backend/src/engines/engine.ts';
import { finish } from '../../gpu-backend/src/finishing/finish.ts';
import { attacks, screenshots } from '../bench/watermark/attacks.ts';
import { asPicture } from '../bench/watermark/measure.ts';
import { decode, decodeFile, encode, filter, lumaOf, rgbaOf } from '../bench/watermark/media.ts';
import { meanSquare, psnr, ssim } from '../bench/watermark/quality.ts';
import { testOutput } from '../support/test-engine.ts';

const [width, height, frameCount] = [640, 360, 30];
const key = new Uint8Array(32).map((_, i) => (i * 37 + 11) & 255);
const id = '0badc0ffee';

/** Hills, a sky and grain that drifts: something of everything, drawn the same every time. */
function* scene(): Generator<Uint8ClampedArray> {
  const draw = new KeyStream(new Uint8Array(32), 'scene');
  const grain = createCanvas(256, 256);
  const dots = grain.getContext('2d').createImageData(256, 256);
  for (let i = 0; i < 256 * 256; i++) {
    dots.data[4 * i + 3] = draw.below(90);
    for (let c = 0; c < 3; c++) dots.data[4 * i + c] = draw.below(2) * 255;
  }
  grain.getContext('2d').putImageData(dots, 0, 0);
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  for (let t = 0; t < frameCount; t++) {
    const sky = pen.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, '#27436e');
    sky.addColorStop(1, '#e8b98a');
    pen.fillStyle = sky;
    pen.fillRect(0, 0, width, height);
    for (let hill = 0; hill < 3; hill++) {
      pen.fillStyle = ['#6d7f6a', '#4f6b4a', '#39522f'][hill] ?? '#000';
      pen.beginPath();
      pen.moveTo(0, height);
      for (let x = 0; x <= width; x += 8)
        pen.lineTo(x, height * (0.45 + 0.16 * hill) + 26 * Math.sin((x + t * (2 + hill)) / (38 + 21 * hill)));
      pen.lineTo(width, height);
      pen.fill();
    }
    for (let x = -((t * 3) % 256); x < width; x += 256) pen.drawImage(grain, x, height * 0.55);
    pen.fillStyle = '#d2403a';
    pen.beginPath();
    pen.arc(60 + t * 14, 120 + 60 * Math.abs(Math.sin(t / 5)), 26, 0, 7);
    pen.fill();
    yield new Uint8ClampedArray(canvas.data());
  }
}

function output(): FrameOutput {
  async function* frames(): AsyncGenerator<Uint8ClampedArray> {
    yield* scene();
  }
  return { ...testOutput(frameCount / 30, width, height), frames: frames() };
}

/** Every third frame of a file, or of what an attack leaves of it. */
async function framesOf(path: string, attackName: string | null): Promise<LumaFrame[]> {
  const attack = attacks.find(({ name }) => name === attackName);
  if (attackName !== null && !attack?.encoder) throw new Error(`no attack ${attackName}`);
  const delivered = decodeFile(path, 0, frameCount);
  const frames = attack?.encoder
    ? decode(
        await encode(filter(delivered, attack.filter?.({ width, height }) ?? null, 30), attack.encoder, 30),
      )
    : delivered;
  const kept: LumaFrame[] = [];
  let index = 0;
  for await (const frame of frames) {
    if (index++ % 3 === 0) kept.push(lumaOf(frame));
    frame.free();
  }
  return kept;
}

let folder: string;
const files = { marked: '', plain: '' };
let poster: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinora-watermark-'));
  for (const name of ['marked', 'plain'] as const) {
    const outDir = await mkdtemp(join(folder, `${name}-`));
    const media = await finish(output(), {
      handle: 'ada',
      outDir,
      signal: new AbortController().signal,
      watermark: name === 'marked' ? { id, key } : null,
      report: () => {},
    });
    files[name] = media.files['video.mp4'];
    if (name === 'plain') continue;
    const image = await loadImage(media.files['poster.jpg']);
    const canvas = createCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    poster = new Uint8Array(canvas.data());
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a finished clip', () => {
  test('says its identifier, from one frame and without a search', async () => {
    const [frame] = await framesOf(files.marked, null);
    const found = await detectFrames(frame ? [frame] : [], key, { effort: 'first' });
    expect(found).toMatchObject({ id, frames: 1, pose: { mirrored: false } });
    expect(found?.confidence).toBeGreaterThan(0.45);
  });

  test('so does its poster', async () => {
    const found = await detectFrames([lumaFromRgba(poster, width, height)], key, { effort: 'first' });
    expect(found?.id).toBe(id);
  });

  for (const attack of ['H.264 CRF 33', 'mirror', 'letterbox', 'squeezed to 1:1']) {
    test(`still does after: ${attack}`, async () => {
      const found = await detectFrames(await framesOf(files.marked, attack), key, { effort: 'first' });
      expect(found?.id).toBe(id);
      expect(found?.pose.mirrored).toBe(attack === 'mirror');
    });
  }

  test('a search finds it in a crop, and where the crop was', async () => {
    const found = await detectFrames(await framesOf(files.marked, 'crop width to 75 %'), key, {
      effort: 'deep',
    });
    expect(found?.id).toBe(id);
    const [a = 0, , c = 0, , e = 0, f = 0] = found?.pose.transform ?? [];
    // Three quarters from a tenth on: x → (x − .1) / .75
    for (const [value, expected] of [
      [a, 1 / 0.75],
      [c, -0.1 / 0.75],
      [e, 1],
      [f, 0],
    ] as const)
      expect(Math.abs(value - expected)).toBeLessThan(0.03);
  });

  test('one screenshot as a poor JPEG is enough', async () => {
    const shot = screenshots.find(({ name }) => name === 'JPEG q50');
    for await (const frame of filter(decodeFile(files.marked, 12, 1), 'format=rgba', 30)) {
      const pixels = await asPicture(rgbaOf(frame), width, height, shot?.quality ?? null);
      const found = await detectFrames([lumaFromRgba(new Uint8Array(pixels), width, height)], key, {
        effort: 'first',
      });
      expect(found?.id).toBe(id);
      frame.free();
    }
  });

  test('says nothing to another key', async () => {
    const other = key.slice().reverse();
    expect(await detectFrames(await framesOf(files.marked, null), other, { effort: 'first' })).toBeNull();
  });
});

describe('a clip without the mark', () => {
  test('is never taken for one of ours, whatever the key', async () => {
    const frames = await framesOf(files.plain, null);
    const draw = new KeyStream(key, 'unmarked');
    for (const frame of frames) {
      for (let round = 0; round < 4; round++) {
        const drawn = new Uint8Array(32).map(() => draw.below(256));
        expect(await detectFrames([frame], drawn, { effort: 'first' })).toBeNull();
      }
    }
    expect(await detectFrames(frames.slice(0, 1), key, { effort: 'deep' })).toBeNull();
  });
});

describe('embedding', () => {
  test('keeps above 42 dB and SSIM .99 and leaves opacity alone', () => {
    const embedder = createEmbedder(key, id, { width, height, fps: 30 });
    let index = 0;
    for (const frame of scene()) {
      if (index >= 4) break;
      const before = lumaFromRgba(frame, width, height).data;
      embedder.embed(frame, index++);
      const after = lumaFromRgba(frame, width, height).data;
      expect(psnr(meanSquare(before, after))).toBeGreaterThan(42);
      expect(ssim(before, after, width, height)).toBeGreaterThan(0.99);
      expect(frame.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    }
    expect(index).toBe(4);
  });

  test('refuses what it cannot do, in words', () => {
    const format = { width, height, fps: 30 };
    expect(() => createEmbedder(key.slice(1), id, format)).toThrow('32 bytes');
    expect(() => createEmbedder(key, 'xyz', format)).toThrow('ten lower-case hex digits');
    expect(() => createEmbedder(key, id, { ...format, width: 20 })).toThrow('cannot carry the mark');
    expect(() => createEmbedder(key, id, format).embed(new Uint8Array(7), 0)).toThrow('7 bytes');
  });
});

test('the algorithm has the name that manifests use', () => {
  expect(watermarkAlgorithm).toBe('app.kinora.ssdct.1');
});
