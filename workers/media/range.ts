/** One byte range of a representation. */
import parseRange from 'range-parser';
import { fail, ok, type Result } from '#schemas/result.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads a Range header against a size in bytes. Null means the whole: no header, a unit other than bytes, or several ranges (RFC 9110 §14.2
 * lets a server answer those whole). Fails with range_not_satisfiable for ranges outside the file or that make no sense.
 */
export function readRange(header: string | undefined, size: number): Result<ByteRange | null> {
  if (header === undefined || !header.startsWith('bytes=')) return ok(null);
  const ranges = parseRange(size, header, { combine: true });
  if (ranges === -1 || ranges === -2) return fail('range_not_satisfiable', undefined, { size });
  const [first, ...others] = ranges;
  if (first === undefined || others.length > 0) return ok(null);
  return ok({ offset: first.start, length: first.end - first.start + 1 });
}
