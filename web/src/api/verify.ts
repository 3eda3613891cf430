/** The public check (K-53): a file, a link or one of our clips in, a verdict with its evidence out. No account. */
import type { TrustLists } from '#schemas/provenance.ts';
import type { Verification } from '#schemas/verdict.ts';
import { request, withQuery } from './client.ts';
import { upload } from './upload.ts';

/** Seconds the answer may wait for a render node's look at mark and fingerprint. */
const patience = 25;

/** @param onProgress 0..1 of the bytes that have left this device; 1 means that the check runs */
export const verifyFile = (file: Blob, onProgress: (done: number) => void, signal: AbortSignal) =>
  upload<Verification>(`/verify?wait=${patience}`, file, onProgress, signal, { method: 'POST' });

export const verifyLink = (url: string, signal: AbortSignal) =>
  request<Verification>('GET', withQuery('/verify', { url, wait: patience }), { signal });

export const verifyClip = (clip: string, signal: AbortSignal) =>
  request<Verification>('GET', withQuery('/verify', { clip, wait: patience }), { signal });

/** Whom the server trusts at the moment: the same lists serve a check in the browser. */
export const getTrustLists = (signal: AbortSignal) => request<TrustLists>('GET', '/trust-lists', { signal });
