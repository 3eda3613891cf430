/** How routes are declared: every one has an operation id, a summary, its errors in the one envelope, and lands in OpenAPI. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { type ErrorCode, errorEnvelopeSchema, statusOf } from '#schemas/errors.ts';
import type { ApiEnv } from './context.ts';
import { RefusalError } from './respond.ts';

const envelope = errorEnvelopeSchema.meta({ id: 'Error' });

/** A router whose validation failures leave as `bad_request` naming each field. */
export function createRouter() {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = result.error.issues
        .slice(0, 20)
        .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      const first = issues[0];
      const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
      throw new RefusalError('bad_request', first === undefined ? undefined : `${where}${first.message}`, {
        issues,
      });
    },
  });
}

/**
 * The OpenAPI entries of refusals, grouped by status: `responses: { 200: …, ...refusals('not_found') }`. Typed as `object` on purpose:
 * handlers answer refusals by throwing, so they must not appear among the bodies a handler may return.
 */
export function refusals(...codes: readonly ErrorCode[]): object {
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of ['bad_request', 'rate_limited', 'internal', ...codes] as const) {
    const status = statusOf(code);
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      json(envelope, [...list].map((code) => `\`${code}\``).join(', ')),
    ]),
  );
}

/** A JSON body in a response. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A required JSON body in a request. */
export function body<T extends z.ZodType>(schema: T) {
  return { required: true, content: { 'application/json': { schema } } };
}

export { createRoute };
