/** What the desk may look at of a generation: the stored rendition, or what lies in quarantine. Called by the workflow. */
import { quarantineKey } from '#durable-objects/render-queue/core/quarantine-key.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { CaseMedia } from '#schemas/moderation.ts';
import { outputFileSchema, outputFiles } from '#schemas/render.ts';
import type { StoredRendition } from './store-rendition.ts';

export function caseMediaOf({ video, poster, captions, fingerprints }: StoredRendition): CaseMedia[] {
  const stored = {
    'video.mp4': video,
    'poster.jpg': poster,
    'captions.vtt': captions,
    'fingerprints.json': fingerprints,
  };
  return Object.entries(stored).flatMap(([file, object]) => (object === null ? [] : [{ file, ...object }]));
}

export function quarantinedMedia(
  generationId: Id<'gen'>,
  { fence, output }: Extract<JobOutcome, { status: 'completed' }>,
): CaseMedia[] {
  return outputFileSchema.options.flatMap((file) => {
    const stored = output.files[file];
    if (stored === undefined) return [];
    const { mediaType } = outputFiles[file];
    return [{ file, key: quarantineKey(generationId, fence, file), mediaType, ...stored }];
  });
}
