/** Likenesses: enrolment, policy, contracts, appearances and revocations; one function per operation of the HTTP contract. */
import type {
  Appearance,
  Cameo,
  CameoReceipt,
  Castable,
  CreateGrant,
  Enrolment,
  Grant,
  RevocationPreview,
  RevokeInput,
  UpdateCameo,
} from '#schemas/http/cameo.ts';
import type { Clip, clipConsentSchema, Erasure, ReceiptBody } from '#schemas/http/clips.ts';
import type { Page } from '#schemas/http/common.ts';
import type { Generation } from '#schemas/http/generations.ts';
import { type ApiError, asApiError, request, withQuery } from './client.ts';

export type ClipConsent = (typeof clipConsentSchema)['_output'];

/** My cameo; null before the first enrolment. */
export async function getCameo(): Promise<Cameo | null> {
  try {
    return await request<Cameo>('GET', '/cameo');
  } catch (error) {
    if (asApiError(error).code === 'not_found') return null;
    throw error;
  }
}
export const updateCameo = (body: UpdateCameo) => request<Cameo>('PATCH', '/cameo', { body });
export const deleteCameo = () => request<CameoReceipt>('DELETE', '/cameo');
export const enrolWithoutCamera = () => request<Cameo>('POST', '/local/cameo', { body: {} });

export const startEnrolment = (keepForRendering: boolean) =>
  request<Enrolment>('POST', '/cameo/enrolments', { body: { keepForRendering } });
export const getEnrolment = (id: string) => request<Enrolment>('GET', `/cameo/enrolments/${id}`);

export const listCastable = (query: string, limit = 8) =>
  request<{ items: Castable[] }>('GET', withQuery('/cameo/castable', { query: query || null, limit }));

export const createGrant = (body: CreateGrant) => request<Grant>('POST', '/cameo/grants', { body });
export const listGrants = (direction: 'given' | 'received', cursor: string | null) =>
  request<Page<Grant>>('GET', withQuery('/cameo/grants', { direction, limit: 20, cursor }));
export const endGrant = (id: string) => request<ReceiptBody>('DELETE', `/cameo/grants/${id}`);

export const listAppearances = (cursor: string | null) =>
  request<Page<Appearance>>('GET', withQuery('/cameo/appearances', { limit: 20, cursor }));
export const decideReview = (reviewId: string, decision: 'approve' | 'refuse') =>
  request<Appearance>('POST', `/cameo/reviews/${reviewId}`, { body: { decision } });

export const previewRevocation = (body: RevokeInput) =>
  request<RevocationPreview>('POST', '/cameo/revocations/preview', { body });
/** @param idempotencyKey the same key for a repeated press returns the same receipt */
export const revoke = (body: RevokeInput, idempotencyKey: string) =>
  request<CameoReceipt>('POST', '/cameo/revocations', { body, idempotencyKey });

export const hideClip = (id: string, hidden: boolean) =>
  request<Clip>(hidden ? 'POST' : 'DELETE', `/clips/${id}/hide`);
export const requestRecast = (id: string, note: string) =>
  request<{ requested: boolean }>('POST', `/clips/${id}/recast-requests`, { body: { note } });
export const recastClip = (id: string, without: readonly string[]) =>
  request<Generation>('POST', `/clips/${id}/recast`, { body: { without } });

/** What was erased so far; null while nothing is known of it yet, or when it is not mine to see. */
export async function getErasure(subject: string): Promise<Erasure | null> {
  const path = subject.startsWith('cam_') ? '/cameo/erasure' : `/clips/${subject}/erasure`;
  try {
    return await request<Erasure>('GET', path);
  } catch (error) {
    const failure: ApiError = asApiError(error);
    if (failure.status === 404 || failure.status === 401 || failure.status === 403) return null;
    throw failure;
  }
}

/** The public record of a clip: whether consent still holds. Null when there is none or it cannot be read. */
export async function getClipConsent(clipId: string): Promise<ClipConsent | null> {
  try {
    const response = await fetch(`/revocations/${clipId}`, { headers: { accept: 'application/json' } });
    return response.ok ? ((await response.json()) as ClipConsent) : null;
  } catch {
    return null;
  }
}
