/** What D1 and the feed learn of a clip, as a queue message. Called by clip-object.ts whenever the record's version has grown. */
import type { ClipRecord } from '#durable-objects/clip/rpc.ts';
import type { ClipProjection } from '#schemas/projections.ts';

export function clipProjection(record: ClipRecord): ClipProjection {
  return {
    kind: 'clip',
    version: record.version,
    clip: {
      id: record.clipId,
      ownerId: record.ownerId,
      coOwnerIds: [...record.coOwnerIds],
      status: record.status,
      visibility: record.visibility,
      caption: record.caption,
      prompt: record.prompt,
      showPrompt: record.showPrompt,
      summary: record.summary,
      engine: { ...record.engine },
      size: record.size,
      durationMs: record.durationMs,
      hasCaptions: record.media.captions !== null,
      color: record.color,
      locked: record.locked,
      parentId: record.parent?.clipId ?? null,
      parentHandle: record.parent?.handle ?? null,
      rootId: record.rootId,
      depth: record.depth,
      keys: [...record.keys],
      ownKeys: [...record.ownKeys],
      cast: [...record.cast],
      createdAt: record.createdAt,
      publishedAt: record.publishedAt,
    },
  };
}
