/**
 * What has to be kept apart before it is erased. Invariants: under a legal hold, or after a report whose subject the law wants kept,
 * every file is copied to `evidence/`, which nothing serves, and only then may the erasure go on; the receipt says why and until when.
 * Called by the erasure workflow, before anything is deleted.
 */
import { and, eq, inArray } from 'drizzle-orm';
import type { EraseParams } from '#durable-objects/shared/erasure.ts';
import { clipIdOf } from '#durable-objects/shared/erasure.ts';
import type { reportReasons } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { legalHolds, reports } from '#schemas/tables.ts';
import { database } from '../../store/database.ts';
import { counted, type StoreAnswer } from './core/receipt.ts';

type EvidenceEnv = Pick<Env, 'DB' | 'MEDIA' | 'GENERATION'>;

/** Reports about the rights or the safety of a person or an author: what was reported is what a court or an authority may ask for. */
const heldReasons: (typeof reportReasons)[number][] = ['likeness', 'intimate', 'minor', 'copyright'];
/** Evidence of a report is kept this long unless a hold says otherwise: one year covers a notice, a counter-notice and a complaint. */
const reportHoldDays = 365;

export const evidencePrefix = (clipId: Id<'clip'>) => `evidence/${clipId}/`;

interface Hold {
  readonly reason: string;
  /** ISO 8601. */
  readonly until: string;
}

/** A hold that stands, or the one that a report now makes. Null: nothing has to be kept. */
async function holdOn(env: EvidenceEnv, clipId: Id<'clip'>): Promise<Hold | null> {
  const db = database(env);
  const standing = await db.select().from(legalHolds).where(eq(legalHolds.clipId, clipId)).get();
  if (standing !== undefined) return Date.parse(standing.until) > Date.now() ? standing : null;
  const report = await db
    .select({ reason: reports.reason })
    .from(reports)
    .where(and(eq(reports.clipId, clipId), inArray(reports.reason, heldReasons)))
    .get();
  if (report === undefined) return null;
  const now = new Date();
  const until = new Date(now.getTime() + reportHoldDays * 86_400_000).toISOString();
  const hold = { reason: `It was reported (${report.reason}).`, until };
  // Written down, so that whoever clears evidence later finds it, and so that a repeated step answers the same.
  await db
    .insert(legalHolds)
    .values({ clipId, ...hold, createdAt: now.toISOString() })
    .onConflictDoNothing();
  return hold;
}

/** Copies one object and compares; true once the copy is there. */
async function copyOnce(env: EvidenceEnv, from: string, to: string): Promise<boolean> {
  const [kept, source] = await Promise.all([env.MEDIA.head(to), env.MEDIA.get(from)]);
  if (source === null) return kept !== null;
  if (kept?.etag === source.etag) {
    await source.body.cancel();
    return true;
  }
  const copy = await env.MEDIA.put(to, source.body, {
    ...(source.httpMetadata === undefined ? {} : { httpMetadata: source.httpMetadata }),
  });
  if (copy.etag !== source.etag) throw new Error('a copy for evidence differs from its original');
  return true;
}

/** What was asked for: the files alone do not say it. */
async function keepRequest(env: EvidenceEnv, clipId: Id<'clip'>, generationId: Id<'gen'>): Promise<void> {
  const admission = await env.GENERATION.getByName(generationId).admission();
  if (!admission.ok) return;
  const { accountId, request, createdAt } = admission.value;
  // A request that was erased already says nothing; the copy made before it was stays.
  if (request.prompt === '') return;
  await env.MEDIA.put(
    `${evidencePrefix(clipId)}${generationId}/request.json`,
    JSON.stringify({ accountId, request, createdAt }),
    { httpMetadata: { contentType: 'application/json' } },
  );
}

export async function keepEvidence(
  env: EvidenceEnv,
  params: EraseParams,
  keys: readonly string[],
): Promise<StoreAnswer> {
  const clipId = clipIdOf(params.subject);
  const hold = clipId === null ? null : await holdOn(env, clipId);
  if (clipId === null || hold === null) {
    return { status: 'none', items: 0, detail: 'Nothing is under a legal hold.' };
  }
  let items = 0;
  for (const key of keys) {
    if (await copyOnce(env, key, `${evidencePrefix(clipId)}${key}`)) items += 1;
  }
  for (const generationId of params.generationIds) await keepRequest(env, clipId, generationId);
  return {
    status: 'held',
    items,
    detail: `${hold.reason} ${counted(items, 'file')} kept apart until ${hold.until.slice(0, 10)}; nothing serves them.`,
  };
}
