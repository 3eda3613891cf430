import { z } from 'zod';
import { accountSchema } from './accounts.ts';
import { clipSchema } from './clips.ts';

export const searchQuerySchema = z.object({
  q: z.string().trim().min(2, 'write at least two characters').max(80),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

/** `GET /api/v1/search`: clips by what their creators said of them in public, people by handle and name. */
export const searchSchema = z
  .object({ clips: z.array(clipSchema), accounts: z.array(accountSchema) })
  .meta({ id: 'Search' });
