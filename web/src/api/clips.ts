/** Clips, the feed and what people do with a clip: one function per operation of the HTTP contract. */
import type {
  Clip,
  Comment,
  Feed,
  FeedMode,
  lineageSchema,
  PublishClipInput,
  ReceiptBody,
  reportReasons,
  signalTypes,
} from '#schemas/http/clips.ts';
import type { Page } from '#schemas/http/common.ts';
import type { ReportReceipt } from '#schemas/http/moderation.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { request, withQuery } from './client.ts';

export type ReportReason = (typeof reportReasons)[number];
export type SignalType = (typeof signalTypes)[number];
export type Lineage = (typeof lineageSchema)['_output'];

export const getClip = (id: string) => request<Clip>('GET', `/clips/${id}`);
export const publishClip = (id: string, body: PublishClipInput) =>
  request<Clip>('POST', `/clips/${id}/publish`, { body });
export const deleteClip = (id: string) => request<ReceiptBody>('DELETE', `/clips/${id}`);
export const lockClip = (id: string, locked: boolean) =>
  request<Clip>(locked ? 'POST' : 'DELETE', `/clips/${id}/lock`);
export const getProvenance = (id: string) => request<ProvenanceReport>('GET', `/clips/${id}/provenance`);
export const getLineage = (id: string) => request<Lineage>('GET', `/clips/${id}/lineage`);

export const likeClip = (id: string, liked: boolean) =>
  request<{ liked: boolean; likes: number }>(liked ? 'PUT' : 'DELETE', `/clips/${id}/like`);
export const listComments = (id: string, cursor: string | null) =>
  request<Page<Comment>>('GET', withQuery(`/clips/${id}/comments`, { limit: 20, cursor }));
export const addComment = (id: string, text: string) =>
  request<Comment>('POST', `/clips/${id}/comments`, { body: { text } });
export const deleteComment = (id: string, commentId: string) =>
  request<void>('DELETE', `/clips/${id}/comments/${commentId}`);
export const reportClip = (id: string, reason: ReportReason, details: string) =>
  request<ReportReceipt>('POST', `/clips/${id}/reports`, { body: { reason, details } });

/** Feedback for ranking. Losing one is harmless, so failures are swallowed. */
export function sendSignal(id: string, type: SignalType, requestId?: string): void {
  request<void>('POST', `/clips/${id}/signals`, {
    body: { type, ...(requestId ? { requestId } : {}) },
    keepalive: true,
  }).catch(() => {});
}

export const listMyClips = (status: 'draft' | 'published', cursor: string | null) =>
  request<Page<Clip>>('GET', withQuery('/me/clips', { status, limit: 24, cursor }));
export const listClipsOf = (handle: string, cursor: string | null) =>
  request<Page<Clip>>('GET', withQuery(`/accounts/${handle}/clips`, { limit: 24, cursor }));

/** Clips asked for at once; the first page is short so that the first poster is requested early. */
export const firstPageSize = 4;
const pageSize = 8;

declare global {
  interface Window {
    /** The first feed page, requested by boot.js before this bundle arrived. Taken once. */
    kinoraFirstFeed?: Promise<Feed | null> | undefined;
  }
}

/** A page of the feed. The very first one may already be on its way (boot.js). */
export async function getFeed(mode: FeedMode, cursor: string | null): Promise<Feed> {
  if (mode === 'discover' && !cursor && window.kinoraFirstFeed) {
    const early = await window.kinoraFirstFeed;
    window.kinoraFirstFeed = undefined;
    if (early) return early;
  }
  return request<Feed>('GET', withQuery('/feed', { mode, limit: cursor ? pageSize : firstPageSize, cursor }));
}
