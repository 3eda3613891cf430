/**
 * Boxes, segments and chunks of a file, for damaging them. Invariant: stops quietly where a file makes no sense, so that damage can be put on
 * damage. Nothing of the verifier is used, so that both cannot be wrong together. Called by mutate.ts.
 */

export interface Part {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sizeAt: number;
  readonly sizeBytes: 2 | 4;
  readonly littleEndian: boolean;
  readonly typeAt: number;
  readonly typeBytes: number;
}

const most = 400;
const holders = new Set([
  'moov',
  'trak',
  'mdia',
  'minf',
  'stbl',
  'moof',
  'traf',
  'mvex',
  'edts',
  'dinf',
  'udta',
]);

export function partsOf({ bytes, mediaType }: { bytes: Uint8Array; mediaType: string }): Part[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (mediaType === 'image/jpeg') return jpegParts(bytes, view);
  if (mediaType === 'image/png') return pngParts(bytes, view);
  if (mediaType === 'image/webp' || mediaType === 'audio/wav') return riffParts(bytes, view);
  return boxParts(view, 0, bytes.length, 0, []);
}

function boxParts(view: DataView, from: number, to: number, depth: number, found: Part[]): Part[] {
  for (let at = from; at + 8 <= to && found.length < most; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) break;
    found.push({
      start: at,
      end: at + size,
      depth,
      sizeAt: at,
      sizeBytes: 4,
      littleEndian: false,
      typeAt: at + 4,
      typeBytes: 4,
    });
    const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
    if (holders.has(type) && depth < 8) boxParts(view, at + 8, at + size, depth + 1, found);
    at += size;
  }
  return found;
}

function jpegParts(bytes: Uint8Array, view: DataView): Part[] {
  const found: Part[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && found.length < most; ) {
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length) break;
    found.push({
      start: at,
      end,
      depth: 0,
      sizeAt: at + 2,
      sizeBytes: 2,
      littleEndian: false,
      typeAt: at + 1,
      typeBytes: 1,
    });
    // Entropy-coded data follows the start of a scan.
    if (bytes[at + 1] === 0xda) break;
    at = end;
  }
  return found;
}

function pngParts(bytes: Uint8Array, view: DataView): Part[] {
  const found: Part[] = [];
  for (let at = 8; at + 12 <= bytes.length && found.length < most; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    found.push({
      start: at,
      end,
      depth: 0,
      sizeAt: at,
      sizeBytes: 4,
      littleEndian: false,
      typeAt: at + 4,
      typeBytes: 4,
    });
    at = end;
  }
  return found;
}

function riffParts(bytes: Uint8Array, view: DataView): Part[] {
  const found: Part[] = [];
  for (let at = 12; at + 8 <= bytes.length && found.length < most; ) {
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (end > bytes.length) break;
    found.push({
      start: at,
      end,
      depth: 0,
      sizeAt: at + 4,
      sizeBytes: 4,
      littleEndian: true,
      typeAt: at,
      typeBytes: 4,
    });
    at = end;
  }
  return found;
}
