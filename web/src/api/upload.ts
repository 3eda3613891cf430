/**
 * Sends bytes with progress, which fetch() cannot report. Failures leave as the same `ApiError` as everywhere else. Never repeated by
 * itself: what takes an upload may take it only once. Called by the enrolment, upload and verify pages.
 */
import { ApiError, refusalOf, unreachable } from './client.ts';

export interface SendOptions {
  readonly method?: 'PUT' | 'POST';
  /** Beyond accept and content-type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * @param path below `/api/v1`, with a leading slash
 * @param onProgress 0..1 of the bytes that have left this device
 * @throws ApiError for every answer that is not 2xx, when nobody answers, and `network` when `signal` fires
 */
export function upload<T>(
  path: string,
  body: Blob,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
  options: SendOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopped = () => new ApiError({ code: 'network', message: 'Sending was stopped.', status: 0 });
    if (signal?.aborted) return reject(stopped());
    const request = new XMLHttpRequest();
    request.open(options.method ?? 'PUT', `/api/v1${path}`);
    request.setRequestHeader('accept', 'application/json');
    // Parameters such as codecs belong to the recorder, not to the contract.
    request.setRequestHeader('content-type', body.type.split(';')[0] || 'application/octet-stream');
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 200 || request.status > 299)
        return reject(
          refusalOf(request.status, request.responseText, (name) => request.getResponseHeader(name)),
        );
      try {
        resolve(JSON.parse(request.responseText) as T);
      } catch {
        reject(new ApiError({ code: 'internal', message: 'The answer could not be read.', status: 0 }));
      }
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(stopped());
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}
