/**
 * Starts and ends a check that stays in this browser. Invariant: the file goes to a worker of this page and nowhere else; the only requests are
 * for the reader itself and for the public trust lists. A worker serves one check and is ended with it, which gives its memory back. Called by
 * use-check.ts and raw-record.tsx.
 */

import type { ErrorCode } from '#schemas/errors.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import type { Verification } from '#schemas/verdict.ts';
import { ApiError } from '../api/client.ts';
import { getTrustLists } from '../api/verify.ts';

/** Size of the reader (c2pa-rs as WebAssembly) once unpacked, megabytes. test/node/web-verify.test.ts compares it with the file. */
export const readerMegabytes = 9;

export interface LocalResult {
  readonly verification: Verification;
  readonly crJson: unknown;
  readonly manifestStore: Uint8Array | null;
}

/** What the page sends to its worker. */
export interface CheckRequest {
  readonly file: File;
  readonly trust: TrustLists;
}

/** What the worker says: any number of `progress`, then one of the others. */
export type CheckMessage =
  | { readonly kind: 'progress'; readonly stage: LocalStage; readonly done: number }
  | { readonly kind: 'result'; readonly result: LocalResult }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

export type LocalStage = 'loading' | 'reading';

/**
 * @param onProgress which stage, and 0..1 of it
 * @throws ApiError for a kind of file that cannot be read, for a reader that does not load, and `network` when `signal` fires
 */
export async function checkInBrowser(
  file: File,
  onProgress: (stage: LocalStage, done: number) => void,
  signal: AbortSignal,
): Promise<LocalResult> {
  onProgress('loading', 0);
  const trust = await getTrustLists(signal);
  signal.throwIfAborted();
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    type: 'module',
    name: 'kinora-check',
  });
  try {
    return await new Promise<LocalResult>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.onerror = () =>
        reject(
          new ApiError({
            code: 'network',
            message: 'The reader could not be loaded. Check your connection and try again.',
            status: 0,
          }),
        );
      worker.onmessage = ({ data }: MessageEvent<CheckMessage>) => {
        if (data.kind === 'progress') onProgress(data.stage, data.done);
        else if (data.kind === 'result') resolve(data.result);
        else reject(new ApiError({ code: data.code, message: data.message, status: 0 }));
      };
      worker.postMessage({ file, trust } satisfies CheckRequest);
    });
  } finally {
    worker.terminate();
  }
}
