/**
 * What a verdict is made of: facts that others established, each with where it is unknown. Invariant: types only; nothing here was said by
 * the person who brought the file. Put together by the ingest workflow and the verify route (workers/workflows/ingest), judged by verdict.ts.
 */
import type { Id } from '#schemas/ids.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import type { Verification } from '#schemas/verdict.ts';

/** What a render node saw of the picture and the sound. */
export type Look =
  | {
      readonly kind: 'seen';
      readonly mark: {
        /** Ten hex digits. */
        readonly id: string;
        /** 0..1. */
        readonly confidence: number;
        readonly frames: number;
        /** Seconds. */
        readonly at: number;
      } | null;
      /** Whether there was anything to take a fingerprint of. */
      readonly fingerprinted: boolean;
    }
  /** A sentence for people: why nobody looked. */
  | { readonly kind: 'not-checked'; readonly reason: string };

/** One of our clips, as anybody may know it. */
export interface KnownClip {
  readonly clipId: Id<'clip'>;
  /** Only while the clip is public and served. */
  readonly maker: Verification['maker'];
  /** Null while nobody has withdrawn anything it depends on. */
  readonly withdrawn: Verification['withdrawn'];
}

/** A clip of ours that the manifest claims to belong to. */
export interface NamedClip {
  readonly clip: KnownClip;
  /** `label`: our register has this very manifest · `record`: it names a public record of ours. Anybody can write the second. */
  readonly by: 'label' | 'record';
  /** Whether picture and sound are that clip's; null where that was not or could not be compared. */
  readonly agrees: boolean | null;
  /** 0..100 where it was compared. */
  readonly similarity: number | null;
}

/** Where mark and fingerprint lead. */
export type Recovery =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'found';
      readonly clip: KnownClip;
      /** 0..100. */
      readonly similarity: number;
      readonly by: 'watermark' | 'fingerprint';
    }
  /** The mark belongs to a clip whose fingerprint this file does not have. */
  | {
      readonly kind: 'contradiction';
      readonly clipId: Id<'clip'> | null;
      readonly similarity: number | null;
    };

export interface VerdictInput {
  readonly file: Verification['file'];
  readonly report: ProvenanceReport;
  readonly look: Look;
  readonly named: NamedClip | null;
  readonly recovery: Recovery;
}
