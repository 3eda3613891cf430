/**
 * What kind of file this is, by its first bytes. Invariant: the name and the declared type decide nothing; what is not in the table is not
 * accepted. Pure; called by the ingest workflow and the verify route.
 */
import type { UploadMediaType } from '#schemas/http/uploads.ts';

/** Bytes that are needed. */
export const sniffLength = 32;

const ascii = (head: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...head.subarray(at, at + length));
const starts = (head: Uint8Array, ...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);

/**
 * @param head the first `sniffLength` bytes, or all there are
 * @returns null for a kind of file that is not taken
 * @see ISO/IEC 14496-12 §4.3 (`ftyp`), RFC 2083 §3.1 (PNG), ITU-T T.81 B.1.1.3 (JPEG), the RIFF container of WebP and WAV
 */
export function sniffMediaType(head: Uint8Array): UploadMediaType | null {
  if (starts(head, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (ascii(head, 0, 4) === 'RIFF') {
    const form = ascii(head, 8, 4);
    return form === 'WEBP' ? 'image/webp' : form === 'WAVE' ? 'audio/wav' : null;
  }
  if (ascii(head, 4, 4) === 'ftyp') return ofBrand(ascii(head, 8, 4));
  // QuickTime files from before `ftyp` begin with one of these.
  return ['moov', 'mdat', 'wide'].includes(ascii(head, 4, 4)) ? 'video/quicktime' : null;
}

/** Still pictures in the same container, which are not taken. */
const stills = new Set(['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif', 'avis', 'crx ']);

function ofBrand(brand: string): UploadMediaType | null {
  if (brand === 'qt  ') return 'video/quicktime';
  if (brand === 'M4A ' || brand === 'M4B ' || brand === 'M4P ') return 'audio/mp4';
  return stills.has(brand) ? null : 'video/mp4';
}
