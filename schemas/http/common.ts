/** Pieces every route shares. JSON is camelCase, times are ISO 8601 UTC, lists are `{ items, nextCursor }`. */
import { z } from 'zod';

export const isoTimeSchema = z.iso.datetime();

export const handleSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/,
    'must be 1–30 letters, digits or hyphens, and start and end with a letter or digit',
  );

export const cursorSchema = z.string().min(1).max(1024);

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(50).default(20),
  cursor: cursorSchema.optional(),
});

/** A page of anything. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
