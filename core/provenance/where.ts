/**
 * Says where in a file lies what a status is about. Invariant: it only points; nothing is decided by it. Called by verify-asset.ts.
 */
import type { ByteRange } from '#schemas/provenance.ts';
import { storePaths } from './jumbf.ts';

/** So many pieces are named; more are drawn together, because nobody reads a thousand ranges. */
const maxRanges = 16;

/**
 * Looks JUMBF URIs up.
 * @param store the manifest store
 * @param ranges where its bytes lie in the file, in order
 * @param activeLabel the manifest that relative URIs belong to
 */
export function storeLocator(
  store: Uint8Array,
  ranges: readonly ByteRange[],
  activeLabel: string | null,
): (uri: string) => ByteRange[] {
  const paths = storePaths(store);
  return (uri) => {
    const path = uri.startsWith('self#jumbf=') ? uri.slice('self#jumbf='.length) : `/c2pa/${uri}`;
    const absolute = path.startsWith('/') ? path : `/c2pa/${activeLabel ?? ''}/${path}`;
    const part = paths.get(absolute);
    return part === undefined ? [] : inFile(part, ranges);
  };
}

/** A part of the store as parts of the file. */
function inFile(part: ByteRange, ranges: readonly ByteRange[]): ByteRange[] {
  const found: ByteRange[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    const [from, to] = [Math.max(part.start, at), Math.min(part.end, at + end - start)];
    if (to > from) found.push({ start: start + from - at, end: start + to - at });
    at += end - start;
  }
  return few(found);
}

/** The same ranges, or what they span if there are too many. */
export function few(ranges: readonly ByteRange[]): ByteRange[] {
  const [first, last] = [ranges.at(0), ranges.at(-1)];
  return ranges.length <= maxRanges || first === undefined || last === undefined
    ? [...ranges]
    : [
        ...ranges.slice(0, maxRanges - 1),
        { start: ranges[maxRanges - 1]?.start ?? first.start, end: last.end },
      ];
}
