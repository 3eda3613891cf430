/**
 * Writes JUMBF superboxes. Invariant: what it returns is one whole box whose length fields are right; every box C2PA knows is one row of a
 * table here. Called by manifest.ts and ingredient.ts.
 * @see ISO/IEC 19566-5 §6 (jumb, jumd), C2PA 2.4 §11.1 (content types and labels)
 */
import { encode } from 'cborg';

/** First four bytes of the content type UUID; the rest is the same for all of them. */
const contentTypes = {
  store: 'c2pa',
  manifest: 'c2ma',
  assertions: 'c2as',
  claim: 'c2cl',
  signature: 'c2cs',
  cbor: 'cbor',
  json: 'json',
} as const;
export type ContentType = keyof typeof contentTypes;

const uuidTail = Uint8Array.of(0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71);
/** Toggles of a description box: requestable, and a label follows. */
const requestableWithLabel = 0x03;
const boxHeader = 8;
const text = new TextEncoder();

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A box: 32-bit size, four-character type, contents. @throws RangeError if it would need a 64-bit size, which no manifest does */
export function box(type: string, contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = contents.reduce((sum, part) => sum + part.length, boxHeader);
  if (size > 0xffff_ffff) throw new RangeError(`a ${type} box of ${size} bytes`);
  const header = new Uint8Array(boxHeader);
  new DataView(header.buffer).setUint32(0, size);
  header.set(text.encode(type), 4);
  return concat([header, ...contents]);
}

/** A labelled superbox around boxes. */
export function superbox(
  contentType: ContentType,
  label: string,
  boxes: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const description = box('jumd', [
    text.encode(contentTypes[contentType]),
    uuidTail,
    Uint8Array.of(requestableWithLabel),
    text.encode(`${label}\0`),
  ]);
  return box('jumb', [description, ...boxes]);
}

/** A superbox with one CBOR box: claims, signatures and most assertions. */
export function cborBox(
  contentType: 'claim' | 'signature' | 'cbor',
  label: string,
  cbor: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return superbox(contentType, label, [box('cbor', [cbor])]);
}

/** One assertion: CBOR, or JSON (JSON-LD) where its schema says so. */
export interface Assertion {
  readonly label: string;
  readonly format: 'cbor' | 'json';
  readonly data: unknown;
}

export function assertionBox({ label, format, data }: Assertion): Uint8Array<ArrayBuffer> {
  return format === 'cbor'
    ? cborBox('cbor', label, encode(data))
    : superbox('json', label, [box('json', [text.encode(JSON.stringify(data))])]);
}

/** What a hashed URI to a superbox covers: everything in it, not its own header. @see C2PA 2.4 §8.4.2.3 */
export function hashedPart(superboxBytes: Uint8Array): Uint8Array {
  return superboxBytes.subarray(boxHeader);
}
