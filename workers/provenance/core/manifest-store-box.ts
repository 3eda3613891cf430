/**
 * Finds the C2PA manifest store in an ISO BMFF file. Invariant: the answer is a view of the file's own bytes, or null; trust
 * is never decided here, c2pa-rs does that. Called by sign.ts, which keeps the bare store beside the signed file.
 * @see C2PA 2.4 Annex A.5 (the `uuid` box), ISO/IEC 14496-12 §4.2 (box header)
 */

const c2paUuid = [
  0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81,
];
const purposeText = new TextEncoder().encode('manifest\0');
/** FullBox version and flags after the uuid. */
const versionAndFlags = 4;
/** Absolute offset of the first Merkle box, after the purpose. */
const merkleOffset = 8;

interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/**
 * Whether the bytes are one whole MP4: `ftyp` first, one `moov`, some `mdat`, and boxes that fill the file to its last byte.
 * c2pa-rs signs files that break off in the middle; what a render node delivers must not.
 */
export function isWholeMp4(bytes: Uint8Array<ArrayBuffer>): boolean {
  const types: string[] = [];
  let end = 0;
  for (let box = boxAt(bytes, 0); box !== null; box = boxAt(bytes, box.end)) {
    types.push(box.type);
    end = box.end;
  }
  const count = (type: string) => types.filter((one) => one === type).length;
  return end === bytes.length && types[0] === 'ftyp' && count('moov') === 1 && count('mdat') > 0;
}

/** The JUMBF manifest store of a signed MP4, without the box around it; null where there is none. */
export function manifestStoreOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  for (let box = boxAt(bytes, 0); box !== null; box = boxAt(bytes, box.end)) {
    if (box.type !== 'uuid' || !startsWith(bytes, box.body, c2paUuid)) continue;
    const purpose = box.body + c2paUuid.length + versionAndFlags;
    if (!startsWith(bytes, purpose, purposeText)) continue;
    const store = purpose + purposeText.length + merkleOffset;
    return store < box.end ? bytes.subarray(store, box.end) : null;
  }
  return null;
}

function boxAt(bytes: Uint8Array, start: number): Box | null {
  if (start + 8 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8));
  const short = view.getUint32(start);
  if (short === 1) {
    if (start + 16 > bytes.length) return null;
    return bounded(
      { type, start, body: start + 16, end: start + Number(view.getBigUint64(start + 8)) },
      bytes.length,
    );
  }
  return bounded(
    { type, start, body: start + 8, end: short === 0 ? bytes.length : start + short },
    bytes.length,
  );
}

function bounded(box: Box, length: number): Box | null {
  return box.end >= box.body && box.end <= length ? box : null;
}

function startsWith(bytes: Uint8Array, offset: number, expected: ArrayLike<number>): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[offset + i] !== expected[i]) return false;
  return true;
}
