/**
 * Opens what a browser recorded and gives frames at a steady rate and the sound as the recognisers want it. Nothing in the file
 * is trusted: sizes and lengths are looked at before anything is decoded. Called by inspect.ts and for
 * uploads by media/open-media.ts, in a process of its own.
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
import { check, mediaLibrary } from '../finishing/native.ts';
import { soundRate } from './core/sound.ts';
import type { Picture } from './face-models.ts';

/** Frames a second that are looked at: a blink lasts two of them, a syllable one or two. */
const frameRate = 8;
/** The lease of an inspection is not renewed: long recordings are looked at less often, so that one takes no longer than 20 s. */
const mostFrames = 160;
/** Larger pictures are brought to this many pixels on their longer side. */
const longestSide = 1280;
const largestSide = 4096;
/** Longer than any recording is allowed to be; what is behind is not read. */
const readAtMost = 40;

export interface Recording {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  /** Frames in order; each picture's pixels are good until the next is asked for. */
  frames(): AsyncGenerator<{ readonly at: number; readonly picture: Picture }>;
  /** The frame shown then. */
  frameAt(at: number): Promise<Picture | undefined>;
  /** Mono at 16 kHz from the first frame on; undefined without a sound track. */
  sound(): Promise<Float32Array | undefined>;
  close(): void;
}

/** @returns undefined when it is no video that can be read. */
export async function openRecording(path: string): Promise<Recording | undefined> {
  mediaLibrary();
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    if (!video || !(await video.canDecode())) throw new Error('no video');
    const audio = await input.getPrimaryAudioTrack();
    const [width, height] = [await video.getDisplayWidth(), await video.getDisplayHeight()];
    if (!(width >= 16 && height >= 16 && width <= largestSide && height <= largestSide))
      throw new Error('unusual size');
    const start = await video.getFirstTimestamp();
    // Recorders write no length: it is where the last packet ends.
    const seconds = (await video.computeDuration()) - start;
    const audible = audio && (await audio.canDecode()) ? audio : undefined;
    return {
      seconds,
      width,
      height,
      frames: () => {
        const read = Math.min(seconds, readAtMost);
        const count = Math.min(mostFrames, Math.floor(read * frameRate));
        return framesOf(
          video,
          start,
          Array.from({ length: count }, (_, i) => ((i + 0.5) * read) / count),
        );
      },
      frameAt: async (at) => {
        for await (const { picture } of framesOf(video, start, [at]))
          return { ...picture, data: Uint8Array.from(picture.data) };
        return undefined;
      },
      sound: async () => (audible ? soundOf(audible, start, Math.min(seconds, readAtMost)) : undefined),
      close: () => input.dispose(),
    };
  } catch {
    input.dispose();
    return undefined;
  }
}

/** The frames shown at these times; each picture's pixels are good until the next is asked for. */
export async function* framesOf(
  track: InputVideoTrack,
  start: number,
  times: readonly number[],
): AsyncGenerator<{ at: number; picture: Picture }> {
  const av = mediaLibrary();
  const source = new av.Frame();
  source.alloc();
  const target = new av.Frame();
  const scaler = new av.SoftwareScaleContext();
  scaler.allocContext();
  let [width, height] = [0, 0];
  try {
    let index = 0;
    const absolute = times.map((at) => start + at);
    for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(absolute)) {
      const at = times[index++] ?? 0;
      if (!sample) continue;
      const turned = sample.rotation;
      await toAvFrame(sample, source);
      sample.close();
      if (width === 0) {
        const scale = Math.min(1, longestSide / Math.max(source.width, source.height));
        [width, height] = [Math.round(source.width * scale), Math.round(source.height * scale)];
        target.alloc();
        target.width = width;
        target.height = height;
        target.format = av.AV_PIX_FMT_RGBA;
        check(target.getBuffer(1), 'allocating a frame');
      }
      check(await scaler.scaleFrame(target, source), 'converting colours');
      const plane = target.data?.[0];
      if (!plane) throw new Error('the frame buffer is gone');
      yield { at, picture: upright({ data: plane, width, height }, turned) };
    }
  } finally {
    source.free();
    target.free();
    scaler.freeContext();
  }
}

/** Phones write pictures as the sensor lies and say how to turn them, degrees clockwise. */
function upright(picture: Picture, degrees: number): Picture {
  if (degrees === 0) return picture;
  const from = new Uint32Array(picture.data.buffer, picture.data.byteOffset, picture.width * picture.height);
  const aside = degrees % 180 !== 0;
  const [width, height] = aside ? [picture.height, picture.width] : [picture.width, picture.height];
  const to = new Uint32Array(width * height);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const [u, v] =
        degrees === 90
          ? [picture.height - 1 - y, x]
          : degrees === 270
            ? [y, picture.width - 1 - x]
            : [picture.width - 1 - x, picture.height - 1 - y];
      to[v * width + u] = from[y * picture.width + x] ?? 0;
    }
  return { data: new Uint8Array(to.buffer), width, height };
}

/** Mono at `soundRate` from `start` on. */
export async function soundOf(track: InputAudioTrack, start: number, seconds: number): Promise<Float32Array> {
  const av = mediaLibrary();
  const rate = await track.getSampleRate();
  const out = new Float32Array(Math.ceil(seconds * soundRate));
  const resampler = new av.SoftwareResampleContext();
  check(
    resampler.allocSetOpts2(
      av.AV_CHANNEL_LAYOUT_MONO,
      av.AV_SAMPLE_FMT_FLT,
      soundRate,
      av.AV_CHANNEL_LAYOUT_MONO,
      av.AV_SAMPLE_FMT_FLT,
      rate,
    ),
    'setting up the resampler',
  );
  check(resampler.init(), 'starting the resampler');
  let written = -1;
  const put = async (input: Float32Array | null): Promise<void> => {
    const frames = input?.length ?? 0;
    const room = Math.ceil(((frames + 64) * soundRate) / rate) + 256;
    const buffer = Buffer.alloc(room * 4);
    const count = await resampler.convert([buffer], room, input ? [Buffer.from(input.buffer)] : null, frames);
    check(count, 'resampling');
    const samples = new Float32Array(buffer.buffer, buffer.byteOffset, count);
    const fits = samples.subarray(0, Math.max(0, out.length - written));
    out.set(fits, Math.min(written, out.length));
    written += count;
  };
  try {
    for await (const sample of new AudioSampleSink(track).samples(Math.max(0, start), start + seconds)) {
      if (written < 0) written = Math.max(0, Math.round((sample.timestamp - start) * soundRate));
      const mono = mix(sample, sample.numberOfChannels);
      sample.close();
      await put(mono);
      if (written >= out.length) break;
    }
    if (written >= 0 && written < out.length) await put(null);
    return out;
  } finally {
    resampler.free();
  }
}

function mix(
  sample: { numberOfFrames: number; copyTo(d: Float32Array, o: { planeIndex: number; format: 'f32' }): void },
  channels: number,
): Float32Array {
  const all = new Float32Array(sample.numberOfFrames * channels);
  sample.copyTo(all, { planeIndex: 0, format: 'f32' });
  if (channels === 1) return all;
  const mono = new Float32Array(sample.numberOfFrames);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += all[i * channels + c] ?? 0;
    mono[i] = sum / channels;
  }
  return mono;
}
