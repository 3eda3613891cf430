/** Hashing of JSON values, independent of the order of keys. */

import { hexSha256 } from '../encoding/hex.ts';

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, canonical(field)]),
  );
}

/** Hex SHA-256 of a JSON value with sorted keys. */
export function hashJson(value: unknown): Promise<string> {
  return hexSha256(JSON.stringify(canonical(value)));
}
