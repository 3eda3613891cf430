/** Ids: a three- or four-letter prefix and a lower-case ULID, e.g. `clip_01jd…`. Sortable by creation time, 80 random bits. */
import { z } from 'zod';

export const idPrefixes = [
  'acc',
  'gen',
  'clip',
  'cam',
  'grant',
  'rev',
  'cmt',
  'rep',
  'req',
  'feed',
  'ses',
  'case',
  'upl',
  'enr',
  'ntf',
  'rvw',
  'dec',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];
export type Id<P extends IdPrefix> = `${P}_${string}`;

const ulid = '[0-7][0-9a-hjkmnp-tv-z]{25}';

/** A zod schema for ids of one kind. */
export function idSchema<P extends IdPrefix>(prefix: P) {
  const pattern = new RegExp(`^${prefix}_${ulid}$`);
  return z
    .custom<Id<P>>((value) => typeof value === 'string' && pattern.test(value), {
      error: `must be a ${prefix}_… id`,
    })
    .meta({ type: 'string', pattern: pattern.source });
}

/** Puts a prefix before a ULID made elsewhere (pure code takes ids as arguments). */
export function withPrefix<P extends IdPrefix>(prefix: P, ulidText: string): Id<P> {
  return `${prefix}_${ulidText.toLowerCase()}`;
}
