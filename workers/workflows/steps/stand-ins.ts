/** How many nameless people a rendition shows: as many as the clip shows people, less those who are cast. Called by the workflow. */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import { fail, ok, type Result } from '#schemas/result.ts';

/** Zero for a first rendition. Refuses with clip_deleted. */
export async function standInsOf(
  env: Env,
  { recastOf, cast }: Pick<AdmittedGeneration, 'recastOf' | 'cast'>,
): Promise<Result<number>> {
  if (recastOf === null) return ok(0);
  const clip = await env.CLIP.getByName(recastOf.clipId).read();
  if (!clip.ok || clip.value.status === 'withdrawn') return fail('clip_deleted');
  return ok(Math.max(0, clip.value.cast.length - cast.length));
}
