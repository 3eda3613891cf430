/** Where the bytes of a clip live in R2. Quarantine is what nodes sent; `media/` is what was checked and signed. */
import type { Id } from '#schemas/ids.ts';
import type { OutputFile } from '#schemas/render.ts';

export const mediaKey = (clipId: Id<'clip'>, file: OutputFile | 'manifest.c2pa') => `media/${clipId}/${file}`;

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

export async function deleteMedia(env: Env, clipId: Id<'clip'>): Promise<void> {
  await deletePrefix(env, `media/${clipId}/`);
}
