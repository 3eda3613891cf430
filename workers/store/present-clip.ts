/**
 * A row as the asking person may see it. Invariant: the prompt leaves only to owner and co-owners, or to everybody if the owner
 * showed it; nothing here decides whether the clip may be seen at all (core/visibility.ts does). Pure; called by every route that
 * answers clips.
 */
import { policyOf } from '#core/moderation/policies.ts';
import { uploadEngine } from '#schemas/engine.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import type { ClipRow } from './clip-row.ts';
import { hasSay } from './core/visibility.ts';

/** The title of the policy under which a moderator labelled it. */
function moderatorLabel(policyId: string | null): Pick<Clip, 'moderatorLabel'> {
  return policyId === null ? {} : { moderatorLabel: policyOf(policyId)?.title ?? policyId };
}

export function presentClip(row: ClipRow, viewerId: Id<'acc'> | null): Clip {
  const { clip, owner } = row;
  const inIt = hasSay(clip, viewerId);
  const media = `/media/${clip.id}`;
  return {
    id: clip.id,
    status: clip.status,
    visibility: clip.visibility,
    owner: { ...owner },
    caption: clip.caption,
    prompt: inIt || clip.showPrompt ? clip.prompt : null,
    summary: clip.summary,
    engine: clip.engine,
    size: clip.size,
    durationMs: clip.durationMs,
    hasCaptions: clip.hasCaptions,
    color: clip.color,
    locked: clip.locked,
    remixable: clip.status === 'published' && !clip.locked,
    parent:
      clip.parentId === null
        ? null
        : { id: clip.parentId, handle: clip.parentHandle ?? '', available: row.parentAvailable },
    depth: clip.depth,
    label: clip.engine.name === uploadEngine.name ? 'uploaded' : 'ai-generated',
    ...moderatorLabel(row.labelPolicyId),
    cast: clip.cast.map(({ accountId, ...likeness }) => ({
      account: row.castAccounts.find(({ id }) => id === accountId) ?? null,
      ...likeness,
    })),
    counts: { likes: row.likes, comments: row.comments, remixes: row.remixes },
    viewer: {
      liked: row.liked,
      isOwner: clip.ownerId === viewerId,
      isCoOwner: viewerId !== null && clip.coOwnerIds.includes(viewerId),
      followsOwner: row.followsOwner,
    },
    media: {
      video: `${media}/video.mp4`,
      poster: `${media}/poster.jpg`,
      manifest: `${media}/manifest.c2pa`,
      captions: clip.hasCaptions ? `${media}/captions.vtt` : null,
    },
    createdAt: clip.createdAt,
    publishedAt: clip.publishedAt,
  };
}
