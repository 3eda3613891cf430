/**
 * The fingerprint of a film's pictures. Invariants: frames are taken at fixed intervals however many are given, and never more than
 * `maxFrames`; a view with too little in it is zeros, and zeros match nothing; the same pictures give the same fingerprint everywhere. Called through `index.ts` by the render node and by whoever looks at an upload.
 */
import { type Fingerprints, fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import { innerOf } from './bars.ts';
import { hashToHex, noHash } from './hash.ts';
import { minQuality } from './pdq.ts';
import { type LumaPicture, reduce, SummedPicture } from './picture.ts';
import { bankViews, hashViews, queryViews } from './views.ts';

export interface TimedPicture extends LumaPicture {
  /** Seconds from the start. */
  readonly at: number;
}

export interface FrameOptions {
  /**
   * `bank`: what is kept of our own clips (eleven hashes a frame, four frames a second) · `query`: what is looked for (the same eleven and
   * fourteen more, eight frames a second: one side has to be dense for the other to be met in time). A query may be kept as well; only
   * what a bank would have is compared with.
   */
  readonly purpose?: 'bank' | 'query';
}

/** As the schema has it. */
const maxFrames = 240;
/** Seconds between two that are hashed: moving things must not move far between them. */
const firstInterval = { bank: 0.25, query: 0.125 } as const;

/** All of a fingerprint but the sound. */
export type FrameFingerprints = Pick<Fingerprints, 'algorithm' | 'frames'>;

/**
 * @param frames in order of time; they may all be given or only some; a film longer than `maxFrames` intervals is sampled more coarsely
 * @returns no frames when none was given: the schema wants one, so that is no fingerprint
 * @throws RangeError for a picture of less than 8 × 8, or with missing samples
 */
export async function fingerprintFrames(
  frames: AsyncIterable<TimedPicture> | Iterable<TimedPicture>,
  { purpose = 'bank' }: FrameOptions = {},
): Promise<FrameFingerprints> {
  const kept = await sampleFrames(frames, firstInterval[purpose]);
  const views = purpose === 'bank' ? bankViews : [...bankViews, ...queryViews];
  const inner = innerOf(kept.map(({ picture }) => picture));
  const hashed = kept.map(({ at, picture }) => {
    const hashes = hashViews(new SummedPicture(picture), inner, views);
    return {
      at: Math.round(at * 1000) / 1000,
      quality: Math.max(...hashes.map(({ quality }) => quality)),
      views: hashes.map(({ hash, quality }) => (quality < minQuality ? noHash : hashToHex(hash))),
    };
  });
  return { algorithm: fingerprintAlgorithm, frames: hashed };
}

interface Kept {
  readonly at: number;
  /** Which interval of the film it stands for. */
  readonly slot: number;
  readonly picture: LumaPicture;
}

/** Frames of 24 or 30 a second do not meet the intervals exactly: half a frame early is in time. */
const earlySeconds = 0.02;

/** The first frame of every interval, so that two films of different frame rates are sampled at the same moments. */
async function sampleFrames(
  frames: AsyncIterable<TimedPicture> | Iterable<TimedPicture>,
  atFirst: number,
): Promise<Kept[]> {
  let kept: Kept[] = [];
  let interval = atFirst;
  let size: { width: number; height: number } | null = null;
  for await (const frame of frames) {
    const slot = Math.floor((frame.at + earlySeconds) / interval);
    const last = kept.at(-1);
    if (last !== undefined && slot <= last.slot) continue;
    // A stream that changes its size in the middle is fingerprinted up to there.
    if (size !== null && (size.width !== frame.width || size.height !== frame.height)) break;
    size = frame;
    kept.push({ at: frame.at, slot, picture: reduce(frame) });
    if (kept.length > maxFrames) {
      interval *= 2;
      kept = kept.filter((one) => one.slot % 2 === 0).map((one) => ({ ...one, slot: one.slot / 2 }));
    }
  }
  return kept;
}
