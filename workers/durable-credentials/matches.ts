/**
 * From what a soft binding says to the manifests it may lead to. Invariants: drafts and private clips are never mentioned; a mark alone is never a
 * full match, because nothing was compared; best first. Called by the Soft Binding Resolution routes.
 */
import { framesOfBindingValue } from '#core/fingerprint/index.ts';
import { watermarkAlgorithm } from '#core/watermark/algorithm.ts';
import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import type { Region } from '#schemas/consent.ts';
import { fingerprintAlgorithm } from '#schemas/fingerprint.ts';
import type { Id } from '#schemas/ids.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { toHex } from '../encoding/hex.ts';
import { clipsMarked, manifestsOf, type Seen } from './recover.ts';
import { standingOf } from './servable.ts';

/** As the Soft Binding Resolution API answers it. */
export interface SoftBindingMatch {
  readonly manifestId: string;
  /** 0..100. */
  readonly similarityScore: number;
}

/** Algorithms that can be asked for. */
export const supportedAlgorithms = {
  watermarks: [watermarkAlgorithm],
  fingerprints: [fingerprintAlgorithm],
} as const;

/**
 * Score of a manifest that was located by the mark alone: the forty bits are equal, and that is all that is known. A mark can be copied onto
 * anything; whoever asks has to compare the picture (`/matches/byContent` does).
 */
export const markOnlyScore = 50;

const markBytes = 5;
/** Clips that are looked at for one answer, whatever was asked for. */
const maxClips = 50;

interface Found {
  readonly clipId: Id<'clip'>;
  /** Absent: every manifest of the clip. */
  readonly manifestLabel?: string;
  readonly score: number;
}

/**
 * By a value alone.
 * @param value base64: of a mark's five bytes, or of one to 64 PDQ hashes (core/fingerprint `bindingValueOf`)
 * @returns bad_request for an algorithm we do not know or a value that is none
 */
export async function matchBinding(
  env: Env,
  region: Region,
  { alg, value }: { alg: string; value: string },
  maxResults: number,
): Promise<Result<SoftBindingMatch[]>> {
  if (alg === watermarkAlgorithm) {
    const id = markOf(value);
    if (id === null) return fail('bad_request', `value: ${watermarkAlgorithm} takes five bytes in base64.`);
    const marked = await clipsMarked(env, id);
    return ok(
      await present(
        env,
        region,
        marked.map((row) => ({ ...row, score: markOnlyScore })),
        maxResults,
      ),
    );
  }
  if (alg === fingerprintAlgorithm) {
    const frames = framesOfBindingValue(value);
    if (frames === null) {
      return fail(
        'bad_request',
        `value: ${fingerprintAlgorithm} takes 1 to 64 hashes of 32 bytes in base64.`,
      );
    }
    const found = await fingerprintIndexOf(env).matchHashes(frames, maxClips);
    return ok(
      await present(
        env,
        region,
        found.map(({ clipId, similarity }) => ({ clipId, score: similarity })),
        maxResults,
      ),
    );
  }
  const known = [...supportedAlgorithms.watermarks, ...supportedAlgorithms.fingerprints].join(', ');
  return fail('bad_request', `alg: this service knows ${known}.`);
}

/**
 * By what a render node saw in a file. A mark is confirmed or discarded by the fingerprint; the score of a clip that agrees is its similarity.
 * @param alg only this algorithm
 */
export async function matchContent(
  env: Env,
  region: Region,
  { watermark, fingerprints }: Seen,
  alg: string | undefined,
  maxResults: number,
): Promise<SoftBindingMatch[]> {
  const found: Found[] = [];
  const index = fingerprintIndexOf(env);
  if (fingerprints !== null && alg !== watermarkAlgorithm) {
    for (const { clipId, similarity } of await index.match(fingerprints, maxClips))
      found.push({ clipId, score: similarity });
  }
  if (watermark !== null && alg !== fingerprintAlgorithm) {
    for (const { clipId, manifestLabel } of await clipsMarked(env, watermark.id)) {
      const compared = fingerprints === null ? null : await index.compare(fingerprints, clipId);
      const score = compared === null ? markOnlyScore : compared.similarity;
      if (score > 0) found.push({ clipId, manifestLabel, score });
    }
  }
  return present(env, region, found, maxResults);
}

async function present(
  env: Env,
  region: Region,
  found: readonly Found[],
  maxResults: number,
): Promise<SoftBindingMatch[]> {
  const scores = new Map<string, number>();
  for (const { clipId, manifestLabel, score } of found.slice(0, maxClips)) {
    if ((await standingOf(env, region, clipId)) === 'hidden') continue;
    const labels =
      manifestLabel === undefined
        ? (await manifestsOf(env, clipId)).map(({ label }) => label)
        : [manifestLabel];
    for (const label of labels) scores.set(label, Math.max(score, scores.get(label) ?? 0));
  }
  return [...scores]
    .map(([manifestId, similarityScore]) => ({ manifestId, similarityScore: Math.round(similarityScore) }))
    .sort((a, b) => b.similarityScore - a.similarityScore)
    .slice(0, maxResults);
}

function markOf(value: string): string | null {
  if (!/^[A-Za-z0-9+/]{7}=$/.test(value)) return null;
  const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
  return bytes.length === markBytes ? toHex(bytes) : null;
}
