/**
 * Receipts of erasures in D1. Invariant: a deletion writes only its own receipt: one that was replaced because a likeness was enrolled
 * and erased again is left alone. Called by the erasure workflow and by the routes that show a receipt.
 */
import { and, eq, sql } from 'drizzle-orm';
import type { EraseParams } from '#durable-objects/shared/erasure.ts';
import type { Erasure } from '#schemas/http/clips.ts';
import { erasures } from '#schemas/tables.ts';
import { type Database, database } from '../../store/database.ts';
import { openReceipt, type StoreAnswer, type StoreName, withAnswer } from './core/receipt.ts';

type Deletion = Pick<EraseParams, 'subject' | 'revocationId'>;

/** Null before the workflow has begun. */
export async function readReceipt(db: Database, subject: Erasure['subject']): Promise<Erasure | null> {
  const row = await db.select().from(erasures).where(eq(erasures.subject, subject)).get();
  return row?.receipt ?? null;
}

/** A receipt that names every store. One that this deletion has begun already stays. */
export async function beginReceipt(env: Pick<Env, 'DB'>, deletion: Deletion): Promise<void> {
  const set = { receipt: openReceipt(deletion), updatedAt: new Date().toISOString() };
  await database(env)
    .insert(erasures)
    .values({ subject: deletion.subject, ...set })
    .onConflictDoUpdate({
      target: erasures.subject,
      set,
      setWhere: sql`${erasures.receipt} ->> 'revocationId' is not ${deletion.revocationId}`,
    });
}

/** Writes what one store answered. Steps of a workflow run one after the other, so nothing is written in between. */
export async function writeAnswer(
  env: Pick<Env, 'DB'>,
  { subject, revocationId }: Deletion,
  store: StoreName,
  answer: StoreAnswer,
): Promise<void> {
  const db = database(env);
  const receipt = await readReceipt(db, subject);
  if (receipt === null || receipt.revocationId !== revocationId) return;
  const at = new Date().toISOString();
  await db
    .update(erasures)
    .set({ receipt: withAnswer(receipt, store, answer, at), updatedAt: at })
    .where(
      and(eq(erasures.subject, subject), sql`${erasures.receipt} ->> 'revocationId' is ${revocationId}`),
    );
}
