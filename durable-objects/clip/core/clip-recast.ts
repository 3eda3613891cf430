/**
 * A stand-in takes a person's place (K-15): another generation's rendition takes the place of the old one under the same address.
 * Invariants: people leave a clip by a recast and never come in; the keys of those who left leave with them, every other key stays or is
 * the parent's present one; the number of people shown stays, their names go; nobody who left keeps a say or a wish. Called by
 * clip-object.ts.
 */
import type { ClipCast, ClipRecord, RecastInput } from '#durable-objects/clip/rpc.ts';
import { uploadEngine } from '#schemas/engine.ts';
import type { Id } from '#schemas/ids.ts';
import { crJsonKeyOf } from '#schemas/provenance.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { keysOf } from './clip-machine.ts';
import type { ClipState } from './clip-state.ts';
import { liftOfTheDeparted } from './clip-wishes.ts';

const standIn: ClipCast = { accountId: null, cameoId: null, verification: null, standIn: true };

/**
 * Idempotent by generation. Refuses with not_found, clip_deleted, lineage_too_large, and with conflict when the rendition shows somebody
 * who is not in the clip (any more) or is another owner's.
 */
export function recast(state: ClipState, input: RecastInput): Result<ClipState> {
  if (state.kind === 'absent') return fail('not_found');
  if (state.kind !== 'live') return fail('clip_deleted');
  const { record } = state;
  if (record.generationId === input.generationId) return ok(state);
  if (record.clipId !== input.clipId || record.ownerId !== input.ownerId) {
    return fail('conflict', 'This rendition belongs to another clip.');
  }
  const present = new Set(record.cast.map((member) => member.accountId));
  if (input.cast.some((member) => member.standIn || !present.has(member.accountId))) {
    return fail('conflict', 'Somebody has left this clip while it was being made again.');
  }
  const keys = keysOf(input);
  if (!keys.ok) return keys;
  const stays = new Set(input.cast.map((member) => member.accountId));
  const next: ClipRecord = {
    ...record,
    ...keys.value,
    ...(input.reviewAgain ? ({ status: 'draft', visibility: 'private' } as const) : {}),
    generationId: input.generationId,
    pastGenerationIds: [...record.pastGenerationIds, record.generationId],
    coOwnerIds: input.coOwnerIds,
    cast: record.cast.map((member) => (stays.has(member.accountId) ? member : standIn)),
    summary: input.summary,
    engine: input.engine,
    durationMs: input.durationMs,
    color: input.color,
    media: input.media,
    manifestLabel: input.manifestLabel,
    version: record.version + 1,
  };
  return ok(liftOfTheDeparted({ ...state, record: next }));
}

/** Jobs that made its renditions, oldest first; a clip that came as an upload was made by none. */
export function jobsOf(
  record: Pick<ClipRecord, 'pastGenerationIds' | 'generationId' | 'engine'>,
): Id<'gen'>[] {
  const { pastGenerationIds, generationId, engine } = record;
  return engine.name === uploadEngine.name ? [...pastGenerationIds] : [...pastGenerationIds, generationId];
}

/** Keys in R2 of everything a rendition consists of. */
export function objectKeysOf({ media }: Pick<ClipRecord, 'media'>): string[] {
  const { video, poster, manifest, captions } = media;
  const named = [video, poster, manifest, ...(captions === null ? [] : [captions])].map(({ key }) => key);
  // What was written beside them and nobody keeps an address of.
  const folder = video.key.slice(0, video.key.lastIndexOf('/') + 1);
  return [...named, crJsonKeyOf(manifest.key), `${folder}fingerprints.json`];
}
