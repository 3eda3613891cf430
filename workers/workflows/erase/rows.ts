/**
 * The relational side of what is erased. Invariants: nothing is blanked before the row says that the clip is withdrawn, so that no
 * projection still under way brings its words back; ids, keys and times stay, because receipts and lineages count by them.
 * Called by the erasure workflow.
 */
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { clipIdOf, type EraseParams } from '#durable-objects/shared/erasure.ts';
import type { Id } from '#schemas/ids.ts';
import { cameos, clips, comments, generations, likes } from '#schemas/tables.ts';
import { database } from '../../store/database.ts';
import { counted, type StoreAnswer } from './core/receipt.ts';

/** Whether the rows say already what was deleted; what an older message would bring back must not be blanked before. */
export async function isBlankable(env: Pick<Env, 'DB'>, { subject }: EraseParams): Promise<boolean> {
  const clipId = clipIdOf(subject);
  if (clipId === null) return true;
  const clip = await database(env)
    .select({ status: clips.status })
    .from(clips)
    .where(eq(clips.id, clipId))
    .get();
  return clip?.status === 'withdrawn';
}

/** @throws Error while it is not blankable */
export async function eraseRows(env: Pick<Env, 'DB'>, params: EraseParams): Promise<StoreAnswer> {
  const clipId = clipIdOf(params.subject);
  if (clipId === null) return eraseLikenessRows(env, params);
  if (!(await isBlankable(env, params))) throw new Error('the deletion has not reached the relational side');
  return eraseClipRows(env, clipId, params.generationIds);
}

async function eraseClipRows(
  env: Pick<Env, 'DB'>,
  clipId: Id<'clip'>,
  generationIds: readonly Id<'gen'>[],
): Promise<StoreAnswer> {
  const db = database(env);
  const now = new Date().toISOString();
  const [, erasedComments, erasedLikes, erasedPrompts] = await db.batch([
    db
      .update(clips)
      .set({ prompt: '', caption: '', summary: '', showPrompt: false, parentHandle: null, cast: [] })
      .where(eq(clips.id, clipId)),
    db
      .update(comments)
      .set({ text: '', deletedAt: sql`coalesce(${comments.deletedAt}, ${now})` })
      .where(and(eq(comments.clipId, clipId), ne(comments.text, '')))
      .returning({ id: comments.id }),
    db.delete(likes).where(eq(likes.clipId, clipId)).returning({ clipId: likes.clipId }),
    db
      .update(generations)
      .set({ record: sql`json_set(${generations.record}, '$.prompt', '')` })
      .where(
        and(
          inArray(generations.id, sql`(select value from json_each(${JSON.stringify(generationIds)}))`),
          sql`${generations.record} ->> 'prompt' <> ''`,
        ),
      )
      .returning({ id: generations.id }),
  ]);
  const [said, liked, asked] = [erasedComments.length, erasedLikes.length, erasedPrompts.length];
  return {
    status: 'erased',
    items: 1 + said + liked + asked,
    detail: `Caption, prompt, summary and cast of the clip; ${counted(asked, 'generation record')}, ${counted(said, 'comment')}, ${counted(liked, 'like')}. Its id, keys and times stay, so that receipts can be checked.`,
  };
}

/** The likeness' own object writes what it is now; what the row showed of the person goes at once. */
async function eraseLikenessRows(env: Pick<Env, 'DB'>, { ownerId }: EraseParams): Promise<StoreAnswer> {
  const rows = await database(env)
    .update(cameos)
    .set({ portrait: null, verification: null })
    .where(eq(cameos.accountId, ownerId))
    .returning({ accountId: cameos.accountId });
  if (rows.length === 0) return { status: 'none', items: 0, detail: 'There was no row.' };
  return { status: 'erased', items: rows.length, detail: 'Portrait and verification of the likeness.' };
}
