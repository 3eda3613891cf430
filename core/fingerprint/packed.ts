/**
 * Fingerprints as numbers, for comparing and searching. Invariant: every frame has the same number of views in a row, eight words each; a view
 * without a hash is zeros and is skipped by everybody. Called by `compare.ts`, `clip-index.ts` and the objects that store fingerprints.
 */
import type { Fingerprints } from '#schemas/fingerprint.ts';
import { hashFromHex, hashToHex, hashWords, noHash } from './hash.ts';
import { bankViews } from './views.ts';

export interface PackedFrames {
  /** Seconds, one a frame. */
  readonly at: readonly number[];
  /** Hashes of one frame. */
  readonly views: number;
  /** `at.length · views · 8` words. */
  readonly words: Uint32Array;
}

/** @param views how many of each frame's views are taken; frames with fewer are filled with zeros */
export function packFrames(frames: Fingerprints['frames'], views: number): PackedFrames {
  const words = new Uint32Array(frames.length * views * hashWords);
  for (const [i, frame] of frames.entries()) {
    for (const [view, hex] of frame.views.slice(0, views).entries()) {
      words.set(hashFromHex(hex), (i * views + view) * hashWords);
    }
  }
  return { at: frames.map(({ at }) => at), views, words };
}

/** Everything a query may have. */
export function packQuery(frames: Fingerprints['frames']): PackedFrames {
  return packFrames(frames, Math.max(1, ...frames.map(({ views }) => views.length)));
}

/** What a bank keeps of it. */
export function packBank(frames: Fingerprints['frames']): PackedFrames {
  return packFrames(
    frames,
    Math.min(bankViews.length, Math.max(1, ...frames.map(({ views }) => views.length))),
  );
}

/** The way back. What a view's quality was is not kept: a frame with any hash counts as good. */
export function unpackFrames({ at, views, words }: PackedFrames): Fingerprints['frames'] {
  return at.map((seconds, frame) => {
    const hashes = Array.from({ length: views }, (_, view) => {
      const from = (frame * views + view) * hashWords;
      return hashToHex(words.subarray(from, from + hashWords));
    });
    return { at: seconds, quality: hashes.some((hex) => hex !== noHash) ? 100 : 0, views: hashes };
  });
}

/** Whether there is a hash at this place. */
export function isHash(words: Uint32Array, from: number): boolean {
  for (let word = 0; word < hashWords; word++) if (words[from + word] !== 0) return true;
  return false;
}

/** Whether a frame has any hash. */
export function isUsable({ views, words }: PackedFrames, frame: number): boolean {
  for (let view = 0; view < views; view++) if (isHash(words, (frame * views + view) * hashWords)) return true;
  return false;
}

/** Bytes of the words, big-endian, for storing. */
export function wordsToBytes(words: Uint32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i] ?? 0);
  return bytes;
}

export function wordsFromBytes(bytes: ArrayBuffer): Uint32Array {
  const view = new DataView(bytes);
  return Uint32Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getUint32(4 * i));
}
