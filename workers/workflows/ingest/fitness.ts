/**
 * Whether an uploaded file can become a clip as it is: MP4, H.264 with AAC or silent, at most a minute, in a size that clips have. Invariant:
 * a file that cannot be read is unfit, never a fault. Called by the ingest workflow.
 */
import { Input, MP4 } from 'mediabunny';
import { type FrameSize, frameSizes, parseFrameSize } from '#schemas/engine.ts';
import type { UploadMediaType } from '#schemas/http/uploads.ts';
import { rangedSource } from './read-object.ts';

/** Seconds. */
const longest = 60;
const shortest = 0.5;

export type Fitness =
  | { readonly fit: true; readonly size: FrameSize; readonly durationMs: number }
  /** A sentence for whoever sent it. */
  | { readonly fit: false; readonly reason: string };

const unfit = (reason: string): Fitness => ({ fit: false, reason });

export async function fitnessOf(
  env: Pick<Env, 'MEDIA'>,
  file: { readonly objectKey: string; readonly size: number; readonly mediaType: UploadMediaType },
): Promise<Fitness> {
  if (file.mediaType !== 'video/mp4')
    return unfit('Only MP4 videos can become clips. The check itself is complete.');
  using input = new Input({ formats: [MP4], source: rangedSource(env, file.objectKey, file.size) });
  try {
    return await fitnessOfMp4(input);
  } catch {
    return unfit('It is not a readable MP4, so it cannot become a clip.');
  }
}

async function fitnessOfMp4(input: Input): Promise<Fitness> {
  const [video, audio, tracks] = await Promise.all([
    input.getPrimaryVideoTrack(),
    input.getPrimaryAudioTrack(),
    input.getTracks(),
  ]);
  if (video === null) return unfit('There is no picture in it, so it cannot become a clip.');
  if (tracks.length !== (audio === null ? 1 : 2)) {
    return unfit('A clip has one track of pictures and at most one of sound; this file has others.');
  }
  if ((await video.getCodec()) !== 'avc')
    return unfit('The picture of a clip is H.264. Convert the file and send it again.');
  if (audio !== null && (await audio.getCodec()) !== 'aac') {
    return unfit('The sound of a clip is AAC. Convert the file and send it again.');
  }
  const [width, height, rotation] = await Promise.all([
    video.getCodedWidth(),
    video.getCodedHeight(),
    video.getRotation(),
  ]);
  const size = frameSizes.find((name) => {
    const frame = parseFrameSize(name);
    return frame.width === width && frame.height === height;
  });
  if (size === undefined || rotation !== 0) {
    return unfit(`A clip has ${frameSizes.join(' or ')} pixels, upright; this file has ${width}x${height}.`);
  }
  const seconds = await video.computeDuration();
  if (seconds > longest || seconds < shortest)
    return unfit(`A clip lasts at most ${longest} seconds; this lasts ${Math.round(seconds)}.`);
  return { fit: true, size, durationMs: Math.round(seconds * 1000) };
}
