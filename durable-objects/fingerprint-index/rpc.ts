/** RPC surface of the FingerprintIndex object (one, `clips`): finds which of our clips a fingerprint belongs to. */
import type { FramePair } from '#core/fingerprint/index.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';

export interface FingerprintMatch {
  readonly clipId: Id<'clip'>;
  /** 0..100: share of the query's usable frames that agree, weighed down when the sound disagrees. */
  readonly similarity: number;
  readonly frames: { readonly agreeing: number; readonly usable: number };
  /** 0..1 bit agreement of the sound at the best offset; null when one side has none. */
  readonly audio: number | null;
  /** Whether that says that the two are one film. */
  readonly agrees: boolean;
  /** The nearest frame pairs, for showing side by side. */
  readonly pairs: readonly FramePair[];
}

export interface FingerprintIndexRpc {
  /**
   * Idempotent by source; a recast replaces nothing, it adds.
   * @param entry without fingerprints it only asks
   * @returns false when the clip was forgotten: nothing of it may be registered any more
   */
  add(entry: {
    clipId: Id<'clip'>;
    /** The generation or the upload that made this rendition. */
    sourceId: Id<'gen'> | Id<'upl'>;
    fingerprints: Fingerprints | null;
  }): Promise<boolean>;
  /** Forgets a clip for good (erasure); answers how many renditions there were. Idempotent. */
  remove(clipId: Id<'clip'>): Promise<{ readonly removed: number }>;
  isForgotten(clipId: Id<'clip'>): Promise<boolean>;
  /** Best first; only clips that agree (core/fingerprint `compareFingerprints`). */
  match(query: Fingerprints, limit: number): Promise<readonly FingerprintMatch[]>;
  /**
   * Clips with a frame within Meta's limit of one of these hashes, best first. For lookups by value, which carry less than a film; each hash
   * counts by itself.
   */
  matchHashes(
    frames: Fingerprints['frames'],
    limit: number,
  ): Promise<readonly { readonly clipId: Id<'clip'>; readonly similarity: number }[]>;
  /** Compares with one clip, whatever the index would have found. Null when it is not in the index. */
  compare(query: Fingerprints, clipId: Id<'clip'>): Promise<FingerprintMatch | null>;
  /** Of a clip's newest rendition; null when it is not in the index. */
  fingerprintsOf(clipId: Id<'clip'>): Promise<Fingerprints | null>;
}

/** The index of all our clips. */
export function fingerprintIndexOf(env: Pick<Env, 'FINGERPRINT_INDEX'>) {
  return env.FINGERPRINT_INDEX.getByName('clips');
}
