/**
 * Opens an upload, whatever it is, as pictures at steady times and sound. Nothing in the file is trusted: kinds, sizes and lengths are
 * looked at before anything is decoded. Called by inspect-media.ts, in a process of its own.
 */
import { open } from 'node:fs/promises';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';
import type { MediaReport } from '#schemas/inspection.ts';
import { mediaLibrary } from '../../finishing/native.ts';
import { imageSize } from '../core/image-size.ts';
import { soundRate } from '../core/sound.ts';
import type { Picture } from '../face-models.ts';
import { framesOf, soundOf } from '../read-recording.ts';

/** What is behind is not looked at, seconds. */
export const lookedAtMost = 60;
const largestSide = 8192;
/** Decoded, a picture of this many takes a quarter of a gigabyte. */
const mostPixels = 64 * 1024 * 1024;
/** What is looked at has at most this many pixels on its longer side. */
const longestSide = 1280;

export interface TimedPicture {
  readonly at: number;
  /** Good until the next is asked for. */
  readonly picture: Picture;
}

export interface OpenMedia {
  readonly probe: MediaReport['probe'];
  /** Seconds that are looked at; 0 for a picture. */
  readonly seconds: number;
  /** @param times seconds, ascending */
  frames(times: readonly number[]): AsyncGenerator<TimedPicture>;
  /** Mono at `soundRate`; undefined without a track that can be decoded. */
  sound(): Promise<Float32Array | undefined>;
  close(): void;
}

export { soundRate };

/** @returns undefined when it is nothing that can be looked at */
export async function openMedia(path: string): Promise<OpenMedia | undefined> {
  try {
    return (await openImage(path)) ?? (await openFilm(path));
  } catch {
    // Whatever a decoder says about a stranger's file means the same to whoever asked.
    return undefined;
  }
}

async function openImage(path: string): Promise<OpenMedia | undefined> {
  const size = imageSize(await firstBytes(path));
  if (size === null) return undefined;
  const { width, height } = size;
  if (!(width >= 16 && height >= 16 && width * height <= mostPixels)) throw new Error('unusual size');
  const picture = await decodeImage(path);
  return {
    probe: { kind: 'image', width, height, durationMs: null, videoCodec: null, audioCodec: null },
    seconds: 0,
    async *frames() {
      yield { at: 0, picture };
    },
    sound: async () => undefined,
    close: () => undefined,
  };
}

/** Upright as its EXIF orientation says: the decoder turns it. */
async function decodeImage(path: string): Promise<Picture> {
  const image = await loadImage(path);
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
  const [width, height] = [
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  ];
  const context = createCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return { data: new Uint8Array(context.getImageData(0, 0, width, height).data), width, height };
}

async function openFilm(path: string): Promise<OpenMedia | undefined> {
  mediaLibrary();
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
    const track = video ?? audio;
    if (!track) throw new Error('no track');
    const start = await track.getFirstTimestamp();
    const length = (await track.computeDuration()) - start;
    if (!(length > 0 && length < 1_000_000)) throw new Error('unusual length');
    const [width, height] = video
      ? [await video.getDisplayWidth(), await video.getDisplayHeight()]
      : [null, null];
    const sized =
      width === null ||
      height === null ||
      (Math.min(width, height) >= 16 && Math.max(width, height) <= largestSide);
    if (!sized) throw new Error('unusual size');
    const seen = video && (await video.canDecode()) ? video : undefined;
    const heard = audio && (await audio.canDecode()) ? audio : undefined;
    if (!seen && !heard) throw new Error('nothing that can be decoded');
    const seconds = Math.min(length, lookedAtMost);
    return {
      probe: {
        kind: video ? 'video' : 'audio',
        width,
        height,
        durationMs: Math.round(length * 1000),
        videoCodec: video ? ((await video.getCodec()) ?? 'unknown') : null,
        audioCodec: audio ? ((await audio.getCodec()) ?? 'unknown') : null,
      },
      seconds: seen ? seconds : 0,
      async *frames(times) {
        if (seen) yield* framesOf(seen, start, times);
      },
      sound: async () => (heard ? soundOf(heard, start, seconds) : undefined),
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

/** Where pictures say their size: cameras put half a megabyte of metadata before it at most. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024 * 1024), 0, 1024 * 1024, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
