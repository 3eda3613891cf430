/** Resumable uploads (K-51): one function per operation of the HTTP contract. */
import type { Page } from '#schemas/http/common.ts';
import type { CreateUpload, storedPartSchema, Upload } from '#schemas/http/uploads.ts';
import { request, withQuery } from './client.ts';
import { upload } from './upload.ts';

export type StoredPart = (typeof storedPartSchema)['_output'];

export const createUpload = (body: CreateUpload) => request<Upload>('POST', '/uploads', { body });
export const getUpload = (id: string) => request<Upload>('GET', `/uploads/${id}`);
export const listUploads = (cursor: string | null) =>
  request<Page<Upload>>('GET', withQuery('/uploads', { limit: 20, cursor }));
export const completeUpload = (id: string) => request<Upload>('POST', `/uploads/${id}/complete`);
export const deleteUpload = (id: string) => request<unknown>('DELETE', `/uploads/${id}`);

/** @param digest base64 of the part's SHA-256: bytes that arrive differently are refused (RFC 9530) */
export const putPart = (
  id: string,
  part: number,
  bytes: Blob,
  digest: string,
  onProgress: (done: number) => void,
  signal: AbortSignal,
) =>
  upload<StoredPart>(`/uploads/${id}/parts/${part}`, bytes, onProgress, signal, {
    headers: { 'content-digest': `sha-256=:${digest}:` },
  });
