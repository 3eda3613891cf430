/**
 * From what an engine made to what the edge stores: marked, encoded, at one loudness, with poster, captions and fingerprints. The same
 * for every engine. Frames pass through one at a time (the encoder's speed holds the engine back); only sound, a few megabytes,
 * is kept whole, because loudness is a property of the whole. Called by node/run-job.ts and render-once.ts.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { AudioFingerprint, FrameFingerprints } from '#core/fingerprint/index.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { OutputFile, RenderStage } from '#schemas/render.ts';
import type { EngineOutput, FrameOutput } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import { audioSampleRate, encodeAudio } from './audio-encoder.ts';
import { toWebVtt } from './captions.ts';
import { openFile } from './decode-file.ts';
import { FrameFingerprinter, fingerprintSound, fingerprintStep } from './fingerprints.ts';
import { normalizeLoudness } from './loudness.ts';
import { VisibleMark } from './mark.ts';
import { makePoster, type Poster } from './poster.ts';
import { breathe, pull } from './pull.ts';
import { VideoEncoder } from './video-encoder.ts';
import { type InvisibleMarkOrder, openInvisibleMark } from './watermark.ts';

export interface FinishOptions {
  /** The creator's handle, without "@". */
  readonly handle: string;
  /** An existing folder; the finished files are written there. */
  readonly outDir: string;
  readonly signal: AbortSignal;
  /** What to weave into the picture; nothing where it is null or absent (work that is not published). */
  readonly watermark?: InvisibleMarkOrder | null;
  /** Shown some of the finished frames, for whoever judges them. */
  readonly watch?: FrameWatch;
  report(stage: RenderStage, progress: number): void;
}

export interface FrameWatch {
  /** How many frames it wants to see, spread over the clip. */
  readonly count: number;
  /** @param pixels RGBA rows without padding, good until it returns. Must not hold the encoder up. */
  take(at: number, pixels: Uint8Array, width: number, height: number): void;
}

export interface FinishedMedia {
  readonly files: Readonly<
    Record<'video.mp4' | 'poster.jpg' | 'fingerprints.json', string> & Partial<Record<OutputFile, string>>
  >;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  /** Integrated loudness, LUFS. */
  readonly loudness: number;
  /** Average colour of the poster, `#rrggbb`. */
  readonly color: string;
}

/** Sound may miss the picture's length by this much and is padded or cut; more is the engine's fault (K-01). */
const toleranceSeconds = 0.1;

/**
 * @throws EngineError `audio_missing` or `output_invalid` when the engine did not keep its contract; the signal's reason when
 * aborted.
 */
export async function finish(output: EngineOutput, options: FinishOptions): Promise<FinishedMedia> {
  options.signal.throwIfAborted();
  if (output.kind === 'frames') return finishFrames(output, options);
  const opened = await openFile(output);
  try {
    return await finishFrames(opened, options);
  } finally {
    opened.close();
  }
}

async function finishFrames(output: FrameOutput, options: FinishOptions): Promise<FinishedMedia> {
  const { width, height, fps, frameCount } = output;
  if (!(frameCount > 0 && fps > 0 && width > 0 && height > 0 && width % 2 === 0 && height % 2 === 0)) {
    throw new EngineError(
      'output_invalid',
      `The engine announced ${frameCount} frames of ${width}×${height} at ${fps} a second.`,
    );
  }
  const files = {
    'video.mp4': join(options.outDir, 'video.mp4'),
    'poster.jpg': join(options.outDir, 'poster.jpg'),
    'fingerprints.json': join(options.outDir, 'fingerprints.json'),
  };
  // One failing side stops the other at once.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const mp4 = new Output({
    format: new Mp4OutputFormat({ fastStart: 'in-memory' }),
    target: new FilePathTarget(files['video.mp4']),
  });
  const video = new EncodedVideoPacketSource('avc');
  const audio = new EncodedAudioPacketSource('aac');
  mp4.addVideoTrack(video, { frameRate: fps });
  mp4.addAudioTrack(audio);
  await mp4.start();
  const failing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      stop.abort(error);
      throw error;
    });
  try {
    const sides = await Promise.allSettled([
      failing(writePicture(output, video, { ...options, signal })),
      failing(writeSound(output, audio, signal)),
    ]);
    options.signal.throwIfAborted();
    if (stop.signal.aborted) throw stop.signal.reason;
    const [picture, sound] = sides;
    if (picture.status !== 'fulfilled' || sound.status !== 'fulfilled')
      throw new Error('finishing ended without a result');
    await mp4.finalize();
    await writeFile(files['poster.jpg'], picture.value.poster.jpeg);
    const fingerprints: Fingerprints = { ...picture.value.fingerprints, audio: sound.value.fingerprint };
    await writeFile(files['fingerprints.json'], JSON.stringify(fingerprints));
    const captions = toWebVtt(output.report.captions, frameCount / fps);
    const captionsFile = join(options.outDir, 'captions.vtt');
    if (captions !== undefined) await writeFile(captionsFile, captions);
    return {
      files: captions === undefined ? files : { ...files, 'captions.vtt': captionsFile },
      width,
      height,
      durationMs: Math.round((frameCount / fps) * 1000),
      loudness: sound.value.loudness,
      color: picture.value.poster.color,
    };
  } catch (error) {
    if (mp4.state !== 'finalized' && mp4.state !== 'canceled') await mp4.cancel().catch(() => undefined);
    throw error;
  }
}

