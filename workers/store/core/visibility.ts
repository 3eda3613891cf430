/**
 * Who may see a clip. Invariant: the only place where status and visibility become a yes or no; consent is asked apart from it
 * (durable-objects/consent/gate.ts) and both must agree. Called by the media gate, the clip routes and present-clip.ts.
 */
import type { ClipStatus, Visibility } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';

/** Fits the clip object's record and D1's row alike. */
export interface VisibleClip {
  readonly ownerId: Id<'acc'>;
  readonly coOwnerIds: readonly Id<'acc'>[];
  readonly status: ClipStatus;
  readonly visibility: Visibility;
}

/** Owner or co-owner. */
export function hasSay(clip: VisibleClip, viewerId: Id<'acc'> | null): boolean {
  return viewerId !== null && (clip.ownerId === viewerId || clip.coOwnerIds.includes(viewerId));
}

/** By address: withdrawn, nobody; drafts and private clips, owner and co-owners; everything else, anyone. */
export function canSee(clip: VisibleClip, viewerId: Id<'acc'> | null): boolean {
  if (clip.status === 'withdrawn') return false;
  if (clip.status === 'draft' || clip.visibility === 'private') return hasSay(clip, viewerId);
  return true;
}

/** In a list that others see (feed, profile, remixes): what is published to the public; unlisted clips only to those in them. */
export function canList(clip: VisibleClip, viewerId: Id<'acc'> | null): boolean {
  if (clip.status === 'published' && clip.visibility === 'public') return true;
  return hasSay(clip, viewerId) && canSee(clip, viewerId);
}
