/**
 * Walks the boxes of an ISO BMFF file. Invariant: iterative, every step goes forward, depth and count are bounded, and a box is never believed
 * to reach beyond its parent; so no input makes it loop, overflow or grow without limit. The rules are those of c2pa-rs
 * (`asset_handlers/bmff_io.rs`, `build_bmff_tree`), because exclusions are matched on this tree. Called by bmff.ts and the streaming signer.
 * @see ISO/IEC 14496-12 §4.2 (boxes), §8.11.1 (`meta`)
 */
import { BeyondEnd, type WindowReader } from './window.ts';

export interface Box {
  /** Four characters; bytes that are not UTF-8 became U+FFFD. */
  readonly type: string;
  readonly start: number;
  /** With the header. A top-level `mdat` that claims to reach beyond the file is cut to it. */
  readonly size: number;
  /** 8, or 16 with a 64-bit size. */
  readonly headerSize: number;
  readonly parent: Box | null;
  /** 16 bytes of a `uuid` box. */
  readonly userType: Uint8Array | null;
  /** Of the full boxes that c2pa-rs knows; null for others. */
  readonly version: number | null;
  readonly flags: number | null;
}

/** A container that breaks off, nests too deep or is made of too many boxes. */
export class MalformedContainer extends Error {}

/** c2pa-rs gives up at 32 levels, of which the file itself is one. */
const maxDepth = 32;
/** Bounds memory: an hour of two-second fragments has 13,000 boxes. */
const maxBoxes = 200_000;
/** How much of a container is read in one request when the walk enters it. */
const prefetchLimit = 4 * 1024 * 1024;

const c2paUuid = Uint8Array.of(
  0xd8,
  0xfe,
  0xc3,
  0xd6,
  0x1b,
  0x0e,
  0x48,
  0x3c,
  0x92,
  0x97,
  0x58,
  0x28,
  0x87,
  0x7e,
  0xc4,
  0x81,
);
const xmpUuid = Uint8Array.of(
  0xbe,
  0x7a,
  0xcf,
  0xcb,
  0x97,
  0xa9,
  0x42,
  0xe8,
  0x9c,
  0x71,
  0x99,
  0x94,
  0x91,
  0xe3,
  0xaf,
  0xac,
);

const containers = new Set(
  'moov trak mdia minf stbl moof traf edts udta dinf tref treg mvex mfra meta schi'.split(' '),
);
/** The full boxes c2pa-rs lists; only they, and C2PA's own `uuid`, have a version and flags that exclusions can ask for. */
const fullBoxes = new Set(
  (
    'pdin mvhd tkhd mdhd hdlr nmhd elng stsd stdp stts ctts cslg stss stsh elst dref stsz stz2 stsc stco co64 padb subs saiz saio mehd ' +
    'trex mfhd tfhd trun tfra mfro tfdt leva trep assp sbgp sgpd csgp cprt tsel kind meta iloc pitm ipro infe iinf iref ipma schm fiin fpar ' +
    'fecr gitn fire stri stsg stvi csch sidx ssix prft srpp vmhd smhd srat chnl dmix txtC mime uriI hmhd sthd vvhd medc bxml'
  )
    .split(' ')
    .concat('xml ', 'uri '),
);

export function isC2paBox(box: Box): boolean {
  return box.userType !== null && equal(box.userType, c2paUuid);
}

export function isXmpBox(box: Box): boolean {
  return box.userType !== null && equal(box.userType, xmpUuid);
}

interface Frame {
  readonly box: Box | null;
  readonly end: number;
}

/**
 * Every box in file order, parents before their children.
 * @param visit is awaited for each top-level box while the reader is there
 * @throws MalformedContainer
 */
