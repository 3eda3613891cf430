/** What finishing promises whatever the engine: one playable file, in sync, at one loudness, marked, or a clear refusal. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import {
  ALL_FORMATS,
  AudioSampleSink,
  EncodedPacketSink,
  FilePathSource,
  Input,
  VideoSampleSink,
} from 'mediabunny';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FrameOutput } from '../../gpu-backend/src/engines/engine.ts';
import { EngineError } from '../../gpu-backend/src/engines/engine-error.ts';
import { toWebVtt } from '../../gpu-backend/src/finishing/captions.ts';
import { type FinishOptions, finish } from '../../gpu-backend/src/finishing/finish.ts';
import { measureLoudness, normalizeLoudness } from '../../gpu-backend/src/finishing/loudness.ts';
import { VisibleMark } from '../../gpu-backend/src/finishing/mark.ts';
import { testOutput } from '../support/test-engine.ts';

let outDir: string;
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'kinora-finishing-'));
});
afterEach(() => rm(outDir, { recursive: true, force: true }));

const [width, height] = [180, 320];
const options = (extra: Partial<FinishOptions> = {}): FinishOptions => ({
  handle: 'ada',
  outDir,
  signal: new AbortController().signal,
  report: () => {},
  ...extra,
});
const input = (path: string): Input => new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });

async function decodeAudio(path: string): Promise<Float32Array> {
  const track = await input(path).getPrimaryAudioTrack();
  if (!track) throw new Error('no sound');
  const left: number[] = [];
  for await (const sample of new AudioSampleSink(track).samples(0)) {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
    // What lies before zero is the encoder's priming, hidden by the edit list.
    left.push(...plane.subarray(Math.max(0, Math.round(-sample.timestamp * 48_000))));
    sample.close();
  }
  return Float32Array.from(left);
}

async function decodeFrame(path: string, seconds: number): Promise<Uint8Array> {
  const track = await input(path).getPrimaryVideoTrack();
  if (!track) throw new Error('no picture');
  const sample = await new VideoSampleSink(track).getSample(seconds);
  if (!sample) throw new Error('no frame');
  const pixels = new Uint8Array(sample.allocationSize({ format: 'RGBA' }));
  await sample.copyTo(pixels, { format: 'RGBA' });
  sample.close();
  return pixels;
}

/** Black with one white frame, silence with one click at the same moment. */
function flash(frameCount: number, at: number, posterFrame = at): FrameOutput {
  const base = testOutput(1, width, height);
  return {
    ...base,
    frameCount,
    report: { ...base.report, posterFrame },
    frames: (async function* () {
      for (let i = 0; i < frameCount; i++)
        yield new Uint8ClampedArray(width * height * 4)
          .fill(i === at ? 255 : 0)
          .map((v, k) => (k % 4 === 3 ? 255 : v));
    })(),
    audio: {
      sampleRate: 48_000,
      blocks: (async function* () {
        const samples = new Float32Array(frameCount * 1600 * 2);
        for (let i = 0; i < 2400; i++)
          samples.fill(
            Math.sin(i * 0.4) * 0.6 * (1 - i / 2400),
            2 * (at * 1600 + i),
            2 * (at * 1600 + i) + 2,
          );
        yield samples;
      })(),
    },
  };
}

