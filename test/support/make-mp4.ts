/**
 * Small real videos for tests. Invariant: H.264 with AAC, moov before mdat, the same length of picture and sound; made on the
 * spot by the encoder the render node uses, so nothing binary is checked in. Called by provenance and end-to-end tests.
 */
import { registerMediabunnyServer } from '@mediabunny/server';
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  Mp4OutputFormat,
  Output,
  VideoSample,
  VideoSampleSource,
} from 'mediabunny';

/** What to draw; the hue tells one test video from another. */
export interface TestVideo {
  /** 0 … 255, the base grey of the picture. */
  readonly shade?: number;
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
}

const sampleRate = 48_000;

/** Encodes a moving gradient with a 440 Hz tone. @returns the MP4 file */
export async function makeMp4(video: TestVideo = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { shade = 64, seconds = 1, width = 128, height = 128, fps = 10 } = video;
  registerMediabunnyServer();
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const pictures = new VideoSampleSource({ codec: 'avc', bitrate: 300_000, keyFrameInterval: 1 });
  const sound = new AudioSampleSource({ codec: 'aac', bitrate: 96_000 });
  output.addVideoTrack(pictures, { frameRate: fps });
  output.addAudioTrack(sound);
  await output.start();
  for (let frame = 0; frame < Math.round(seconds * fps); frame++) {
    const sample = new VideoSample(gradient(width, height, shade, frame), {
      format: 'RGBA',
      codedWidth: width,
      codedHeight: height,
      timestamp: frame / fps,
      duration: 1 / fps,
    });
    await pictures.add(sample);
    sample.close();
  }
  const tone = new AudioSample({
    data: Float32Array.from(
      { length: Math.round(seconds * sampleRate) },
      (_, i) => 0.2 * Math.sin((2 * Math.PI * 440 * i) / sampleRate),
    ),
    format: 'f32',
    numberOfChannels: 1,
    sampleRate,
    timestamp: 0,
  });
  await sound.add(tone);
  tone.close();
  await output.finalize();
  if (target.buffer === null) throw new Error('the encoder returned nothing');
  return new Uint8Array(target.buffer);
}

function gradient(width: number, height: number, shade: number, frame: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set([(x + frame * 4) & 0xff, (y + shade) & 0xff, shade, 0xff], (y * width + x) * 4);
    }
  }
  return pixels;
}
