/**
 * Keyset pages: a page goes on after the last row shown, so rows that come or go in between neither repeat nor vanish. Invariant:
 * a cursor that is not one of ours is `cursor_invalid`. A cursor holds nothing secret and grants nothing: it names a place in an
 * order the reader may see anyway. Called by the stores.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '#schemas/result.ts';

/** Rows are ordered by a time, newest first, and within it by id. */
const keysetSchema = z.strictObject({ time: z.iso.datetime(), id: z.string().min(1).max(64) });
export type Keyset = z.infer<typeof keysetSchema>;

/** What a list route asks for. */
export interface PageRequest {
  readonly limit: number;
  /** Null for the first page. */
  readonly cursor: string | null;
}

/** Base64url of JSON. */
export function encodeKeyset(keyset: Keyset): string {
  return btoa(JSON.stringify(keyset)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null for no cursor. Refuses with cursor_invalid. */
export function decodeKeyset(cursor: string | null): Result<Keyset | null> {
  if (cursor === null) return ok(null);
  try {
    const parsed = keysetSchema.safeParse(JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))));
    return parsed.success ? ok(parsed.data) : fail('cursor_invalid');
  } catch {
    return fail('cursor_invalid');
  }
}

/** Cuts `limit + 1` rows to a page and names where the next one starts. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  keysetOf: (row: T) => Keyset,
): { rows: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeKeyset(keysetOf(last)) : null;
  return { rows: page, nextCursor };
}
