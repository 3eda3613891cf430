/**
 * Establishes the facts about a stored file and has them judged. Invariants: the mark only locates, the fingerprint has to agree (recover);
 * nothing is written. Called by the ingest workflow and the verify route.
 */
import type { Look, NamedClip, Recovery } from '#core/verdict/input.ts';
import { isIntact } from '#core/verdict/manifest-evidence.ts';
import { judge } from '#core/verdict/verdict.ts';
import type { InspectionDeath } from '#durable-objects/inspection-queue/rpc.ts';
import type { StoredMediaReport } from '#durable-objects/upload/rpc.ts';
import type { MediaReport } from '#schemas/inspection.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import type { Verification } from '#schemas/verdict.ts';
import { agrees, recover } from '../../durable-credentials/recover.ts';
import { knownClip, namedBy } from './known-clip.ts';

/** Our own credentials over exactly these bytes: there is nothing that a look at the picture could add. */
export function isOursIntact(report: ProvenanceReport): boolean {
  return report.trustModel === 'kinora' && isIntact(report);
}

/** Why nobody looked, in a sentence. */
export const unlooked = {
  needless: 'There was no need: its credentials settle it.',
  absent: 'No render node is connected at the moment.',
  late: 'No render node looked at it in time.',
} as const;

export function deathSentence(death: InspectionDeath): string {
  return death === 'unreadable_media'
    ? 'A render node could not read picture or sound.'
    : 'A render node tried and could not finish looking.';
}

export interface Examined {
  readonly verification: Verification;
  /** The mark belongs to another clip than this is. */
  readonly contradicted: boolean;
}

/**
 * @param seen what a node saw; a sentence where none did
 * @param origin ours, without a slash at the end
 */
export async function examine(
  env: Env,
  file: Verification['file'],
  report: ProvenanceReport,
  seen: StoredMediaReport | string,
  origin: string,
): Promise<Examined> {
  const media = typeof seen === 'string' ? null : seen;
  const recovery = await recovered(env, media, origin);
  const named = await namedClip(env, report, media, recovery, origin);
  const look: Look =
    typeof seen === 'string'
      ? { kind: 'not-checked', reason: seen }
      : { kind: 'seen', mark: seen.watermark, fingerprinted: seen.fingerprints !== null };
  return {
    verification: judge({ file, report, look, named, recovery }),
    contradicted: recovery.kind === 'contradiction',
  };
}

async function recovered(
  env: Env,
  media: Pick<MediaReport, 'watermark' | 'fingerprints'> | null,
  origin: string,
): Promise<Recovery> {
  if (media === null) return { kind: 'none' };
  const found = await recover(env, media);
  if (found === null) return { kind: 'none' };
  if ('contradiction' in found)
    return { kind: 'contradiction', clipId: found.clipId, similarity: found.similarity };
  const { clipId, similarity, by } = found;
  return { kind: 'found', clip: await knownClip(env, clipId, origin), similarity, by };
}

async function namedClip(
  env: Env,
  report: ProvenanceReport,
  media: Pick<MediaReport, 'fingerprints'> | null,
  recovery: Recovery,
  origin: string,
): Promise<NamedClip | null> {
  const named = await namedBy(env, report, origin);
  if (named === null) return null;
  const { clipId, by } = named;
  const clip = await knownClip(env, clipId, origin);
  if (recovery.kind === 'found' && recovery.clip.clipId === clipId) {
    return { clip, by, agrees: true, similarity: recovery.similarity };
  }
  const fingerprints = media?.fingerprints ?? null;
  if (fingerprints === null) return { clip, by, agrees: null, similarity: null };
  const compared = await env.FINGERPRINT_INDEX.getByName('clips').compare(fingerprints, clipId);
  return compared === null
    ? { clip, by, agrees: null, similarity: null }
    : { clip, by, agrees: agrees(compared), similarity: compared.similarity };
}
