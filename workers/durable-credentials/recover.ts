/**
 * Finds the clip that a file is a copy of, when its credentials are gone. Invariants: the mark only locates, and the fingerprint must agree
 * before anything is recovered, because a mark can be copied onto anything; without a fingerprint nothing is recovered. Called by ingest, by the
 * verify route and by the resolution routes.
 */
import { eq } from 'drizzle-orm';
import { audioAgreesAt } from '#core/fingerprint/index.ts';
import { type FingerprintMatch, fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import { manifests, watermarks } from '#schemas/tables.ts';
import { database } from '../store/database.ts';

/** What a render node saw in the file. */
export interface Seen {
  readonly watermark: { readonly id: string; readonly confidence: number } | null;
  readonly fingerprints: Fingerprints | null;
}

export interface Recovered {
  readonly clipId: Id<'clip'>;
  readonly manifestLabel: string;
  /** R2 key of the manifest store. */
  readonly storeKey: string;
  /** 0..100. */
  readonly similarity: number;
  readonly audio: number | null;
  readonly by: 'watermark' | 'fingerprint';
}

/** It bears the mark of this clip and is not this clip. */
export interface Contradicted {
  readonly contradiction: 'mark-without-fingerprint';
  readonly clipId: Id<'clip'>;
  readonly similarity: number;
}

/** With the mark saying where to look there is one comparison, not one with every clip: fewer frames have to agree. */
const locatedAgreesAt = 30;
/** Below this, and with frames enough to tell, the picture is another: between the two it was edited too far to say. */
const contradictsBelow = 10;
const enoughFrames = 3;

type RecoverEnv = Pick<Env, 'DB' | 'FINGERPRINT_INDEX'>;

/** Null: nothing of ours was found, or it could not be told. */
export async function recover(
  env: RecoverEnv,
  { watermark, fingerprints }: Seen,
): Promise<Recovered | Contradicted | null> {
  if (fingerprints === null) return null;
  const index = fingerprintIndexOf(env);
  const located = watermark === null ? [] : await clipsMarked(env, watermark.id);
  const compared: FingerprintMatch[] = [];
  for (const { clipId, manifestLabel } of located) {
    const match = await index.compare(fingerprints, clipId);
    if (match === null) continue;
    if (agrees(match) || agreesWhereItWasLocated(match)) {
      const found = await recoveredFrom(env, match, 'watermark', manifestLabel);
      if (found !== null) return found;
    }
    compared.push(match);
  }
  const [match] = await index.match(fingerprints, 1);
  if (match !== undefined) {
    // The mark of one clip on the picture of another is nobody's honest copy.
    const foreign = compared.find(isAnother);
    return foreign === undefined ? recoveredFrom(env, match, 'fingerprint') : contradicted(foreign);
  }
  const another = compared.find(isAnother);
  return another === undefined ? null : contradicted(another);
}

/** The same sound and a frame of the same picture, or a third of the frames. */
function agreesWhereItWasLocated({ similarity, frames, audio }: FingerprintMatch): boolean {
  if (audio !== null && audio >= audioAgreesAt && frames.agreeing > 0) return true;
  return similarity >= locatedAgreesAt && frames.agreeing >= enoughFrames;
}

/** Whether a comparison by itself says that the two are one film. */
export function agrees(match: FingerprintMatch): boolean {
  return match.agrees;
}

/** Clips whose renditions bear this mark: usually one, several when forty bits collide. */
export async function clipsMarked(
  env: Pick<Env, 'DB'>,
  watermarkId: string,
): Promise<{ clipId: Id<'clip'>; manifestLabel: string }[]> {
  return database(env)
    .select({ clipId: watermarks.clipId, manifestLabel: watermarks.manifestLabel })
    .from(watermarks)
    .where(eq(watermarks.watermarkId, watermarkId))
    .orderBy(watermarks.createdAt)
    .limit(50);
}

/** Manifests of a clip's renditions, the newest first. */
export async function manifestsOf(
  env: Pick<Env, 'DB'>,
  clipId: Id<'clip'>,
): Promise<{ label: string; storeKey: string }[]> {
  const rows = await database(env)
    .select({ label: manifests.label, storeKey: manifests.storeKey, createdAt: manifests.createdAt })
    .from(manifests)
    .where(eq(manifests.clipId, clipId));
  return rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

function isAnother({ similarity, frames }: FingerprintMatch): boolean {
  return similarity < contradictsBelow && frames.usable >= enoughFrames;
}

function contradicted({ clipId, similarity }: FingerprintMatch): Contradicted {
  return { contradiction: 'mark-without-fingerprint', clipId, similarity };
}

async function recoveredFrom(
  env: Pick<Env, 'DB'>,
  { clipId, similarity, audio }: FingerprintMatch,
  by: Recovered['by'],
  label?: string,
): Promise<Recovered | null> {
  const stored = await manifestsOf(env, clipId);
  const manifest = stored.find((row) => row.label === label) ?? stored[0];
  if (manifest === undefined) return null;
  return { clipId, manifestLabel: manifest.label, storeKey: manifest.storeKey, similarity, audio, by };
}
