/**
 * The files of an enrolment in R2: recordings and portraits below one prefix, and the portrait that stays, where the likeness is looked
 * for. Invariant: a portrait is kept only if it is the one the report named. Called by the Enrolment object.
 */

import type { SealedReport } from '#durable-objects/inspection-queue/rpc.ts';
import { portraitKey } from '#durable-objects/shared/core/portrait-key.ts';
import type { Id } from '#schemas/ids.ts';

const folder = (id: Id<'enr'>) => `enrolments/${id}/`;

/** Every upload has a place of its own, so that one given up late does not write over the next. */
export function recordingKey(id: Id<'enr'>, attempt: number): string {
  return `${folder(id)}recording-${attempt}`;
}

/** Moves nothing: the enrolment's own copy goes with its other files. Without a portrait an earlier one goes. */
export async function keepPortrait(
  media: R2Bucket,
  cameoId: Id<'cam'>,
  portrait: SealedReport['portrait'],
): Promise<void> {
  if (portrait === null) return media.delete(portraitKey(cameoId));
  const object = await media.get(portrait.objectKey);
  if (object === null) throw new Error('the portrait is not there');
  // R2 refuses bytes of another digest.
  await media.put(portraitKey(cameoId), await object.arrayBuffer(), {
    sha256: portrait.sha256,
    httpMetadata: { contentType: 'image/jpeg' },
  });
}

export async function eraseFiles(media: R2Bucket, id: Id<'enr'>): Promise<void> {
  const { objects } = await media.list({ prefix: folder(id) });
  if (objects.length > 0) await media.delete(objects.map(({ key }) => key));
}
