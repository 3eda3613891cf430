/**
 * The shapes of the C2PA Soft Binding Resolution API, in its own names, and what its routes share. Public: no account, open to every origin, limited
 * by address. @see C2PA 2.4, "Soft Binding Resolution API" (OpenAPI document in softbinding/Decoupled.html)
 */
import type { Context } from 'hono';
import { z } from 'zod';
import type { ApiEnv } from '../../context.ts';
import { addressOf, spend } from '../../middleware/limits.ts';

export const queryResultSchema = z
  .object({
    matches: z.array(
      z.object({
        manifestId: z.string().meta({ description: 'Ask `/manifests/{manifestId}` for it.' }),
        similarityScore: z.number().int().min(0).max(100).meta({
          description:
            'Share of the frames that agree, of 100. 50 for a manifest that was located by the mark alone: the bits are equal and nothing was compared.',
        }),
      }),
    ),
  })
  .meta({ id: 'SoftBindingQueryResult' });

export const maxResultsSchema = z.coerce.number().int().min(1).max(50).default(10);

export const bindingQuerySchema = z
  .strictObject({ alg: z.string().min(1).max(100), value: z.string().min(1).max(4096) })
  .meta({ id: 'SoftBindingQuery' });

/** Marks the answer as open to every origin and spends one request of this address. */
export async function admitAnybody(c: Context<ApiEnv>): Promise<void> {
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Cache-Control', 'no-store');
  await spend(c, 'LIMIT_ADDRESS', addressOf(c));
}
