/**
 * One upload from file to report: what it is, the mark in it, fingerprints, and for what may become a clip a poster and what the output
 * policy saw. Invariants: it ends within the time it was given, with what had been seen by then; the cheap and decisive looks come
 * first; nothing is logged, and on disk there is only the poster, in a folder that is removed. Called by process.ts.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintAudio, fingerprintFrames } from '#core/fingerprint/index.ts';
import type { FrameScores } from '#core/moderation/output-policy.ts';
import { detectFrames, type LumaFrame, lumaFromRgba } from '#core/watermark/index.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { MediaReport } from '#schemas/inspection.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import { makePoster } from '../../finishing/poster.ts';
import { findingsOf } from '../../policy/findings.ts';
import { loadPolicyModels, type PolicyModels } from '../../policy/models.ts';
import type { Picture } from '../face-models.ts';
import { type OpenMedia, openMedia, soundRate } from './open-media.ts';

export interface MediaRequest {
  readonly kind: 'media';
  /** The upload. */
  readonly path: string;
  /** A private folder for what has to be written; the caller removes it. */
  readonly folder: string;
  /** 32 bytes. */
  readonly watermarkKey: Uint8Array;
  readonly mayPublish: boolean;
  /** Milliseconds after which the report is made of what was seen. */
  readonly withinMs: number;
}

/** A report without its poster, whose file the caller stores. */
export type MediaOutcome = Omit<MediaReport, 'poster'> & {
  /** Path of a JPEG in `folder`. */
  readonly posterFile: string | null;
};

/** A query is denser than a bank, so that the two meet in time (core/fingerprint). */
const framesPerSecond = 8;
const mostFrames = 240;
/** Frames the mark is looked for in. */
const markFrames = 48;
const policyFrames = 12;
/** Share of the time by which frames are decoded, the mark is found, everything is found. */
const spent = { decoding: 0.5, deep: 0.9 };

/** @returns undefined when it is nothing that can be looked at */
export async function inspectMedia(request: MediaRequest): Promise<MediaOutcome | undefined> {
  const startedAt = performance.now();
  const left = (share: number): boolean => performance.now() - startedAt < request.withinMs * share;
  const media = await openMedia(request.path);
  if (media === undefined) return undefined;
  try {
    const seen = await watch(media, request, () => left(spent.decoding));
    const audio = await listen(media);
    const pictures = media.probe.kind !== 'audio';
    if (pictures && seen.frames === 0 && audio === null) return undefined;
    const fingerprints: Fingerprints | null =
      seen.fingerprints.frames.length === 0 ? null : { ...seen.fingerprints, audio };
    const { posterFile, color } = await savePoster(seen.poster, request);
    return {
      probe: media.probe,
      watermark: await findMark(seen.marks, request.watermarkKey, () => left(spent.deep)),
      fingerprints,
      // Pictures that none of the models could look at are said to be that.
      policy: request.mayPublish && pictures ? findingsOf(seen.models, seen.scores) : null,
      posterFile,
      color,
    };
  } finally {
    media.close();
  }
}

interface Marked {
  readonly at: number;
  readonly frame: LumaFrame;
}

interface Seen {
  readonly frames: number;
  readonly fingerprints: Awaited<ReturnType<typeof fingerprintFrames>>;
  readonly marks: readonly Marked[];
  readonly scores: readonly FrameScores[];
  readonly models: PolicyFindings['models'];
  readonly poster: Picture | null;
}

/** Decodes once; everything that wants frames is shown them as they come. */
async function watch(media: OpenMedia, { mayPublish }: MediaRequest, more: () => boolean): Promise<Seen> {
  const count = Math.max(1, Math.min(mostFrames, Math.floor(media.seconds * framesPerSecond)));
  const times = Array.from({ length: count }, (_, i) => ((i + 0.5) * media.seconds) / count);
  const wanted = (of: number): ReadonlySet<number> =>
    new Set(
      Array.from({ length: Math.min(of, count) }, (_, i) =>
        Math.floor(((i + 0.5) * count) / Math.min(of, count)),
      ),
    );
  const [forMark, forPolicy] = [wanted(markFrames), wanted(policyFrames)];
  const models: PolicyModels | null = mayPublish ? await loadPolicyModels() : null;
  const marks: Marked[] = [];
  const scores: FrameScores[] = [];
  let poster: Picture | null = null;
  let index = 0;
  async function* frames() {
    for await (const { at, picture } of media.frames(times)) {
      const luma = lumaFromRgba(picture.data, picture.width, picture.height);
      if (forMark.has(index)) marks.push({ at, frame: luma });
      if (models && forPolicy.has(index)) scores.push(await models.scoresOf(picture, at));
      if (mayPublish && (poster === null || index <= count / 2))
        poster = { ...picture, data: Uint8Array.from(picture.data) };
      index += 1;
      yield { at, width: luma.width, height: luma.height, luma: Uint8Array.from(luma.data) };
      if (!more()) return;
    }
  }
  const seen: Seen = {
    fingerprints: await fingerprintFrames(untilBroken(frames()), { purpose: 'query' }),
    frames: index,
    marks,
    scores,
    models: models?.names ?? [],
    poster,
  };
  return seen;
}

/** A film that breaks off is what came before. */
async function* untilBroken<T>(frames: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* frames;
  } catch {
    // What was decoded until then is looked at.
  }
}

async function listen(media: OpenMedia): Promise<Fingerprints['audio']> {
  const sound = await media.sound().catch(() => undefined);
  return sound === undefined || sound.length === 0 ? null : fingerprintAudio(sound, soundRate);
}

/** All frames together first; only then, and while there is time, what crops, turns and scales hide. */
async function findMark(
  marks: readonly Marked[],
  key: Uint8Array,
  more: () => boolean,
): Promise<MediaReport['watermark']> {
  const [first] = marks;
  if (first === undefined) return null;
  const frames = marks.map(({ frame }) => frame);
  async function* inTime() {
    for (const frame of frames) {
      if (!more()) return;
      yield frame;
    }
  }
  const found =
    (await detectFrames(frames, key, { effort: 'first' })) ??
    (more() ? await detectFrames(inTime(), key, { effort: 'deep' }) : null);
  if (found === null) return null;
  const { id, confidence } = found;
  return { id, confidence: Math.min(1, Math.max(0, confidence)), frames: found.frames, at: first.at };
}

async function savePoster(
  picture: Picture | null,
  { folder }: MediaRequest,
): Promise<Pick<MediaOutcome, 'posterFile' | 'color'>> {
  if (picture === null) return { posterFile: null, color: null };
  const { jpeg, color } = await makePoster(Uint8Array.from(picture.data), picture.width, picture.height);
  const posterFile = join(folder, 'poster.jpg');
  await writeFile(posterFile, jpeg, { mode: 0o600 });
  return { posterFile, color };
}
