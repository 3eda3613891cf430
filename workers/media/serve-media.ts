/**
 * The media gate: the one handler every byte of media leaves through. It asks the clip, the consent log and R2 at the same time and
 * answers only when the first two allow it. Caches may hold bytes, never permission: every response is `private, no-cache` with an
 * ETag, so that a replay comes back here.
 */
import type { Context } from 'hono';
import type { ClipRecord, StoredObject } from '#durable-objects/clip/rpc.ts';
import { askGate } from '#durable-objects/consent/gate.ts';
import { clipKey } from '#schemas/consent.ts';
import type { ErrorCode } from '#schemas/errors.ts';
import type { Id } from '#schemas/ids.ts';
import type { ApiEnv } from '../api/context.ts';
import { regionOf } from '../api/region.ts';
import { refuse } from '../api/respond.ts';
import { canSee } from '../store/core/visibility.ts';
import { keysOf, rememberKeys } from './key-cache.ts';
import { readRange } from './range.ts';

export type MediaFile = 'video.mp4' | 'poster.jpg' | 'manifest.c2pa' | 'captions.vtt';

function objectOf(clip: ClipRecord, file: MediaFile): StoredObject | null {
  switch (file) {
    case 'video.mp4':
      return clip.media.video;
    case 'poster.jpg':
      return clip.media.poster;
    case 'manifest.c2pa':
      return clip.media.manifest;
    case 'captions.vtt':
      return clip.media.captions;
  }
}

/** A deleted clip is gone; one that another key stopped is not told apart from it, so that nobody learns whose consent it was. */
async function permit(c: Context<ApiEnv>, clipId: Id<'clip'>): Promise<ClipRecord | ErrorCode> {
  const region = regionOf(c);
  const known = keysOf(clipId);
  const [clip, early] = await Promise.all([
    c.env.CLIP.getByName(clipId).read(),
    known === null ? null : askGate(c.env, region, known, 'serve'),
  ]);
  if (!clip.ok) return clip.error.code;
  const record = clip.value;
  if (record.status === 'withdrawn') return 'clip_deleted';
  if (!canSee(record, c.get('viewer')?.accountId ?? null)) return 'not_found';
  rememberKeys(clipId, record.keys);
  // The answer to other keys than the clip's own is none.
  const same = known !== null && known.join() === record.keys.join();
  const decision = (same ? early : null) ?? (await askGate(c.env, region, record.keys, 'serve'));
  return decision.allowed ? record : 'clip_deleted';
}

function etagMatches(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

/** GET and HEAD of one media file, with ranges and revalidation. */
export async function serveMedia(c: Context<ApiEnv>, clipId: Id<'clip'>, file: MediaFile): Promise<Response> {
  const clip = await permit(c, clipId);
  if (typeof clip === 'string') return refuse(c, { code: clip });
  const object = objectOf(clip, file);
  if (object === null) return refuse(c, { code: 'not_found' });

  const etag = `"${object.sha256.slice(0, 32)}"`;
  c.header('ETag', etag);
  c.header('Cache-Control', 'private, no-cache');
  c.header('Accept-Ranges', 'bytes');
  c.header('Link', `</api/v1/clips/${clipId}/provenance>; rel="c2pa-manifest"`);
  if (file === 'manifest.c2pa') c.header('Content-Disposition', `attachment; filename="${clipId}.c2pa"`);
  if (etagMatches(c.req.header('If-None-Match'), etag)) return c.body(null, 304);

  const ifRange = c.req.header('If-Range');
  const wanted = readRange(
    ifRange === undefined || ifRange === etag ? c.req.header('Range') : undefined,
    object.size,
  );
  if (!wanted.ok) {
    c.header('Content-Range', `bytes */${object.size}`);
    return refuse(c, wanted.error);
  }
  const range = wanted.value;
  c.header('Content-Type', object.mediaType);
  c.header('Content-Length', String(range?.length ?? object.size));
  if (range !== null)
    c.header('Content-Range', `bytes ${range.offset}-${range.offset + range.length - 1}/${object.size}`);
  const status = range === null ? 200 : 206;
  if (c.req.method === 'HEAD') return c.body(null, status);

  const stored = await c.env.MEDIA.get(object.key, range === null ? {} : { range });
  if (stored === null) {
    c.get('log').error('media object missing', { id: clipKey(clipId) });
    return refuse(c, { code: 'not_found' });
  }
  return c.body(stored.body, status);
}
