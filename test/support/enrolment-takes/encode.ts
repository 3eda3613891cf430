/** Frames and sound to WebM (VP8 and Opus) or MP4 (H.264 and AAC), as a browser's recorder makes them. Called by make.ts. */
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  Mp4OutputFormat,
  Output,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import { mediaLibrary } from '../../../gpu-backend/src/finishing/native.ts';
import type { Image } from './raster.ts';
import { voiceRate } from './voice.ts';

/** What browsers record video with unless told otherwise, bits a second (MediaRecorder in Chromium). */
const recorderBitrate = 2_500_000;

export interface Take {
  readonly fps: number;
  readonly frames: Iterable<Image>;
  /** Mono at 48 kHz; undefined for a recording without a sound track. */
  readonly samples: Float32Array | undefined;
}

export async function encodeTake(
  take: Take,
  container: 'webm' | 'mp4',
  bitrate = recorderBitrate,
): Promise<Buffer> {
  mediaLibrary();
  const target = new BufferTarget();
  const output = new Output({
    format: container === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: 'in-memory' }),
    target,
  });
  const video = new VideoSampleSource({ codec: container === 'webm' ? 'vp8' : 'avc', bitrate });
  output.addVideoTrack(video, { frameRate: take.fps });
  const audio = take.samples
    ? new AudioSampleSource({ codec: container === 'webm' ? 'opus' : 'aac', bitrate: 48_000 })
    : undefined;
  if (audio) output.addAudioTrack(audio);
  await output.start();
  let index = 0;
  for (const frame of take.frames) {
    const sample = new VideoSample(frame.data, {
      format: 'RGBA',
      codedWidth: frame.width,
      codedHeight: frame.height,
      timestamp: index / take.fps,
      duration: 1 / take.fps,
    });
    await video.add(sample);
    sample.close();
    index++;
  }
  if (audio && take.samples) {
    const block = voiceRate / 10;
    for (let from = 0; from < take.samples.length; from += block) {
      const sample = new AudioSample({
        data: take.samples.slice(from, from + block),
        format: 'f32',
        numberOfChannels: 1,
        sampleRate: voiceRate,
        timestamp: from / voiceRate,
      });
      await audio.add(sample);
      sample.close();
    }
  }
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was encoded');
  return Buffer.from(target.buffer);
}
