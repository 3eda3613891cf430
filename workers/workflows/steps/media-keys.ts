/**
 * Where the bytes of a clip live in R2. Quarantine is what nodes sent; `media/` is what was checked and signed. Invariant: a recast has
 * a folder of its own below the clip's, so that the rendition people see is never written over or dropped with one that failed.
 */
import type { AdmittedGeneration } from '#durable-objects/account/rpc.ts';
import type { Id } from '#schemas/ids.ts';
import type { OutputFile } from '#schemas/render.ts';

type Rendition = Pick<AdmittedGeneration, 'clipId' | 'generationId' | 'recastOf'>;

function folderOf({ clipId, generationId, recastOf }: Rendition): string {
  return recastOf === null ? `media/${clipId}/` : `media/${clipId}/${generationId}/`;
}

export function mediaKey(rendition: Rendition, file: OutputFile | 'manifest.c2pa'): string {
  return `${folderOf(rendition)}${file}`;
}

async function deletePrefix(env: Env, prefix: string): Promise<void> {
  for (;;) {
    const listed = await env.MEDIA.list({ prefix, limit: 1000 });
    if (listed.objects.length > 0) await env.MEDIA.delete(listed.objects.map((object) => object.key));
    if (!listed.truncated) return;
  }
}

/** Everything any lease of this job left behind. */
export async function deleteQuarantine(env: Env, jobId: Id<'gen'>): Promise<void> {
  await deletePrefix(env, `quarantine/${jobId}/`);
}

/** A rendition that no clip has taken. */
export async function deleteRendition(env: Env, rendition: Rendition): Promise<void> {
  await deletePrefix(env, folderOf(rendition));
}
