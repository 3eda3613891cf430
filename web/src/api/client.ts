/**
 * The one place where the app talks HTTP. Every failure leaves as an `ApiError` with a code of the closed registry (or `network`),
 * a sentence for people and the request id; callers never look at a Response. Reads are tried once more after a network fault
 * or a 503; writes are never repeated by themselves.
 */
import type { ErrorCode, ErrorEnvelope } from '#schemas/errors.ts';

export type ClientErrorCode = ErrorCode | 'network';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ClientErrorCode;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly requestId: string | null;
  /** Seconds to wait, from Retry-After; null when the server named none. */
  readonly retryAfter: number | null;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: {
    code: ClientErrorCode;
    message: string;
    status: number;
    requestId?: string | null;
    retryAfter?: number | null;
    details?: Record<string, unknown>;
  }) {
    super(init.message);
    this.code = init.code;
    this.status = init.status;
    this.requestId = init.requestId ?? null;
    this.retryAfter = init.retryAfter ?? null;
    this.details = init.details ?? {};
  }
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
  /** Lets a write finish after its page has gone (signals). */
  readonly keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const unauthenticatedListeners = new Set<() => void>();

/** Calls back whenever the server says that the session has ended. */
export function onUnauthenticated(listener: () => void): void {
  unauthenticatedListeners.add(listener);
}

/** Seconds in a Retry-After header (delta seconds or an HTTP date), RFC 9110 §10.2.3. */
export function parseRetryAfter(value: string | null, now: number): number | null {
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Appends defined values as a query string. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/**
 * An answer that is not 2xx, as an `ApiError`.
 * @param header reads a response header by its lower-case name
 */
export function refusalOf(status: number, text: string, header: (name: string) => string | null): ApiError {
  const retryAfter = parseRetryAfter(header('retry-after'), Date.now());
  let envelope: Partial<ErrorEnvelope> = {};
  try {
    envelope = JSON.parse(text) as Partial<ErrorEnvelope>;
  } catch {
    // A proxy in between may answer with something else than the envelope.
  }
  const error = envelope.error;
  return new ApiError({
    code: error?.code ?? 'internal',
    message: error?.message ?? `The server answered ${status} without an explanation.`,
    status,
    requestId: error?.requestId ?? header('x-request-id'),
    retryAfter,
    ...(error?.details ? { details: error.details } : {}),
  });
}

/** Nobody answered at all. */
export function unreachable(): ApiError {
  return new ApiError({
    code: 'network',
    message: 'Kinora cannot be reached. Check your connection and try again.',
    status: 0,
  });
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.idempotencyKey) headers.set('idempotency-key', options.idempotencyKey);
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw unreachable();
  }
}

/**
 * One request to the API.
 * @param path below `/api/v1`, with a leading slash
 * @returns the parsed body, or undefined for 204
 * @throws ApiError for every answer that is not 2xx and when nobody answers; an AbortError if `signal` fires
 */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  let response: Response;
  try {
    response = await send(method, path, options);
    if (method === 'GET' && response.status === 503) {
      await pause(600);
      response = await send(method, path, options);
    }
  } catch (error) {
    if (method !== 'GET' || !(error instanceof ApiError)) throw error;
    await pause(400);
    response = await send(method, path, options);
  }
  if (!response.ok) {
    const error = refusalOf(response.status, await response.text(), (name) => response.headers.get(name));
    if (response.status === 401) for (const listener of unauthenticatedListeners) listener();
    throw error;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Anything thrown, as an ApiError that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({
    code: 'internal',
    message: 'Something went wrong in this page. Try again.',
    status: 0,
  });
}