export async function walkBoxes(
  reader: WindowReader,
  visit: (box: Box) => Promise<void> = async () => {},
): Promise<Box[]> {
  const boxes: Box[] = [];
  const frames: Frame[] = [{ box: null, end: reader.size }];
  let at = 0;
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (at >= frame.end) {
      // Whatever was in it, a container ends where its header says.
      if (frame.box !== null) at = frame.box.start + frame.box.size;
      frames.pop();
      continue;
    }
    const step = await readBox(reader, at, frame);
    if (step === 'end') {
      at = frame.end;
      continue;
    }
    if (step === 'stop') {
      // A 64-bit size of 0: c2pa-rs leaves this level there; within a container it goes on after the header.
      at = frame.box === null ? frame.end : at + 16;
      continue;
    }
    if (boxes.length >= maxBoxes) throw new MalformedContainer(`it has more than ${maxBoxes} boxes`);
    boxes.push(step.box);
    if (frame.box === null) await visit(step.box);
    const end = step.box.start + step.box.size;
    if (containers.has(step.box.type) && end > step.body) {
      if (frames.length >= maxDepth) throw new MalformedContainer('its boxes are nested too deep');
      if (frame.box === null) await reader.prefetch(step.body, end, prefetchLimit);
      frames.push({ box: step.box, end });
      at = step.body;
    } else {
      at = end;
    }
  }
  return boxes;
}

type Step = { readonly box: Box; readonly body: number } | 'end' | 'stop';

async function readBox(reader: WindowReader, start: number, frame: Frame): Promise<Step> {
  const header = await readHeader(reader, start);
  if (header === null) return 'end';
  if (header.size === 0) return 'stop';
  let size = header.size;
  if (start + size > frame.end) {
    if (header.type !== 'mdat') throw new MalformedContainer('a box reaches beyond what contains it');
    size = frame.end - start;
  }
  const box = { type: header.type, start, size, headerSize: header.headerSize, parent: frame.box };
  const body = start + header.headerSize;
  if (header.type === 'uuid') {
    const userType = (await bytesAt(reader, body, 16)).slice();
    const full = equal(userType, c2paUuid) ? await versionAt(reader, body + 16) : noVersion;
    return { box: { ...box, userType, ...full }, body };
  }
  if (!fullBoxes.has(header.type) || (header.type === 'meta' && (await isQuickTimeMeta(reader, body)))) {
    return { box: { ...box, userType: null, ...noVersion }, body };
  }
  const full = await versionAt(reader, body);
  return { box: { ...box, userType: null, ...full }, body: body + 4 };
}

interface Header {
  readonly type: string;
  readonly size: number;
  readonly headerSize: number;
}

const lossy = new TextDecoder('utf-8');
/** Sizes beyond this are beyond every file; as numbers they would not be exact. */
const farAway = 2 ** 52;

/** Null where no whole header is left: some files end in a few stray bytes. */
async function readHeader(reader: WindowReader, start: number): Promise<Header | null> {
  if (start + 8 > reader.size) return null;
  const bytes = await reader.get(start, Math.min(start + 16, reader.size));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = lossy.decode(bytes.subarray(4, 8));
  const short = view.getUint32(0);
  if (short === 0) return { type, size: reader.size - start, headerSize: 8 };
  if (short !== 1) return { type, size: short, headerSize: 8 };
  if (bytes.length < 16) return null;
  return { type, size: Math.min(Number(view.getBigUint64(8)), farAway), headerSize: 16 };
}

const noVersion = { version: null, flags: null } as const;

async function versionAt(reader: WindowReader, at: number): Promise<{ version: number; flags: number }> {
  const bytes = await bytesAt(reader, at, 4);
  const [version = 0, high = 0, middle = 0, low = 0] = bytes;
  return { version, flags: (high << 16) | (middle << 8) | low };
}

/** QuickTime and iOS write `meta` without version and flags: its first child `hdlr` follows at once. */
async function isQuickTimeMeta(reader: WindowReader, body: number): Promise<boolean> {
  if (body + 8 > reader.size) return false;
  const bytes = await reader.get(body, body + 8);
  return lossy.decode(bytes.subarray(4, 8)) === 'hdlr';
}

async function bytesAt(reader: WindowReader, at: number, length: number): Promise<Uint8Array> {
  try {
    return await reader.get(at, at + length);
  } catch (error) {
    if (error instanceof BeyondEnd) throw new MalformedContainer('it breaks off within a box');
    throw error;
  }
}

/** Byte by byte. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
