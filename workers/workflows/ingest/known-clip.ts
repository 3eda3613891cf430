/**
 * What may be said to anybody about one of our clips, and which of them a manifest names. Invariants: who made it is named only while the
 * clip is public and served; that consent was withdrawn is always told, never who withdrew it. Called by examine.ts and the verify route.
 */
import { and, eq, isNotNull } from 'drizzle-orm';
import type { KnownClip, NamedClip } from '#core/verdict/input.ts';
import { askGate, homeRegion } from '#durable-objects/consent/gate.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { manifests } from '#schemas/tables.ts';
import { RefusalError } from '../../api/respond.ts';
import { findClipConsent } from '../../api/routes/revocations/find-record.ts';
import { accountById } from '../../store/accounts-store.ts';
import { canSee } from '../../store/core/visibility.ts';
import { database } from '../../store/database.ts';

/** @param origin ours, without a slash at the end */
export async function knownClip(env: Env, clipId: Id<'clip'>, origin: string): Promise<KnownClip> {
  const clip = await env.CLIP.getByName(clipId).read();
  const served =
    clip.ok &&
    clip.value.status !== 'withdrawn' &&
    (await askGate(env, homeRegion, clip.value.keys, 'serve')).allowed;
  if (!served) return { clipId, maker: null, withdrawn: await withdrawal(env, clipId, origin, clip.ok) };
  const named = canSee(clip.value, null) ? await accountById(database(env), clip.value.ownerId) : null;
  const maker = named === null ? null : { handle: named.handle, displayName: named.displayName };
  return { clipId, maker, withdrawn: null };
}

/** @param exists that a clip which is there is not served is a withdrawal, whatever the record says of when */
async function withdrawal(
  env: Env,
  clipId: Id<'clip'>,
  origin: string,
  exists: boolean,
): Promise<KnownClip['withdrawn']> {
  const url = `${origin}/revocations/${clipId}`;
  try {
    const { revocation } = await findClipConsent(env, clipId);
    const stands = revocation !== null && !revocation.lifted && revocation.denies.includes('serve');
    if (stands) return { at: revocation.revokedAt, url };
    return exists ? { at: null, url } : null;
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code === 'not_found') return null;
    throw error;
  }
}

/**
 * The clip of ours that the active manifest says it belongs to: by its label, which our register holds, or by the public record it points
 * at. Whether that is true is for the verdict to say.
 */
export async function namedBy(
  env: Env,
  report: ProvenanceReport,
  origin: string,
): Promise<(Pick<NamedClip, 'by'> & { readonly clipId: Id<'clip'> }) | null> {
  if (report.manifest === null) return null;
  const { label, revocationUrl } = report.manifest;
  const row = await database(env)
    .select({ clipId: manifests.clipId })
    .from(manifests)
    .where(and(eq(manifests.label, label), isNotNull(manifests.clipId)))
    .get();
  if (row !== undefined && row.clipId !== null) return { clipId: row.clipId, by: 'label' };
  const record = clipOfRecord(revocationUrl, report.trustModel === 'kinora' ? null : origin);
  return record === null ? null : { clipId: record, by: 'record' };
}

/** @param origin the address must begin with it; null: any will do, because our own key signed it */
function clipOfRecord(url: string | null, origin: string | null): Id<'clip'> | null {
  if (url === null || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (origin !== null && parsed.origin !== origin) return null;
  return idSchema('clip').safeParse(/^\/revocations\/(clip_\w+)$/.exec(parsed.pathname)?.[1]).data ?? null;
}
