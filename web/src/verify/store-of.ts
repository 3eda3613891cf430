/**
 * The manifest store of a file that is at hand, without reading the rest of it. Invariant: at most 16 MiB come into memory; what is not there is
 * null, never a guess. Called by the verify page, for pictures of the sources.
 */
import type { ByteRange } from '#schemas/provenance.ts';

const storeLimit = 16 * 1024 * 1024;

/** Cuts the store out of a file by the ranges a report names. */
export async function storeOfFile(file: Blob, ranges: readonly ByteRange[]): Promise<Uint8Array | null> {
  const size = ranges.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
  if (size === 0 || size > storeLimit) return null;
  const parts = ranges.map(({ start, end }) => file.slice(start, end));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The store of a clip of ours, as it is served beside the film. */
export async function storeOfClip(clipId: string): Promise<Uint8Array | null> {
  const answer = await fetch(`/media/${clipId}/manifest.c2pa`).catch(() => null);
  if (answer === null || !answer.ok) return null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return bytes.length > storeLimit ? null : bytes;
}
