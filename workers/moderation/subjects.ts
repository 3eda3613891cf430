/**
 * The snapshot of a reported clip, from the record that owns it. Invariant: everything a moderator may look at is named here, by its
 * place in R2, as it was at this moment. Called by the report route.
 */
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { CaseMedia, CaseSubject } from '#schemas/moderation.ts';

export function clipSubject(clip: ClipRecord, reach: number): CaseSubject {
  const media = Object.entries(clip.media).flatMap(([name, object]): CaseMedia[] => {
    const file = clipFiles[name];
    if (object === null || file === undefined) return [];
    const { key, size, mediaType, sha256 } = object;
    return [{ file, key, size, mediaType, sha256 }];
  });
  return {
    kind: 'clip',
    id: clip.clipId,
    ownerId: clip.ownerId,
    title: clip.caption === '' ? clip.summary : clip.caption,
    clipId: clip.clipId,
    parentClipId: clip.parent?.clipId ?? null,
    media,
    contentHash: clip.media.video.sha256,
    durationMs: clip.durationMs,
    createdAt: clip.publishedAt ?? clip.createdAt,
    reach,
  };
}

const clipFiles: Readonly<Record<string, string>> = {
  video: 'video.mp4',
  poster: 'poster.jpg',
  manifest: 'manifest.c2pa',
  captions: 'captions.vtt',
  fingerprints: 'fingerprints.json',
};
