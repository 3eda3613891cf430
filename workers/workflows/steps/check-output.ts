/**
 * Believes nothing a render node says: the files exist with the checksums it named, and the video is an MP4 with H.264 and AAC of
 * the size and length that were asked for (K-01), under the mark that was ordered, with fingerprints of the published shape. Reads the container through R2 ranges, never the whole file.
 */
import { CustomSource, Input, MP4 } from 'mediabunny';
import { quarantineKey } from '#durable-objects/render-queue/core/quarantine-key.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import { parseFrameSize } from '#schemas/engine.ts';
import type { CreateGeneration } from '#schemas/http/generations.ts';
import type { Id } from '#schemas/ids.ts';
import { type OutputFile, outputFiles, type StoredFile } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { watermarkIdOf } from '../../durable-credentials/watermark-id.ts';
import { readFingerprints } from './fingerprints.ts';

/** Sound and picture may differ by this much, and each from what was asked (K-01), seconds. */
const durationTolerance = 0.1;

async function sameFile(env: Env, key: string, claimed: StoredFile): Promise<boolean> {
  const object = await env.MEDIA.head(key);
  return (
    object !== null && object.size === claimed.size && object.checksums.toJSON().sha256 === claimed.sha256
  );
}

function rangedInput(env: Env, key: string, size: number): Input {
  return new Input({
    formats: [MP4],
    source: new CustomSource({
      getSize: () => size,
      maxCacheSize: 1024 * 1024,
      read: async (start, end) => {
        const object = await env.MEDIA.get(key, { range: { offset: start, length: end - start } });
        if (object === null) throw new Error('the object vanished while it was read');
        return new Uint8Array(await object.arrayBuffer());
      },
    }),
  });
}

async function checkVideo(
  env: Env,
  key: string,
  size: number,
  asked: CreateGeneration,
): Promise<Result<void>> {
  const invalid = (what: string) => fail('output_invalid', undefined, { what });
  using input = rangedInput(env, key, size);
  try {
    const [video, audio, tracks] = await Promise.all([
      input.getPrimaryVideoTrack(),
      input.getPrimaryAudioTrack(),
      input.getTracks(),
    ]);
    if (video === null) return invalid('no video track');
    if (audio === null) return fail('audio_missing');
    if (tracks.length !== 2) return invalid('more tracks than one video and one audio');
    if ((await video.getCodec()) !== 'avc') return invalid('video is not H.264');
    if ((await audio.getCodec()) !== 'aac') return invalid('audio is not AAC');
    const { width, height } = parseFrameSize(asked.size);
    if ((await video.getCodedWidth()) !== width || (await video.getCodedHeight()) !== height)
      return invalid('frame size differs');
    const [seen, heard] = await Promise.all([video.computeDuration(), audio.computeDuration()]);
    if (Math.abs(seen - heard) > durationTolerance) return invalid('sound and picture differ in length');
    if (Math.abs(seen - asked.seconds) > durationTolerance)
      return invalid('length differs from what was asked');
    return ok(undefined);
  } catch {
    return invalid('not a readable MP4');
  }
}

async function checkPoster(env: Env, key: string): Promise<boolean> {
  const head = await env.MEDIA.get(key, { range: { offset: 0, length: 3 } });
  if (head === null) return false;
  const [a, b, c] = new Uint8Array(await head.arrayBuffer());
  return a === 0xff && b === 0xd8 && c === 0xff;
}

/** Checks every file of a completed job. Fails with output_invalid or audio_missing. */
export async function checkOutput(
  env: Env,
  jobId: Id<'gen'>,
  asked: CreateGeneration,
  job: Extract<JobOutcome, { status: 'completed' }>,
): Promise<Result<void>> {
  const { files } = job.output;
  const named: [OutputFile, StoredFile | undefined][] = [
    ['video.mp4', files['video.mp4']],
    ['poster.jpg', files['poster.jpg']],
    ['captions.vtt', files['captions.vtt']],
    ['fingerprints.json', files['fingerprints.json']],
  ];
  for (const [file, claimed] of named) {
    if (claimed === undefined) continue;
    if (claimed.size > outputFiles[file].maxBytes)
      return fail('output_invalid', undefined, { what: `${file} is too large` });
    if (!(await sameFile(env, quarantineKey(jobId, job.fence, file), claimed)))
      return fail('output_invalid', undefined, { what: `${file} is not what was announced` });
  }
  if (job.output.watermarkId !== (await watermarkIdOf(env.WATERMARK_KEY, jobId)))
    return fail('output_invalid', undefined, { what: 'another mark than the one that was ordered' });
  const fingerprints = await readFingerprints(env, quarantineKey(jobId, job.fence, 'fingerprints.json'));
  if (!fingerprints.ok) return fingerprints;
  if (!(await checkPoster(env, quarantineKey(jobId, job.fence, 'poster.jpg'))))
    return fail('output_invalid', undefined, { what: 'the poster is not a JPEG' });
  return checkVideo(env, quarantineKey(jobId, job.fence, 'video.mp4'), files['video.mp4'].size, asked);
}