async function writePicture(
  output: FrameOutput,
  track: EncodedVideoPacketSource,
  options: FinishOptions,
): Promise<{ poster: Poster; fingerprints: FrameFingerprints }> {
  const { width, height, fps, frameCount } = output;
  const encoder = await VideoEncoder.open({ width, height, fps });
  const mark = new VisibleMark(width, height, options.handle);
  const invisible = options.watermark ? openInvisibleMark(options.watermark, { width, height, fps }) : null;
  const fingerprinter = new FrameFingerprinter();
  const step = Math.max(1, Math.round(fingerprintStep(frameCount / fps) * fps));
  const watched = watchedFrames(frameCount, options.watch?.count ?? 0);
  const posterFrame = Math.min(frameCount - 1, Math.max(0, Math.round(output.report.posterFrame)));
  // BT.709 twice: in the stream for decoders, in the file for players that read only the box.
  const colorSpace = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;
  const decoderConfig = { codec: 'avc1.64001f', codedWidth: width, codedHeight: height, colorSpace };
  let poster: Promise<Poster> | undefined;
  let index = 0;
  try {
    for await (const frame of pull(output.frames, options.signal)) {
      if (frame.length !== width * height * 4)
        throw new EngineError('output_invalid', `Frame ${index} has the wrong size.`);
      if (index >= frameCount)
        throw new EngineError('output_invalid', 'The engine drew more frames than it announced.');
      const pixels = encoder.pixels();
      pixels.set(frame);
      mark.draw(pixels, index / fps);
      invisible?.embed(pixels, index);
      if (index === posterFrame) {
        poster = makePoster(pixels, width, height);
        poster.catch(() => undefined);
      }
      if (watched.has(index)) options.watch?.take(index / fps, pixels, width, height);
      if (index % step === 0) await fingerprinter.add(index / fps, pixels, width, height);
      for await (const packet of encoder.encode(index)) await track.add(packet, { decoderConfig });
      options.report('encoding', ++index / frameCount);
    }
    if (index !== frameCount || !poster) {
      throw new EngineError('output_invalid', `The engine announced ${frameCount} frames and drew ${index}.`);
    }
    for await (const packet of encoder.flush()) await track.add(packet, { decoderConfig });
    track.close();
    return { poster: await poster, fingerprints: await fingerprinter.finish() };
  } finally {
    fingerprinter.finish().catch(() => undefined);
    encoder.close();
  }
}

/** The middles of as many equal parts. */
function watchedFrames(frameCount: number, count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * frameCount) / count)));
}

async function writeSound(
  output: FrameOutput,
  track: EncodedAudioPacketSource,
  signal: AbortSignal,
): Promise<{ loudness: number; fingerprint: AudioFingerprint | null }> {
  const expected = Math.round((output.frameCount / output.fps) * audioSampleRate);
  const samples = new Float32Array(expected * 2);
  let received = 0;
  for await (const block of pull(output.audio.blocks, signal)) {
    if (!block.every(Number.isFinite))
      throw new EngineError('output_invalid', 'The engine returned sound that is not a number.');
    const room = Math.max(0, samples.length - received);
    samples.set(block.length > room ? block.subarray(0, room) : block, Math.min(received, samples.length));
    received += block.length;
    await breathe();
  }
  if (received === 0) throw new EngineError('audio_missing', 'The engine promised sound and returned none.');
  if (Math.abs(received / 2 - expected) > toleranceSeconds * audioSampleRate) {
    throw new EngineError('output_invalid', 'Sound and picture differ in length.');
  }
  signal.throwIfAborted();
  const { samples: finished, loudness } = await normalizeLoudness(samples);
  signal.throwIfAborted();
  const encoded = await encodeAudio(finished);
  const decoderConfig = {
    codec: 'mp4a.40.2',
    sampleRate: audioSampleRate,
    numberOfChannels: 2,
    description: encoded.description,
  };
  for (const packet of encoded.packets) await track.add(packet, { decoderConfig });
  track.close();
  return {
    loudness: Math.round(loudness.integrated * 100) / 100,
    fingerprint: fingerprintSound(finished, audioSampleRate),
  };
}
