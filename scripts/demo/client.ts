/** A small client of the public HTTP API, for the scripts and tests that use Kinora from outside. */
import type { ErrorEnvelope } from '../../schemas/errors.ts';

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | null;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(status: number, body: Partial<ErrorEnvelope> | null, retryAfter: string | null) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = body?.error?.code ?? 'internal';
    this.details = body?.error?.details ?? {};
    this.retryAfterSeconds = retryAfter === null ? null : Number(retryAfter);
  }
}

/** @throws ApiError for any answer that is not 2xx */
export type ApiClient = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<T>;

export function createClient(url: string, token?: string): ApiClient {
  return async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? null : JSON.parse(text);
    if (!response.ok) throw new ApiError(response.status, parsed, response.headers.get('retry-after'));
    return parsed;
  };
}
