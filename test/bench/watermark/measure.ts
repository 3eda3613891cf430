/**
 * One clip through everything: marked as finishing marks it, encoded with finishing's own encoder, attacked, read. Called by run.ts.
 */
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas';
import { detectFrames } from '../../../core/watermark/detect.ts';
import { type LumaFrame, lumaFromRgba } from '../../../core/watermark/frame.ts';
import { createEmbedder } from '../../../core/watermark/index.ts';
import { VideoEncoder } from '../../../gpu-backend/src/finishing/video-encoder.ts';
import type { Attack, Screenshot } from './attacks.ts';
import { decode, encode, filter, lumaOf, rgbaOf, type Stream } from './media.ts';
import { meanSquare, psnr, ssim } from './quality.ts';
import type { Source } from './sources.ts';

export interface Marked {
  readonly source: Source;
  readonly delivery: Stream;
  /** Luma of the marked frames against the frames before, decibels and mean. */
  readonly psnr: number;
  readonly ssim: number;
  readonly worstPsnr: number;
  /** Median processor time of a frame. */
  readonly embedMilliseconds: number;
  readonly kilobits: number;
}

/** Processor time of this thread, so that what else a machine does is not measured. */
export function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Marks and encodes; `id` null encodes the clip as it is. */
export async function deliver(source: Source, key: Uint8Array, id: string | null): Promise<Marked> {
  const { width, height, fps } = source;
  const encoder = await VideoEncoder.open({ width, height, fps });
  const embedder = id === null ? null : createEmbedder(key, id, { width, height, fps });
  const packets: Uint8Array[] = [];
  let index = 0;
  let squares = 0;
  let worst = 0;
  let similar = 0;
  let compared = 0;
  const times: number[] = [];
  for await (const frame of source.frames()) {
    const pixels = encoder.pixels();
    pixels.set(frame);
    if (embedder) {
      const started = threadMilliseconds();
      embedder.embed(pixels, index);
      times.push(threadMilliseconds() - started);
      const before = lumaFromRgba(frame, width, height).data;
      const after = lumaFromRgba(pixels, width, height).data;
      const mse = meanSquare(before, after);
      squares += mse;
      worst = Math.max(worst, mse);
      if (index % 6 === 0) {
        similar += ssim(before, after, width, height);
        compared += 1;
      }
    }
    for await (const packet of encoder.encode(index)) packets.push(packet.data);
    index += 1;
  }
  for await (const packet of encoder.flush()) packets.push(packet.data);
  encoder.close();
  times.sort((a, b) => a - b);
  const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
  return {
    source,
    delivery: { codec: 'h264', fps, packets },
    psnr: psnr(squares / index),
    worstPsnr: psnr(worst),
    ssim: similar / compared,
    embedMilliseconds: times[Math.floor(times.length / 2)] ?? 0,
    kilobits: (bytes * 8) / 1000 / (index / fps),
  };
}

export type Verdict = 'right' | 'missed' | 'wrong';

export interface AttackResult {
  readonly clip: string;
  readonly attack: string;
  readonly whole: Verdict;
  readonly twoSeconds: Verdict;
  /** One frame each: how many were right, of how many. */
  readonly frames: { readonly right: number; readonly wrong: number; readonly of: number };
  /** How long the reading of the whole clip took. */
  readonly milliseconds: number;
  readonly confidence: number;
}

async function verdict(
  frames: Iterable<LumaFrame>,
  key: Uint8Array,
  id: string,
  effort: 'first' | 'deep' = 'deep',
): Promise<{ verdict: Verdict; confidence: number }> {
  const found = await detectFrames(frames, key, { effort });
  return {
    verdict: found === null ? 'missed' : found.id === id ? 'right' : 'wrong',
    confidence: found?.confidence ?? 0,
  };
}

/** @param singles how many frames are also tried alone, spread over the clip */
export async function attackClip(
  { source, delivery }: Marked,
  attack: Attack,
  key: Uint8Array,
  id: string,
  singles: number,
): Promise<AttackResult> {
  const fps = attack.fps ?? source.fps;
  const description = attack.filter?.(source) ?? null;
  const changed = filter(decode(delivery), description, source.fps);
  const attacked = attack.encoder ? decode(await encode(changed, attack.encoder, fps)) : changed;
  const frames: LumaFrame[] = [];
  for await (const frame of attacked) {
    frames.push(lumaOf(frame));
    frame.free();
  }
  const started = threadMilliseconds();
  const whole = await verdict(frames, key, id);
  const milliseconds = threadMilliseconds() - started;
  const from = Math.floor((frames.length - 2 * fps) / 2);
  // The first look is after one frame: when that is right, longer pieces that begin there are as well.
  const two = await verdict(frames.slice(Math.max(0, from), Math.max(0, from) + 2 * fps), key, id);
  const tried = Array.from(
    { length: singles },
    (_, i) => frames[Math.floor(((i + 0.5) * frames.length) / singles)],
  );
  const counts = { right: 0, wrong: 0, of: 0 };
  for (const frame of tried) {
    if (!frame) continue;
    const { verdict: one } = await verdict([frame], key, id);
    counts.of += 1;
    if (one === 'right') counts.right += 1;
    if (one === 'wrong') counts.wrong += 1;
  }
  return {
    clip: source.name,
    attack: attack.name,
    whole: whole.verdict,
    twoSeconds: two.verdict,
    frames: counts,
    milliseconds,
    confidence: whole.confidence,
  };
}

export interface ScreenshotResult {
  readonly clip: string;
  readonly screenshot: string;
  readonly right: number;
  readonly wrong: number;
  readonly of: number;
}

/** Frames of the delivered clip as pictures. */
export async function takeScreenshots(
  { source, delivery }: Marked,
  screenshots: readonly Screenshot[],
  key: Uint8Array,
  id: string,
  count: number,
): Promise<ScreenshotResult[]> {
  const wanted = new Set(
    Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * source.frameCount) / count)),
  );
  const results: ScreenshotResult[] = [];
  for (const shot of screenshots) {
    const scaled = [shot.filter?.(source), 'format=rgba'].filter((part) => part !== undefined).join(',');
    let [index, right, wrong, of] = [0, 0, 0, 0];
    for await (const frame of filter(decode(delivery), scaled, source.fps)) {
      if (wanted.has(index++)) {
        const { width, height } = frame;
        const pixels = await asPicture(rgbaOf(frame), width, height, shot.quality);
        const { verdict: one } = await verdict([lumaFromRgba(pixels, width, height)], key, id);
        of += 1;
        if (one === 'right') right += 1;
        if (one === 'wrong') wrong += 1;
      }
      frame.free();
    }
    results.push({ clip: source.name, screenshot: shot.name, right, wrong, of });
  }
  return results;
}

/** Through a JPEG file and back; unchanged where `quality` is null. */
export async function asPicture(
  pixels: Uint8Array,
  width: number,
  height: number,
  quality: number | null,
): Promise<Uint8Array | Uint8ClampedArray> {
  if (quality === null) return pixels;
  const canvas = createCanvas(width, height);
  const pen = canvas.getContext('2d');
  pen.putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
  pen.drawImage(await loadImage(await canvas.encode('jpeg', quality)), 0, 0);
  return pen.getImageData(0, 0, width, height).data;
}
