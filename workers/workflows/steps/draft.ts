/** Hands a checked and signed rendition to its Clip object: as a draft, or in place of an older rendition. */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { DraftInput } from '#durable-objects/clip/rpc.ts';
import type { JobOutcome } from '#durable-objects/render-queue/rpc.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import { spokenOf } from '../../api/admission/texts.ts';
import type { StoredRendition } from './store-rendition.ts';

type Completed = Extract<JobOutcome, { status: 'completed' }>;

/**
 * Idempotent.
 * @param held the desk looks at it first: a clip that is made again is a draft until then
 * @returns why the clip did not take it: for a recast, because the clip was deleted or somebody left it meanwhile
 * @throws Error when a draft is refused, which admission has made impossible
 */
export async function deliverClip(
  env: Env,
  admitted: AdmittedGeneration,
  job: Completed,
  stored: StoredRendition,
  held: boolean,
): Promise<ErrorCode | null> {
  const clip = env.CLIP.getByName(admitted.clipId);
  const input = draftFrom(admitted, job, stored);
  if (admitted.recastOf === null) {
    const draft = await clip.createDraft(input);
    if (!draft.ok) throw new Error(`draft refused: ${draft.error.code}`);
    return null;
  }
  const reviewAgain = held || admitted.cast.some((permit) => permit.reviewBeforePublication);
  const recast = await clip.recast({ ...input, reviewAgain });
  return recast.ok ? null : recast.error.code;
}

function draftFrom(admitted: AdmittedGeneration, { output }: Completed, stored: StoredRendition): DraftInput {
  const { parent, cast, accountId: ownerId } = admitted;
  const people = [...cast.map(({ accountId }) => accountId), ...admitted.inheritedCoOwnerIds];
  return {
    clipId: admitted.clipId,
    generationId: admitted.generationId,
    ownerId,
    ownerHandle: admitted.handle,
    coOwnerIds: [...new Set(people)].filter((account) => account !== ownerId),
    cast: cast.map(({ accountId, cameoId, verification }) => ({
      accountId,
      cameoId,
      verification,
      standIn: false,
    })),
    castKeys: cast.flatMap(({ keys }) => keys),
    prompt: admitted.request.prompt,
    spoken: spokenOf(admitted.request),
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
