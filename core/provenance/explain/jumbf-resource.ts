/**
 * Finds one picture in a manifest store by its JUMBF URI. Invariant: reads within the bytes it was given, never deeper than the URI has
 * segments, and gives out nothing but the raster formats browsers draw without scripts. Called by web/src/verify for thumbnails.
 * @see ISO/IEC 19566-5 (JUMBF: superboxes, description box, embedded file box); C2PA 2.4 §8.3 (JUMBF URIs)
 */

export interface Resource {
  readonly bytes: Uint8Array;
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif';
}

interface Box {
  readonly type: string;
  readonly body: Uint8Array;
}

const pictures: readonly Resource['mediaType'][] = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'];
const maxBoxes = 4096;

/**
 * The picture at a URI.
 * @param store JUMBF bytes of a manifest store, starting with its superbox
 * @param uri `self#jumbf=/c2pa/<manifest>/c2pa.assertions/<label>`; relative ones cannot be resolved here
 * @returns null if there is none, if the store is damaged on the way to it, or if it is not a picture
 */
export function findPicture(store: Uint8Array, uri: string): Resource | null {
  const path = /^self#jumbf=\/(.+)$/.exec(uri)?.[1]?.split('/');
  if (path === undefined || path.length > 8) return null;
  let inside: Uint8Array = store;
  for (const label of path) {
    const found = boxesOf(inside).find((box) => box.type === 'jumb' && labelOf(box.body) === label);
    if (found === undefined) return null;
    inside = found.body;
  }
  const boxes = boxesOf(inside);
  const described = boxes.find(({ type }) => type === 'bfdb');
  const data = boxes.find(({ type }) => type === 'bidb');
  if (described === undefined || data === undefined) return null;
  // Toggles, then the media type up to a zero byte.
  const mediaType = cString(described.body.subarray(1));
  const known = pictures.find((one) => one === mediaType);
  return known === undefined ? null : { bytes: data.body, mediaType: known };
}

/** The boxes that lie side by side in `bytes`, as far as they are whole. */
function boxesOf(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < maxBoxes; ) {
    const short = view.getUint32(at);
    const wide = short === 1;
    if (wide && at + 16 > bytes.length) break;
    const size = wide ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.length - at : short;
    const head = wide ? 16 : 8;
    if (size < head || size > bytes.length - at) break;
    boxes.push({
      type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)),
      body: bytes.subarray(at + head, at + size),
    });
    at += size;
  }
  return boxes;
}

/** Label in a superbox's description box: type (16 bytes), toggles, label. */
function labelOf(superbox: Uint8Array): string | null {
  const [first] = boxesOf(superbox);
  if (first?.type !== 'jumd' || first.body.length < 18) return null;
  const hasLabel = ((first.body[16] ?? 0) & 0b10) !== 0;
  return hasLabel ? cString(first.body.subarray(17)) : null;
}

function cString(bytes: Uint8Array): string | null {
  const end = bytes.subarray(0, 512).indexOf(0);
  return end === -1 ? null : new TextDecoder().decode(bytes.subarray(0, end));
}
