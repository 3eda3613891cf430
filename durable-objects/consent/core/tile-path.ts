/**
 * Addresses of tiles (C2SP tlog-tiles, https://c2sp.org/tlog-tiles): `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`. A tile
 * holds 256 hashes, a partial one at the right edge fewer. Invariant: a path reads back as exactly the tile it was written for, and
 * nothing else is a path. Called by the revocation routes and by tests.
 */

export const tileWidth = 256;
/** Tree levels that one tile spans. */
export const tileHeight = 8;

export interface Tile {
  /** 0 … 63, or the bundle of the entries themselves. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 … 256 */
  readonly width: number;
}

/** Groups of three digits, all but the last marked with an `x`: 1234067 → `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
}

export function tilePath({ level, index, width }: Tile): string {
  const suffix = width === tileWidth ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${suffix}`;
}

/** @returns null for anything that is not the canonical path of a tile */
export function parseTilePath(path: string): Tile | null {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return null;
  const [, levelText = '', indexText = '', widthText] = match;
  const level = levelText === 'entries' ? 'entries' : Number(levelText);
  const index = Number(indexText.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? tileWidth : Number(widthText);
  if ((level !== 'entries' && level > 63) || !Number.isSafeInteger(index)) return null;
  if (width < 1 || width > tileWidth) return null;
  const tile: Tile = { level, index, width };
  return tilePath(tile) === path ? tile : null;
}

/** How many hashes this tile holds in a tree of `size` leaves: 0 if none yet. */
export function availableWidth(size: number, level: number | 'entries', index: number): number {
  const nodes = Math.floor(size / tileWidth ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(tileWidth, nodes - index * tileWidth));
}
