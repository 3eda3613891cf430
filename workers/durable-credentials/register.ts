/**
 * Makes a rendition findable by what survives when its metadata does not: its invisible mark, its fingerprint, the label of its manifest.
 * Invariants: registering twice is registering once; what a clip's erasure forgot stays forgotten, whoever registers late. Called by the
 * generation workflow and by ingest when a draft is made, and by the erasure workflow.
 */
import { and, eq, ne } from 'drizzle-orm';
import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import type { WatermarkId } from '#schemas/provenance.ts';
import { manifests, watermarks } from '#schemas/tables.ts';
import { database } from '../store/database.ts';

export interface Rendition {
  readonly clipId: Id<'clip'>;
  /** What made it: a generation, or the upload it came from. */
  readonly sourceId: Id<'gen'> | Id<'upl'>;
  /** Null when it bears no mark of ours. */
  readonly watermarkId: WatermarkId | null;
  readonly manifestLabel: string;
  /** R2 keys of the manifest store and of its crJSON. */
  readonly storeKey: string;
  readonly crJsonKey: string | null;
  /** Null when none could be made; it is then found by its mark alone, and a mark alone recovers nothing. */
  readonly fingerprints: Fingerprints | null;
}

type RegisterEnv = Pick<Env, 'DB' | 'FINGERPRINT_INDEX'>;

/** Idempotent. Resolves when everything is written, or when nothing is because the clip was erased. */
export async function registerRendition(env: RegisterEnv, rendition: Rendition): Promise<void> {
  const { clipId, sourceId, watermarkId, manifestLabel, storeKey, crJsonKey, fingerprints } = rendition;
  const index = fingerprintIndexOf(env);
  if (!(await index.add({ clipId, sourceId, fingerprints }))) return;
  const db = database(env);
  const createdAt = new Date().toISOString();
  const uploadId = sourceId.startsWith('upl_') ? (sourceId as Id<'upl'>) : null;
  await db
    .insert(manifests)
    .values({ label: manifestLabel, clipId, uploadId, storeKey, crJsonKey, createdAt })
    .onConflictDoNothing();
  if (watermarkId !== null && uploadId === null) {
    await db
      .insert(watermarks)
      .values({ watermarkId, generationId: sourceId as Id<'gen'>, clipId, manifestLabel, createdAt })
      .onConflictDoNothing();
  }
  // An erasure may have come between: it forgets in the index first, so this cannot miss it.
  if (await index.isForgotten(clipId)) await forgetCredentials(env, clipId);
}

/** What was forgotten, by store of the erasure's receipt. */
export interface Forgotten {
  readonly fingerprints: number;
  readonly credentials: number;
}

/**
 * Takes a clip out of everything that finds it. Of its manifests only the labels stay, so that a copy with its manifest still leads to the record
 * of the revocation. Idempotent; a repeated call counts nothing.
 */
export async function forgetRendition(env: RegisterEnv, clipId: Id<'clip'>): Promise<Forgotten> {
  const { removed } = await fingerprintIndexOf(env).remove(clipId);
  return { fingerprints: removed, credentials: await forgetCredentials(env, clipId) };
}

async function forgetCredentials(env: Pick<Env, 'DB'>, clipId: Id<'clip'>): Promise<number> {
  const [marks, stores] = await database(env).batch([
    database(env)
      .delete(watermarks)
      .where(eq(watermarks.clipId, clipId))
      .returning({ id: watermarks.watermarkId }),
    database(env)
      .update(manifests)
      .set({ storeKey: '', crJsonKey: null })
      .where(and(eq(manifests.clipId, clipId), ne(manifests.storeKey, '')))
      .returning({ label: manifests.label }),
  ]);
  return marks.length + stores.length;
}