describe('the file', () => {
  it('is one H.264 + AAC MP4 that can start before it has arrived, with both tracks as long as asked', async () => {
    const progress: number[] = [];
    const media = await finish(
      testOutput(2.5, width, height),
      options({ report: (stage, p) => stage === 'encoding' && progress.push(p) }),
    );
    expect(media).toMatchObject({ width, height, durationMs: 2500 });
    const bytes = await readFile(media.files['video.mp4']);
    const boxes: string[] = [];
    for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
      boxes.push(bytes.toString('latin1', at + 4, at + 8));
    expect(boxes).toEqual(['ftyp', 'moov', 'mdat']);
    const file = input(media.files['video.mp4']);
    const [video, audio] = [await file.getPrimaryVideoTrack(), await file.getPrimaryAudioTrack()];
    expect([await video?.getCodec(), await audio?.getCodec()]).toEqual(['avc', 'aac']);
    expect(await video?.getDisplayWidth()).toBe(width);
    expect(await audio?.getSampleRate()).toBe(48_000);
    expect(await audio?.getNumberOfChannels()).toBe(2);
    for (const track of [video, audio])
      expect(Math.abs(((await track?.computeDuration()) ?? 0) - 2.5)).toBeLessThan(0.03);
    expect(await video?.getFirstTimestamp()).toBe(0);
    const color = await video?.getColorSpace();
    expect(color).toMatchObject({ primaries: 'bt709', matrix: 'bt709', transfer: 'bt709', fullRange: false });
    expect(progress.at(-1)).toBe(1);
    expect(progress.every((p, i) => i === 0 || p > (progress[i - 1] ?? 0))).toBe(true);
  });

  it('can be entered at any second', async () => {
    const media = await finish(testOutput(3.2, width, height), options());
    const video = await input(media.files['video.mp4']).getPrimaryVideoTrack();
    if (!video) throw new Error('no picture');
    const keys: number[] = [];
    for await (const packet of new EncodedPacketSink(video).packets())
      if (packet.type === 'key') keys.push(packet.timestamp);
    expect(keys[0]).toBe(0);
    for (const [i, time] of keys.entries()) expect((keys[i + 1] ?? 3.2) - time).toBeLessThanOrEqual(1.001);
  });

  it('keeps sound on its frame', async () => {
    const at = 37;
    const media = await finish(flash(60, at), options());
    const sound = await decodeAudio(media.files['video.mp4']);
    const first = sound.findIndex((x) => Math.abs(x) > 0.12);
    expect(Math.abs(first / 48_000 - at / 30)).toBeLessThan(0.005);
    const middle = (height / 2) * width * 4;
    expect((await decodeFrame(media.files['video.mp4'], (at - 0.5) / 30))[middle]).toBeLessThan(40);
    expect((await decodeFrame(media.files['video.mp4'], (at + 0.5) / 30))[middle]).toBeGreaterThan(215);
    const poster = await loadImage(media.files['poster.jpg']);
    expect([poster.width, poster.height]).toEqual([width, height]);
    expect(Number.parseInt(media.color.slice(1, 3), 16)).toBeGreaterThan(230);
  });

  it('keeps colours', async () => {
    const rgb = [200, 40, 30] as const;
    const base = testOutput(0.5, width, height);
    const frame = new Uint8ClampedArray(width * height * 4).map((_, i) => rgb[i % 4] ?? 255);
    const frames = (async function* () {
      for (let i = 0; i < base.frameCount; i++) yield frame;
    })();
    const media = await finish({ ...base, frames }, options());
    const track = await input(media.files['video.mp4']).getPrimaryVideoTrack();
    const sample = track && (await new VideoSampleSink(track).getSample(0.2));
    if (!sample) throw new Error('no frame');
    const planes = new Uint8Array(sample.allocationSize());
    const layout = await sample.copyTo(planes);
    // BT.709 in limited range, worked out by hand from (200, 40, 30).
    const expected = [79, 107, 199];
    for (const [plane, value] of expected.entries()) {
      const { offset, stride } = layout[plane] ?? { offset: 0, stride: 0 };
      const row = plane === 0 ? height / 2 : height / 4;
      expect(Math.abs((planes[offset + row * stride + 20] ?? 0) - value)).toBeLessThanOrEqual(3);
    }
    sample.close();
    const again = await finish(
      { kind: 'file', path: media.files['video.mp4'], report: base.report },
      options({ outDir: await mkdtemp(join(outDir, 'again-')) }),
    );
    for (const c of [1, 3, 5]) {
      expect(
        Math.abs(
          Number.parseInt(again.color.slice(c, c + 2), 16) - Number.parseInt(media.color.slice(c, c + 2), 16),
        ),
      ).toBeLessThan(6);
    }
    expect(media.color).toMatch(/^#(c[0-9a-f])(2[0-9a-f])(2|1)/);
  });

  it('finishes a file that an engine encoded for itself: same path, same checks', async () => {
    const engineDir = await mkdtemp(join(tmpdir(), 'kinora-engine-'));
    try {
      const { report } = testOutput(1, width, height);
      const made = await finish(flash(60, 30), options({ outDir: engineDir }));
      const path = made.files['video.mp4'];
      const media = await finish({ kind: 'file', path, report }, options());
      expect(media).toMatchObject({ width, height, durationMs: 2000 });
      expect(Math.abs(media.loudness - made.loudness)).toBeLessThan(1);
      const sound = await decodeAudio(media.files['video.mp4']);
      expect(Math.abs(sound.findIndex((x) => Math.abs(x) > 0.12) / 48_000 - 1)).toBeLessThan(0.01);
      const [a, b] = [await decodeFrame(path, 1.01), await decodeFrame(media.files['video.mp4'], 1.01)];
      expect(b[(height / 2) * width * 4]).toBeGreaterThan(200);
      expect(b.length).toBe(a.length);
    } finally {
      await rm(engineDir, { recursive: true, force: true });
    }
  });
});

describe('loudness', () => {
  const tone = (seconds: number, gain: number): Float32Array =>
    Float32Array.from(
      { length: seconds * 96_000 },
      (_, i) => gain * Math.sin((2 * Math.PI * 997 * Math.floor(i / 2)) / 48_000),
    );

  it('measures the reference tone of the standard: 997 Hz at 0 dBFS in both channels is −0.0 LUFS (BS.1770, annex 1: −3.01 in one)', async () => {
    expect((await measureLoudness(tone(4, 1))).integrated).toBeCloseTo(0, 0);
    expect((await measureLoudness(tone(4, 0.1))).integrated).toBeCloseTo(-20, 0);
  });

  it.each([
    ['soft', 0.02],
    ['loud', 0.95],
  ])('brings a %s clip to −14 LUFS under −1 dBTP, nothing moved', async (_name, gain) => {
    const samples = Float32Array.from({ length: 480_000 }, (_, i) => {
      const frame = Math.floor(i / 2);
      const into = frame % 24_000;
      return (
        gain *
        (0.4 * Math.sin(frame * 0.031) * Math.sin(frame * 0.0007) +
          (into < 600 ? Math.sin(into * 0.5) * (1 - into / 600) : 0))
      );
    });
    const { samples: out, loudness } = await normalizeLoudness(samples);
    expect(out.length).toBe(samples.length);
    expect(Math.abs(loudness.integrated + 14)).toBeLessThan(0.5);
    expect(loudness.truePeak).toBeLessThan(-1);
    const onset = (s: Float32Array): number =>
      s.findIndex(
        (x, i) =>
          i > 47_900 &&
          i < 96_000 &&
          Math.abs(x) > 0.5 * s.subarray(48_000, 49_200).reduce((m, y) => Math.max(m, Math.abs(y)), 0),
      );
    expect(Math.abs(onset(out) - onset(samples))).toBeLessThan(96);
  });

  it('leaves silence silent', async () => {
    const media = await finish(
      {
        ...flash(30, 3),
        audio: {
          sampleRate: 48_000,
          blocks: (async function* () {
            yield new Float32Array(96_000);
          })(),
        },
      },
      options(),
    );
    expect(media.loudness).toBe(-70);
    expect((await decodeAudio(media.files['video.mp4'])).every((x) => Math.abs(x) < 1e-4)).toBe(true);
  });

  const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
  it.skipIf(!ffmpeg)('agrees with an independent meter on the finished file', async () => {
    const media = await finish(testOutput(4, width, height), options());
    const run = spawnSync(
      'ffmpeg',
      ['-hide_banner', '-i', media.files['video.mp4'], '-af', 'ebur128=peak=true', '-f', 'null', '-'],
      { encoding: 'utf8' },
    );
    const integrated = Number([...run.stderr.matchAll(/I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
    const peak = Number([...run.stderr.matchAll(/Peak:\s+(-?[\d.]+) dBFS/g)].at(-1)?.[1]);
    expect(Math.abs(integrated + 14)).toBeLessThan(0.6);
    expect(Math.abs(integrated - media.loudness)).toBeLessThan(0.3);
    expect(peak).toBeLessThanOrEqual(-1);
  });
});

describe('the visible mark', () => {
  const changed = (seconds: number): { x: number; y: number; pixels: number } => {
    const pixels = new Uint8Array(720 * 1280 * 4).fill(128);
    new VisibleMark(720, 1280, 'ada').draw(pixels, seconds);
    let [x, y, count] = [0, 0, 0];
    pixels.forEach((value, i) => {
      if (value === 128 || i % 4 === 3) return;
      x += (i / 4) % 720;
      y += Math.floor(i / 4 / 720);
      count++;
    });
    return { x: x / count / 720, y: y / count / 1280, pixels: count };
  };

  it('is in every frame, small, and visits all four corners', () => {
    const places = [1.5, 4.5, 8, 11].map(changed);
    for (const { pixels } of places) expect(pixels).toBeGreaterThan(2000);
    for (const { pixels } of places) expect(pixels).toBeLessThan(720 * 1280 * 3 * 0.02);
    const corners = new Set(
      places.map(({ x, y }) => `${x > 0.5 ? 'right' : 'left'} ${y > 0.5 ? 'bottom' : 'top'}`),
    );
    expect(corners.size).toBe(4);
    for (let t = 0; t < 14; t += 0.25) expect(changed(t).pixels).toBeGreaterThan(1000);
  });

  it('fits the picture whatever the handle', () => {
    for (const handle of ['', 'a', 'm'.repeat(60), '日本語', 'Zoë']) {
      const pixels = new Uint8Array(320 * 180 * 4);
      new VisibleMark(320, 180, handle).draw(pixels, 3.4);
      expect(pixels.some((v) => v > 0)).toBe(true);
    }
  });
});

describe('captions', () => {
  it('are WebVTT in which text stays text', () => {
    const file = toWebVtt(
      [
        { start: 61.5, end: 65, text: 'late & <b>bold</b>' },
        { start: -1, end: 2, text: 'a\n\n00:01 --> 00:02\nb' },
        { start: 3, end: 3, text: 'never' },
        { start: 80, end: 90, text: 'after' },
      ],
      70,
    );
    expect(file).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\na 00:01 --&gt; 00:02 b\n\n00:01:01.500 --> 00:01:05.000\nlate &amp; &lt;b&gt;bold&lt;/b&gt;\n',
    );
    expect(toWebVtt([], 10)).toBeUndefined();
    expect(
      Buffer.byteLength(
        toWebVtt(
          Array.from({ length: 9000 }, (_, i) => ({ start: 0, end: 1, text: `line ${i}` })),
          2,
        ) ?? '',
      ),
    ).toBeLessThanOrEqual(65_536);
  });
});

describe('an engine that breaks its word', () => {
  const good = () => testOutput(1, width, height);
  const sound = (...blocks: Float32Array[]) => ({
    sampleRate: 48_000 as const,
    blocks: (async function* () {
      yield* blocks;
    })(),
  });
  const cases: readonly [string, string, () => FrameOutput][] = [
    ['returns no sound', 'audio_missing', () => ({ ...good(), audio: sound() })],
    [
      'returns half of the sound',
      'output_invalid',
      () => ({ ...good(), audio: sound(new Float32Array(48_000)) }),
    ],
    [
      'returns sound that is no number',
      'output_invalid',
      () => ({ ...good(), audio: sound(new Float32Array(96_000).fill(Number.NaN)) }),
    ],
    [
      'draws fewer frames',
      'output_invalid',
      () => ({ ...good(), frames: testOutput(0.5, width, height).frames }),
    ],
    [
      'draws more frames',
      'output_invalid',
      () => ({ ...good(), frames: testOutput(2, width, height).frames }),
    ],
    ['draws another size', 'output_invalid', () => ({ ...good(), frames: testOutput(1, 64, 64).frames })],
    ['announces nothing', 'output_invalid', () => ({ ...good(), frameCount: 0 })],
    ['announces odd sizes', 'output_invalid', () => ({ ...good(), width: 181 })],
  ];
  it.each(cases)('%s: %s', async (_name, code, output) => {
    const error = await finish(output(), options()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code });
    expect(await readdir(outDir)).not.toContain('poster.jpg');
  });

  it.each([
    ['no file', undefined],
    ['garbage', Buffer.from('this is not a video at all')],
  ])('returns %s', async (_name, bytes) => {
    const path = join(outDir, 'engine.mp4');
    if (bytes) await writeFile(path, bytes);
    await expect(finish({ kind: 'file', path, report: good().report }, options())).rejects.toMatchObject({
      code: 'output_invalid',
    });
  });

  it('throws in the middle: its own error comes out', async () => {
    const output = testOutput(1, width, height, (index) => {
      if (index === 12) throw new EngineError('engine_refused', 'Not this one.');
    });
    await expect(finish(output, options())).rejects.toMatchObject({
      code: 'engine_refused',
      message: 'Not this one.',
    });
  });
});

describe('aborting', () => {
  it('stops within a frame, also when the engine hangs', async () => {
    for (const hang of [false, true]) {
      const abort = new AbortController();
      let drawn = 0;
      const output = testOutput(10, width, height, (index) => {
        drawn = index;
        if (index === 5) abort.abort(new Error('not needed any more'));
        return hang && index === 5 ? new Promise<void>(() => {}) : undefined;
      });
      await expect(finish(output, options({ signal: abort.signal }))).rejects.toThrow('not needed any more');
      expect(drawn).toBeLessThanOrEqual(6);
    }
  });

  it('never pulls ahead of the encoder', async () => {
    let drawn = -1;
    let widest = 0;
    let encoded = 0;
    await finish(
      testOutput(2, width, height, (index) => {
        drawn = index;
        widest = Math.max(widest, drawn - encoded);
      }),
      options({
        report: (_stage, p) => {
          encoded = Math.round(p * 60);
        },
      }),
    );
    expect(drawn).toBe(59);
    expect(widest).toBeLessThanOrEqual(1);
  });
});
