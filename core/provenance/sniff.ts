/** Tells by its first bytes what kind of container a file is. Called by verify-asset.ts. */
import type { WindowReader } from './window.ts';

export type ContainerKind = 'bmff' | 'jpeg' | 'png' | 'riff';

const pngSignature = '\x89PNG\r\n\x1a\n';

/** Null for a kind that Content Credentials cannot be read from here. Fragments that stand alone (`styp`) are for `verifyFragments`. */
export async function sniff(reader: WindowReader): Promise<ContainerKind | null> {
  const head = new TextDecoder('latin1').decode(await reader.get(0, Math.min(12, reader.size)));
  if (head.slice(4, 8) === 'ftyp') return 'bmff';
  // Windows-1252, which `latin1` decodes to, leaves these bytes apart from 0x89 alone.
  if (head.slice(1, 8) === pngSignature.slice(1)) return 'png';
  if (head.startsWith('RIFF')) return 'riff';
  return head.startsWith('\xff\xd8') ? 'jpeg' : null;
}
