/**
 * Opens a file that an engine encoded for itself as frames and sound, so that it is finished like everything else: constant
 * frame rate, even size, 48 kHz stereo exactly as long as the picture. Called by finish.ts.
 */
import { toAvFrame } from '@mediabunny/server';
import {
  ALL_FORMATS,
  AudioSampleSink,
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  VideoSampleSink,
} from 'mediabunny';
import type { FileOutput, FrameOutput } from '../engines/engine.ts';
import { EngineError } from '../engines/engine-error.ts';
import { audioSampleRate } from './audio-encoder.ts';
import { check, mediaLibrary } from './native.ts';

const maxSeconds = 61;

/**
 * @throws EngineError `audio_missing` when the file has no sound, `output_invalid` when it is no video we can decode.
 */
export async function openFile(output: FileOutput): Promise<FrameOutput & { close(): void }> {
  mediaLibrary();
  const input = new Input({ source: new FilePathSource(output.path), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    if (!video || !(await video.canDecode()))
      throw new EngineError('output_invalid', 'The engine returned no video that can be read.');
    const audio = await input.getPrimaryAudioTrack();
    if (!audio || !(await audio.canDecode()))
      throw new EngineError('audio_missing', 'The engine promised sound and returned none.');
    const { averagePacketRate } = await video.computePacketStats(120);
    const fps = Math.min(60, Math.max(12, Math.round(averagePacketRate)));
    const start = await video.getFirstTimestamp();
    const seconds = (await video.computeDuration()) - start;
    if (!(seconds > 0.2 && seconds <= maxSeconds)) {
      throw new EngineError('output_invalid', `The engine returned ${seconds.toFixed(1)} s of video.`);
    }
    const width = (await video.getDisplayWidth()) & ~1;
    const height = (await video.getDisplayHeight()) & ~1;
    const frameCount = Math.round(seconds * fps);
    return {
      kind: 'frames',
      width,
      height,
      fps,
      frameCount,
      report: output.report,
      frames: rgbaFrames(video, width, height, times(start, fps, frameCount)),
      audio: {
        sampleRate: audioSampleRate,
        blocks: stereoBlocks(audio, start, Math.round((frameCount / fps) * audioSampleRate)),
      },
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    if (error instanceof EngineError) throw error;
    throw new EngineError('output_invalid', 'The engine returned a file that cannot be read as video.', {
      cause: error,
    });
  }
}

/** The middle of each output frame: the source frame shown then is the one taken. */
function* times(start: number, fps: number, frameCount: number): Generator<number> {
  for (let i = 0; i < frameCount; i++) yield start + (i + 0.5) / fps;
}

/** Converted with the file's own colour matrix, which mediabunny's RGBA copy does not look at. */
async function* rgbaFrames(
  track: InputVideoTrack,
  width: number,
  height: number,
  at: Iterable<number>,
): AsyncGenerator<Uint8ClampedArray> {
  const av = mediaLibrary();
  const source = new av.Frame();
  source.alloc();
  const target = new av.Frame();
  target.alloc();
  target.width = width;
  target.height = height;
  target.format = av.AV_PIX_FMT_RGBA;
  check(target.getBuffer(1), 'allocating a frame');
  target.colorSpace = av.AVCOL_SPC_RGB;
  target.colorRange = av.AVCOL_RANGE_JPEG;
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  try {
    for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(at)) {
      if (sample) {
        await toAvFrame(sample, source);
        sample.close();
        if (source.colorSpace === av.AVCOL_SPC_UNSPECIFIED) {
          // What players assume: BT.709 from 720 lines on the short side, BT.601 below.
          source.colorSpace = Math.min(width, height) >= 720 ? av.AVCOL_SPC_BT709 : av.AVCOL_SPC_SMPTE170M;
        }
        check(await scaler.scaleFrame(target, source), 'converting colours');
      }
      const plane = target.data?.[0];
      if (!plane) throw new Error('the frame buffer is gone');
      yield new Uint8ClampedArray(plane.buffer, plane.byteOffset, width * height * 4);
    }
  } finally {
    source.free();
    target.free();
    scaler.freeContext();
  }
}

/** Interleaved stereo at 48 kHz from the picture's start, padded or cut to `total` frames. */
async function* stereoBlocks(
  track: InputAudioTrack,
  start: number,
  total: number,
): AsyncGenerator<Float32Array> {
  const av = mediaLibrary();
  const channels = await track.getNumberOfChannels();
  const rate = await track.getSampleRate();
  const resampler = new av.SoftwareResampleContext();
  const layout = channels === 1 ? av.AV_CHANNEL_LAYOUT_MONO : av.AV_CHANNEL_LAYOUT_STEREO;
  check(
    resampler.allocSetOpts2(
      av.AV_CHANNEL_LAYOUT_STEREO,
      av.AV_SAMPLE_FMT_FLT,
      audioSampleRate,
      layout,
      av.AV_SAMPLE_FMT_FLT,
      rate,
    ),
    'setting up the resampler',
  );
  check(resampler.init(), 'starting the resampler');
  let written = 0;
  let first = true;
  const convert = async (input: Buffer | null, frames: number): Promise<Float32Array> => {
    const room = Math.ceil(((frames + 64) * audioSampleRate) / rate) + 256;
    const out = Buffer.alloc(room * 8);
    const count = await resampler.convert([out], room, input ? [input] : null, frames);
    check(count, 'resampling');
    const kept = Math.min(count, total - written);
    written += Math.max(0, kept);
    return new Float32Array(out.buffer, out.byteOffset, Math.max(0, kept) * 2).slice();
  };
  try {
    for await (const sample of new AudioSampleSink(track).samples(Math.max(0, start))) {
      if (first) {
        first = false;
        const late = Math.min(total, Math.max(0, Math.round((sample.timestamp - start) * audioSampleRate)));
        if (late > 0) {
          written += late;
          yield new Float32Array(late * 2);
        }
      }
      const interleaved = foldToStereo(sample, channels);
      const frames = sample.numberOfFrames;
      sample.close();
      yield await convert(interleaved, frames);
      if (written >= total) return;
    }
    yield await convert(null, 0);
    if (first) throw new EngineError('audio_missing', 'The engine promised sound and returned none.');
    if (written < total) yield new Float32Array((total - written) * 2);
  } finally {
    resampler.free();
  }
}

/** Mono stays mono, stereo stereo; of more channels the front pair is kept. */
function foldToStereo(
  sample: { numberOfFrames: number; copyTo(d: Float32Array, o: { planeIndex: number; format: 'f32' }): void },
  channels: number,
): Buffer {
  const all = new Float32Array(sample.numberOfFrames * channels);
  sample.copyTo(all, { planeIndex: 0, format: 'f32' });
  if (channels <= 2) return Buffer.from(all.buffer);
  const pair = new Float32Array(sample.numberOfFrames * 2);
  for (let i = 0; i < sample.numberOfFrames; i++) {
    pair[2 * i] = all[i * channels] ?? 0;
    pair[2 * i + 1] = all[i * channels + 1] ?? 0;
  }
  return Buffer.from(pair.buffer);
}
