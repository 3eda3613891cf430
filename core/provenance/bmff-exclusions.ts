/**
 * Turns the exclusions of a BMFF hash into byte ranges. Invariant: a box matches here exactly when it matches in c2pa-rs
 * (`asset_handlers/bmff_io.rs`, `bmff_to_jumbf_exclusions`), its reading of `flags` included. Called by binding-bmff.ts.
 * @see C2PA 2.4 §18.7.2 (exclusion list), §18.7.3 (xpath)
 */
import type { BmffExclusion } from './assertion-data.ts';
import { type Box, equal } from './bmff-boxes.ts';
import type { HashRange } from './hash-steps.ts';
import { BeyondEnd, type WindowReader } from './window.ts';

/** All boxes of a file, ready to be asked for by path. */
export interface BoxTree {
  readonly root: readonly Box[];
  children(box: Box): readonly Box[];
}

export function boxTree(boxes: readonly Box[]): BoxTree {
  const children = new Map<Box | null, Box[]>();
  for (const box of boxes) {
    const siblings = children.get(box.parent);
    if (siblings === undefined) children.set(box.parent, [box]);
    else siblings.push(box);
  }
  return { root: children.get(null) ?? [], children: (box) => children.get(box) ?? [] };
}

/** Exclusions times boxes they name: beyond this no honest file goes, and time is bounded. */
const maxMatches = 400_000;

/**
 * What the exclusions leave out, and for version 2 and later the offsets of the top-level boxes that are not left out whole. Null where c2pa-rs
 * fails: the bytes to compare with lie beyond the file, or there are too many.
 */
export async function excludedRanges(
  exclusions: readonly BmffExclusion[],
  tree: BoxTree,
  reader: WindowReader,
  withOffsets: boolean,
): Promise<HashRange[] | null> {
  const ranges: HashRange[] = [];
  const whole = new Set<number>();
  let matches = 0;
  for (const exclusion of exclusions) {
    for (const box of boxesAt(exclusion.xpath, tree)) {
      matches += 1;
      if (matches > maxMatches) return null;
      if (!fits(exclusion, box)) continue;
      const same = await dataFits(exclusion, box, reader);
      if (same === null) return null;
      if (!same) continue;
      if (exclusion.subset === null) {
        ranges.push({ start: box.start, length: box.size });
        whole.add(box.start);
      } else {
        ranges.push(...subsetsOf(exclusion.subset, box));
      }
      if (ranges.length > maxMatches) return null;
    }
  }
  if (withOffsets) {
    for (const { start } of tree.root) {
      if (!whole.has(start)) ranges.push({ start, length: 1, offset: true });
    }
  }
  return ranges;
}

/** Boxes an xpath names: `/moov/trak[2]/tkhd`, counted from 1. Nothing where it is not well formed. */
function boxesAt(xpath: string, tree: BoxTree): readonly Box[] {
  let found: readonly Box[] = [];
  let candidates: readonly Box[] = tree.root;
  for (const part of xpath.replace(/^\/+/, '').split('/')) {
    const [name = '', index, ...rest] = part.split('[');
    if (new TextEncoder().encode(part).length < 4 || candidates.length === 0) return [];
    found = candidates.filter(({ type }) => type === name);
    if (index !== undefined) {
      const position = /^\+?(\d+)\]*$/.exec(index)?.[1];
      if (position === undefined || Number(position) === 0 || name.length < 4) return [];
      const one = found[Number(position) - 1];
      if (one === undefined || rest.length > 0) return [];
      found = [one];
    }
    candidates = found.flatMap((box) => tree.children(box));
  }
  return found;
}

function fits(exclusion: BmffExclusion, box: Box): boolean {
  const { length, version, flags } = exclusion;
  if (length !== null && length !== box.size) return false;
  if (version !== null && box.version !== null && version !== box.version) return false;
  if (flags === null || box.flags === null) return true;
  // c2pa-rs reads the three bytes as the upper ones of four.
  const [high = 0, middle = 0, low = 0] = flags.length >= 3 ? flags : [];
  const wanted = high * 2 ** 24 + (middle << 16) + (low << 8);
  return (exclusion.exact ?? true) ? wanted === box.flags : (wanted | box.flags) >>> 0 === wanted;
}

async function dataFits(exclusion: BmffExclusion, box: Box, reader: WindowReader): Promise<boolean | null> {
  for (const { offset, value } of exclusion.data ?? []) {
    const bytes = await readAt(reader, box, offset, value.length);
    if (bytes === null) return null;
    if (!equal(bytes, value)) return false;
  }
  return true;
}

async function readAt(
  reader: WindowReader,
  box: Box,
  offset: number,
  length: number,
): Promise<Uint8Array | null> {
  // The user type of a `uuid` box, which nearly every exclusion list asks for, was read with the box.
  if (box.userType !== null && offset === box.headerSize && length === 16) return box.userType;
  try {
    return await reader.get(box.start + offset, box.start + offset + length);
  } catch (error) {
    if (error instanceof BeyondEnd || error instanceof RangeError) return null;
    throw error;
  }
}

function subsetsOf(subsets: NonNullable<BmffExclusion['subset']>, box: Box): HashRange[] {
  return subsets
    .filter(({ offset }) => offset <= box.size)
    .map(({ offset, length }) => ({
      start: box.start + offset,
      length: length === 0 ? box.size - offset : Math.min(length, box.size - offset),
    }));
}
