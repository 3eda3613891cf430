/** What the Clip object is told when a generation is delivered. */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import type { StoredRendition } from './store-rendition.ts';

export function draftFrom(
  admitted: AdmittedGeneration,
  job: Extract<JobOutcome, { status: 'completed' }>,
  stored: StoredRendition,
): DraftInput {
  const { output } = job;
  const { parent } = admitted;
  return {
    clipId: admitted.clipId,
    generationId: admitted.generationId,
    ownerId: admitted.accountId,
    ownerHandle: admitted.handle,
    coOwnerIds: [],
    prompt: admitted.request.prompt,
    seed: admitted.seed,
    summary: output.summary,
    engine: { ...output.engine, description: stored.engineDescription },
    size: admitted.request.size,
    durationMs: output.durationMs,
    color: output.color,
    parent:
      parent === null
        ? null
        : {
            clipId: parent.clipId,
            handle: parent.handle,
            keys: parent.keys,
            depth: parent.depth,
            rootId: parent.rootId,
          },
    media: {
      video: stored.video,
      poster: stored.poster,
      manifest: stored.manifest,
      captions: stored.captions,
    },
    manifestLabel: stored.manifestLabel,
    createdAt: admitted.createdAt,
  };
}
