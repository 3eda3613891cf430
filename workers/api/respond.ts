/** Refusals become the one error envelope here, and nowhere else. */
import type { Context } from 'hono';
import {
  type ErrorCode,
  type ErrorEnvelope,
  type ErrorStatus,
  errors,
  sentenceOf,
  statusOf,
} from '#schemas/errors.ts';
import type { Refusal, Result } from '#schemas/result.ts';
import type { ApiEnv } from './context.ts';

/**
 * Thrown by middleware and validation to leave a handler early with a refusal. Lives within one Worker invocation, so `instanceof`
 * is safe; across objects refusals travel as `Result`.
 */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(code: ErrorCode, message?: string, details?: Refusal['details']) {
    super(code);
    this.refusal = {
      code,
      ...(message === undefined ? {} : { message }),
      ...(details === undefined ? {} : { details }),
    };
  }
}

/** Answers a refusal with its status. `details.retryAfterSeconds` also becomes the Retry-After header. */
export function refuse(c: Context<ApiEnv>, refusal: Refusal) {
  const body: ErrorEnvelope = {
    error: {
      code: refusal.code,
      message: refusal.message ?? sentenceOf(refusal.code),
      requestId: c.get('requestId') ?? 'unknown',
      ...(refusal.details === undefined ? {} : { details: { ...refusal.details } }),
    },
  };
  const retryAfter = refusal.details?.retryAfterSeconds;
  if (typeof retryAfter === 'number') c.header('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
  else if (statusOf(refusal.code) === 503) c.header('Retry-After', '2');
  c.header('Cache-Control', 'no-store');
  const status: ErrorStatus = errors[refusal.code][0];
  return c.json(body, status);
}

/** The value of a result, or its refusal thrown. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.error.code, result.error.message, result.error.details);
}
